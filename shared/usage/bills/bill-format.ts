import type { EstateSettings } from '../../estate/estate-settings';
import type { SmallTable } from '../../sql/small-table';
import type { TextColumns, UsageFile } from '../../sql/text-columns';
import type { BillTable } from './bill-tables';

/** Texts of a bill's line that every format gives. Those of them that a file does not have are NULL. */
export const BILL_LINE_COLUMNS = [
  'account_id',
  'payer_id',
  /** Code of the Region; NULL for lines without one. */
  'region_id',
  /** AWS's code of the service. */
  'service_code',
  /** The service's name; the code where a format has no names. */
  'service_name',
  'usage_type',
  /** Size of the instance beside a small one, where the bill tells it. */
  'normalization',
  'quantity',
  'unit',
  /** Price in `currency`, by the cost column that the settings choose. */
  'cost',
  'currency',
  'period_start',
  'period_end',
] as const;

/** How one kind of bill is read: everything that differs between FOCUS and CUR 2.0. */
export interface BillFormat {
  readonly table: BillTable;
  /** What a bill of this kind is called in messages. */
  readonly name: string;
  /** Columns that every file has to have. */
  readonly required: (settings: EstateSettings) => readonly string[];
  /** Columns of which every file has to have one. */
  readonly oneOf?: readonly string[];
  /** The columns that are read from a file, and their names in the texts that {@link BillFormat.lines} takes. */
  readonly textColumns: (file: UsageFile, settings: EstateSettings) => TextColumns;
  /**
   * Columns by which an account's usage can be broken down: `tags` and `cost_categories` (JSON texts of keys and
   * values) and `resource_id`, to be read beside the others and handed through where somebody asks for them.
   */
  readonly detailColumns: (file: UsageFile) => TextColumns;
  /** SQL over such texts: true for lines that may be usage, which is what a bill's reach in time is taken from. */
  readonly usageCondition: string;
  /** Tables that {@link BillFormat.lines} refers to. */
  readonly context: (settings: EstateSettings) => readonly SmallTable[];
  /**
   * SQL of the lines over such texts: {@link BILL_LINE_COLUMNS}, `is_correction`, and `left_out`: why the line moves no
   * emissions, NULL where it counts. In the part of the language that DuckDB and Trino share.
   *
   * @param kept further columns of the texts to hand through
   */
  readonly lines: (texts: string, settings: EstateSettings, kept: readonly string[]) => string;
  /** Names of the columns for messages. */
  readonly words: (settings: EstateSettings) => BillWords;
}

/** Columns of a file as messages name them. */
export interface BillWords {
  readonly account: string;
  readonly region: string;
  readonly service: string;
  readonly quantity: string;
  readonly cost: string;
  readonly period: string;
}

/** Exports spell null as nothing, or as the text NULL. */
export function orNull(column: string): string {
  return `nullif(nullif(${column}, 'NULL'), '')`;
}

/** The first of some columns that a file has. */
export function firstOf(columns: ReadonlySet<string>, names: readonly string[]): string | undefined {
  return names.find((name) => columns.has(name));
}
