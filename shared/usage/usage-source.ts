import { amountColumns } from '../engine/amount-columns';
import { literalPath } from '../engine/duck-session';
import type { SqlParameters } from '../engine/duck-session';
import type { SmallTable } from '../engine/small-table';
import type { USAGE_COLUMNS } from '../inputs/tables';

/** A column of a relation of usage lines: those of the table usage/. */
export type UsageColumn = (typeof USAGE_COLUMNS)[number];

/** One usage file on the local disk. */
export interface UsageFile {
  /** Key below the inputs' root, for messages. */
  readonly file: string;
  readonly path: string;
  /** Header of a CSV file; undefined for Parquet. */
  readonly header?: readonly string[];
  /** DuckDB types by column of a Parquet file. */
  readonly types?: ReadonlyMap<string, string>;
}

/** A column of a file; undefined for one that it does not have; or a text of ours that is the same in every line. */
export type TextColumn = string | undefined | { readonly text: 'yes' | 'no' };

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
  /** SQL of a file's sums over its texts. */
  readonly sumsOf: (texts: string) => string;
  /** SQL of the sums of all files over those of each. */
  readonly merged: (sums: string) => string;
  /** SQL of usage lines over such sums; `line_count` tells how many lines each stands for. */
  readonly linesOf: (sums: string) => string;
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

/** A statement with its parameters. */
export interface Sql {
  readonly sql: string;
  readonly parameters: SqlParameters;
}

/** The lines of all files as one relation. */
export function allLines(usage: UsageSource): Sql {
  return overFiles(usage, (file, placeholder) => linesOfFile(usage, file, placeholder, false));
}

/** The sums of all files as one relation, where a source has them. */
export function allSums(usage: UsageSource, { sumsOf, merged }: StagedLines): Sql {
  const { sql, parameters } = overFiles(usage, (file, placeholder) =>
    sumsOf(fileRelation(file, usage.columnsOf(file), placeholder, false)),
  );
  return { sql: merged(sql), parameters };
}

/** A statement per file, put together. */
export function overFiles(
  { files }: UsageSource,
  selectOf: (file: UsageFile, placeholder: string) => string,
): Sql {
  const selects = files.map((file, index) => selectOf(file, `$${String(index + 1)}`));
  return { sql: selects.join('\nUNION ALL\n'), parameters: files.map(({ path }) => literalPath(path)) };
}

/**
 * A file as a relation of texts with names of ours. CSV columns are picked by position, so that no name from a header
 * reaches the SQL; a column that the file does not have is NULL.
 */
export function fileRelation(
  file: UsageFile,
  columns: TextColumns,
  placeholder: string,
  numbered: boolean,
): string {
  const { header } = file;
  if (header === undefined) {
    const list = columns.flatMap(([inFile, name, kind]) => {
      if (typeof inFile !== 'string') return [constant(inFile, name)];
      const type = file.types?.get(inFile);
      if (kind === 'amount') return amountColumns(quoted(inFile), name, type);
      if (kind === 'raw') return [`${quoted(inFile)} AS ${name}`];
      return [`${textOf(inFile, type)} AS ${name}`];
    });
    if (numbered) list.push('CAST(file_row_number + 1 AS DOUBLE) AS line');
    return `SELECT ${list.join(', ')} FROM read_parquet(${placeholder}, file_row_number = ${String(numbered)}, hive_partitioning = false)`;
  }
  const list = columns.flatMap(([inFile, name, kind]) => {
    if (typeof inFile !== 'string') return [constant(inFile, name)];
    const position = header.indexOf(inFile);
    if (position < 0) throw new Error(`${file.file} has no column ${inFile}`);
    if (kind === 'amount') return amountColumns(`c${String(position)}`, name);
    return [`c${String(position)} AS ${name}`];
  });
  if (numbered) list.push('CAST(row_number() OVER () AS DOUBLE) AS line');
  return `SELECT ${list.join(', ')} FROM ${csvRelation(header, placeholder)}`;
}

/** A Parquet column as a text; maps and structures as JSON. */
function textOf(column: string, type = 'VARCHAR'): string {
  return /^(MAP|STRUCT)\b/.test(type)
    ? `CAST(to_json(${quoted(column)}) AS VARCHAR)`
    : `CAST(${quoted(column)} AS VARCHAR)`;
}

function quoted(column: string): string {
  return `"${column.replaceAll('"', '""')}"`;
}

function constant(column: Exclude<TextColumn, string>, name: string): string {
  return `CAST(${column === undefined ? 'NULL' : `'${column.text}'`} AS VARCHAR) AS ${name}`;
}

/** A CSV file as a relation of texts c0, c1, … in the order of its header. */
export function csvRelation(header: readonly string[], placeholder: string, moreOptions = ''): string {
  const types = header.map((_, position) => `'c${String(position)}': 'VARCHAR'`);
  return `read_csv(${placeholder}, columns = {${types.join(', ')}}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', hive_partitioning = false${moreOptions})`;
}

/** Names of a file's columns. */
export function columnNames({ header, types }: UsageFile): ReadonlySet<string> {
  return new Set(header ?? types?.keys() ?? []);
}
