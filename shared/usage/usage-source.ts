import type { SmallTable } from '../engine/small-table';
import type { USAGE_COLUMNS } from '../inputs/tables';

/** A column of a relation of usage lines: those of the table usage/. */
export type UsageColumn = (typeof USAGE_COLUMNS)[number];

/** One usage file. */
export interface UsageFile {
  /** Key below the inputs' root, for messages. */
  readonly file: string;
  /** On the local disk; the object's URI for a file that is read by Athena. */
  readonly path: string;
  /** Header of a CSV file; undefined for Parquet. */
  readonly header?: readonly string[];
  /** DuckDB types by column of a Parquet file. */
  readonly types?: ReadonlyMap<string, string>;
}

/** Stands for the path of the file that a line lies in. */
export const PATH_OF_LINE = { isPath: true } as const;

/**
 * A column of a file; undefined for one that it does not have; a text of ours that is the same in every line; or the
 * file's path.
 */
export type TextColumn = string | undefined | { readonly text: 'yes' | 'no' } | typeof PATH_OF_LINE;

/** What a relation of texts takes from a file, and what it calls it; an amount has its decimals beside it, raw keeps its type. */
export type TextColumns = readonly (readonly [inFile: TextColumn, name: string, kind?: 'amount' | 'raw'])[];

/** How a message speaks of a column of the relation. */
export interface ColumnInWords {
  /** Column of the input file. */
  readonly inFile: string;
  /** Column of the relation that holds the text as it stands in the file. */
  readonly shown: string;
  /** Completes the sentence "expected …" where the value is unknown. */
  readonly expected: string;
}

/**
 * A month's usage as relations, one per file, whose columns are texts: the columns of usage/, `in_month`
 * (false for a line of another month), `line_count` (1, or 0 for further parts of a line that is split) and, when
 * numbered, `line`, counted from 1.
 */
export interface UsageSource {
  /** Table of inputs.md the lines come from. */
  readonly table: string;
  readonly files: readonly UsageFile[];
  /** Which columns of a file the lines are made of, and what they are called in the relation of texts. */
  readonly columnsOf: (file: UsageFile) => TextColumns;
  /**
   * SQL of usage lines over a relation of such texts, wherever it comes from.
   *
   * @param numbered the texts have a column `line`, which is handed through
   */
  readonly linesOf: (texts: string, numbered: boolean) => string;
  /** Tables that `linesOf` refers to. */
  readonly context: readonly SmallTable[];
  /** Where many lines have the same account and service: sums of them, which are all that drivers need. */
  readonly staged?: StagedLines;
  /** True where the staged lines have a column `split_value` by which rows are to be split. */
  readonly isSplit?: boolean;
  readonly words: Readonly<Record<UsageColumn | 'in_month', ColumnInWords>>;
}

/** Lines that are summed, as they stand in the files, before anything is made of them. */
export interface StagedLines {
  /** Table that holds the sums of all files. */
  readonly name: string;
  /** Names of the tables that the sums refer to. */
  readonly context: readonly string[];
  /** SQL of a file's sums over its texts. */
  readonly sumsOf: (texts: string) => string;
  /** SQL of the sums of all files over those of each. */
  readonly merged: (sums: string) => string;
  /** SQL of usage lines over such sums; `line_count` tells how many lines each stands for. */
  readonly linesOf: (sums: string) => string;
}

/** Names of a file's columns. */
export function columnNames({ header, types }: UsageFile): ReadonlySet<string> {
  return new Set(header ?? types?.keys() ?? []);
}
