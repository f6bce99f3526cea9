import type { EstateSettings } from '../../estate/estate-settings';
import type { DuckSession } from '../../sql/duck-session';
import type { Relation } from '../../sql/relation';
import type { TextColumns, UsageFile } from '../../sql/text-columns';
import type { BillTable } from './bill-tables';
import type { KeyKind } from './key-spellings';

/** How one kind of bill is read: everything that differs between FOCUS and CUR 2.0. */
export interface BillFormat {
  readonly table: BillTable;
  /** Name of this kind of bill in messages. */
  readonly name: string;
  /** The name that a column has here, whatever the case in which a file writes it. */
  readonly nameOf: (column: string) => string;
  /** Columns that every file must have. */
  readonly required: (settings: EstateSettings) => readonly string[];
  /** Columns that the Region of a line is read from. Every file must have one of them. */
  readonly regionColumns: readonly string[];
  /** The columns that are read from a file, and their names in the texts that {@link FormatLines.over} takes. */
  readonly textColumns: (file: UsageFile, settings: EstateSettings) => TextColumns;
  /** The columns of a file by which an account's usage can be broken down. They are read only for a breakdown. */
  readonly keyColumns: (file: UsageFile) => KeyColumns;
  /** Texts that the conditions, the payer and the currency below are made of. */
  readonly factTexts: readonly string[];
  /** SQL over such texts: true for lines that may be usage. They define the period of a bill. */
  readonly usageCondition: string;
  /**
   * SQL over such texts: true for lines of usage whose payer and currency count, NULL or false for those of other providers.
   */
  readonly ownCondition: (settings: EstateSettings) => string;
  /** SQL over such texts of a line's currency by its own columns; NULL where they are blank. */
  readonly currency: string;
  /** Returns the lines of such texts. */
  readonly lines: (session: DuckSession, settings: EstateSettings) => Promise<FormatLines>;
  /** Names of the columns for messages. */
  readonly words: (settings: EstateSettings) => BillWords;
}

/** Columns by which usage can be broken down, in the order in which they count. */
export interface KeyColumns {
  readonly resource: readonly string[];
  /** Columns with the keys and values of one kind. */
  readonly own: Readonly<Record<KeyKind, readonly string[]>>;
  /** Columns with keys of several kinds, distinguished by their prefixes; a tag may have none. */
  readonly mixed: readonly string[];
}

/** The lines of one kind of bill, in the part of SQL that DuckDB and Trino share. */
export interface FormatLines {
  /** Relations that `over` refers to. */
  readonly context: readonly Relation[];
  /**
   * SQL of the lines over a relation of the format's texts. The columns are texts, NULL where the file does not have them:
   *
   * account_id, payer_id, region_id (code of the Region), service_code (AWS's code), service_name (the code where a
   * format has no names), usage_type, normalization (size of the instance relative to a small one), quantity, unit, cost
   * (by the cost column of the settings), currency, period_start, period_end; of split cost allocation data: node_id
   * (resource of a line of an instance), parent_id (the instance that a pod or task ran on) and allocated (the split and
   * unused cost of the pod or task); and
   * `left_out`: the reason why the line moves no emissions, NULL where it counts. Quantity and cost have their decimals.
   *
   * @param kept further columns of the texts to return
   */
  readonly over: (texts: string, kept: readonly string[]) => string;
}

/** Columns of a file as messages name them. */
export interface BillWords {
  readonly account: string;
  readonly region: string;
  readonly service: string;
  readonly quantity: string;
  readonly cost: string;
  readonly period: string;
  readonly currency: string;
}

/** CommitmentDiscountStatus of the unused part of a commitment. */
export const UNUSED = 'Unused';

/** Exports write null as a blank or as the text NULL. */
export function orNull(column: string): string {
  return `nullif(nullif(${column}, 'NULL'), '')`;
}

/** The columns of some names that a file has. */
export function presentOf(columns: ReadonlySet<string>, names: readonly string[]): readonly string[] {
  return names.filter((name) => columns.has(name));
}

/** The first of some columns that a file has. */
export function firstOf(columns: ReadonlySet<string>, names: readonly string[]): string | undefined {
  return names.find((name) => columns.has(name));
}
