import type { USAGE_COLUMNS } from '../../estate/tables';
import type { SqlParameters } from '../../sql/duck-session';
import { fileRelation, pathsOf, placeholderOf } from '../../sql/file-relation';
import type { Relation } from '../../sql/relation';
import type { TextColumns, UsageFile } from '../../sql/text-columns';

/** A column of usage lines: those of the table usage/. */
export type UsageColumn = (typeof USAGE_COLUMNS)[number];

/** How messages name a column of usage lines. */
export interface ColumnInWords {
  /** Column of the input file. */
  readonly inFile: string;
  /** Column of the usage lines that holds the text of the file. */
  readonly shown: string;
  /** Completes the sentence "expected …" where the value is unknown. */
  readonly expected: string;
}

/**
 * A month's usage lines, one relation per file. The columns are texts:
 *
 * - the columns of usage/, and the decimals of its amounts (amount-columns.ts);
 * - `in_month`, false for a line of another month;
 * - `line_count`, 1, or 0 for further parts of a line that is divided over clusters;
 * - `line`, counted from 1, when numbered.
 */
export interface UsageSource {
  /** Input table of the lines. */
  readonly table: string;
  readonly files: readonly UsageFile[];
  /** Columns of a file that the lines are made of, and their names in the relation of texts. */
  readonly columnsOf: (file: UsageFile) => TextColumns;
  /**
   * SQL of usage lines over a relation of such texts.
   *
   * @param numbered true where the texts have a column `line`, which the lines keep
   */
  readonly linesOf: (texts: string, numbered: boolean) => string;
  /** The same lines with the doubles of the files in place of amounts; absent where a file has other amounts. */
  readonly ofDoubles?: Pick<UsageSource, 'columnsOf' | 'linesOf'>;
  /** Relations that `linesOf` refers to. */
  readonly context: readonly Relation[];
  readonly words: Readonly<Record<UsageColumn | 'in_month', ColumnInWords>>;
}

/** A statement with its parameters. */
export interface Sql {
  readonly sql: string;
  readonly parameters: SqlParameters;
}

/** Returns SQL of a file's numbered usage lines; the file's path is the parameter $1. */
export function numberedLines({ columnsOf, linesOf }: UsageSource, file: UsageFile): string {
  return linesOf(fileRelation(file, columnsOf(file), '$1', true), true);
}

/** Returns SQL of the lines of all files as one relation. */
export function allLines({ files, columnsOf, linesOf }: UsageSource): Sql {
  const selects = files.map((file, index) =>
    linesOf(fileRelation(file, columnsOf(file), placeholderOf(index), false), false),
  );
  return { sql: selects.join('\nUNION ALL\n'), parameters: pathsOf({ files }) };
}
