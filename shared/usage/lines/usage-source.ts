import type { USAGE_COLUMNS } from '../../estate/tables';
import type { SqlParameters } from '../../sql/duck-session';
import { fileRelation, pathsOf, placeholderOf } from '../../sql/file-relation';
import type { SmallTable } from '../../sql/small-table';
import type { TextColumns, UsageFile } from '../../sql/text-columns';

/** A column of a relation of usage lines: those of the table usage/. */
export type UsageColumn = (typeof USAGE_COLUMNS)[number];

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
  /** True where the staged lines have a column `split_value` by which rows are broken down. */
  readonly isBrokenDown?: boolean;
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

/** A statement with its parameters. */
export interface Sql {
  readonly sql: string;
  readonly parameters: SqlParameters;
}

/** SQL of a file's usage lines; the file's path is the parameter `placeholder`. */
export function linesOfFile(
  { columnsOf, linesOf }: UsageSource,
  file: UsageFile,
  placeholder: string,
  numbered: boolean,
): string {
  return linesOf(fileRelation(file, columnsOf(file), placeholder, numbered), numbered);
}

/** The lines of all files as one relation. */
export function allLines(usage: UsageSource): Sql {
  const selects = usage.files.map((file, index) => linesOfFile(usage, file, placeholderOf(index), false));
  return { sql: selects.join('\nUNION ALL\n'), parameters: pathsOf(usage) };
}
