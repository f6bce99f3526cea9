import { groupBy } from '../base/group';
import { DUCK, DUCK_FILE_PATH, literalPath, quotedName } from './dialect';
import type { SqlParameters } from './duck-session';
import {
  type ColumnAccess,
  type Constant,
  csvAccess,
  csvColumn,
  isNested,
  PATH_OF_LINE,
  type TextColumns,
  selectTexts,
  type UsageFile,
} from './text-columns';
import { type SummedLines, summedTexts } from './summed-texts';

/** Files, and which of their columns are read. */
export interface RelatedFiles {
  readonly files: readonly UsageFile[];
  readonly columnsOf: (file: UsageFile) => TextColumns;
  /** Lines that become one row for all lines with the same texts: see {@link summedTexts}. @default - each has a row */
  readonly summed?: SummedLines;
}

/** Files as relations of texts whose paths are the parameters $1, $2, … */
export function fileTexts({ files, columnsOf, summed }: RelatedFiles): string[] {
  const placed = files.map((file, index) => ({
    file,
    columns: columnsOf(file),
    placeholder: placeholderOf(index),
  }));
  if (summed === undefined) {
    return placed.map(({ file, columns, placeholder }) => fileRelation(file, columns, placeholder, false));
  }
  // Files of one form are summed together: each alone would have nearly as many sums as all of them.
  return [...groupBy(placed, formOf).values()].flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    const { file, columns } = first;
    const constants = sharedConstants(alike.map((each) => each.file));
    const placeholders = `[${alike.map(({ placeholder }) => placeholder).join(', ')}]`;
    const from = relationOf(file, columns, placeholders, false);
    const largest = largestOfAll(alike.map((each) => each.file));
    return [summedTexts(columns, accessOf({ ...file, constants, largest }), from, summed)];
  });
}

/** A key that files have in common which one statement reads. Where lines have the path of their file, it reads one file. */
function formOf({ file, columns }: { readonly file: UsageFile; readonly columns: TextColumns }): string {
  const { header, types, path } = file;
  const single = columns.some(([inFile]) => inFile === PATH_OF_LINE) ? path : undefined;
  return JSON.stringify([header, types && [...types], columns, single]);
}

/** Constants that are the same in all of some files. */
function sharedConstants(files: readonly UsageFile[]): ReadonlyMap<string, Constant> {
  const [first, ...others] = files;
  const isShared = ([column, { text }]: readonly [string, Constant]): boolean =>
    others.every(({ constants }) => {
      const other = constants?.get(column);
      return other !== undefined && other.text === text;
    });
  return new Map([...(first?.constants ?? [])].filter(isShared));
}

/** The sizes that no double of some files exceeds. */
function largestOfAll(files: readonly UsageFile[]): ReadonlyMap<string, number> {
  const all = new Map<string, number>();
  for (const { largest = new Map<string, number>() } of files) {
    for (const [column, size] of largest) all.set(column, Math.max(size, all.get(column) ?? 0));
  }
  return all;
}

/** The parameters of {@link fileTexts}. */
export function pathsOf({ files }: Pick<RelatedFiles, 'files'>): SqlParameters {
  return files.map(({ path }) => literalPath(path));
}

/** The parameter that holds the path of the file at this position. */
export function placeholderOf(index: number): string {
  return `$${String(index + 1)}`;
}

/**
 * SQL of a file as a relation of texts under our names; a column that the file does not have is NULL.
 *
 * @param placeholder parameter that holds the file's path
 * @param numbered true to add a column `line`, counted from 1
 */
export function fileRelation(
  file: UsageFile,
  columns: TextColumns,
  placeholder: string,
  numbered: boolean,
): string {
  const line = `CAST(${file.header === undefined ? 'file_row_number + 1' : 'row_number() OVER ()'} AS DOUBLE)`;
  const from = relationOf(file, columns, placeholder, numbered);
  return selectTexts(columns, accessOf(file), from, numbered ? line : undefined);
}

/** SQL of a file with its own columns. */
function relationOf(
  { header }: UsageFile,
  columns: TextColumns,
  placeholder: string,
  numbered: boolean,
): string {
  const hasPath = columns.some(([inFile]) => inFile === PATH_OF_LINE);
  const options = hasPath ? `, filename = '${DUCK_FILE_PATH}'` : '';
  return header === undefined
    ? `read_parquet(${placeholder}, file_row_number = ${String(numbered)}, hive_partitioning = false${options})`
    : csvRelation(header, placeholder, options);
}

/** How DuckDB reads the columns of a file. */
export function accessOf(file: UsageFile): ColumnAccess {
  const access = file.header === undefined ? parquetAccess(file) : csvAccess(file, DUCK);
  return { ...access, path: file.path };
}

function parquetAccess({ types, constants, largest }: UsageFile): ColumnAccess {
  const typeOf = (column: string): string | undefined => types?.get(column);
  return {
    columnOf: quotedName,
    dialect: DUCK,
    textOf: (column) =>
      isNested(typeOf(column)) ? DUCK.jsonText(quotedName(column)) : `CAST(${quotedName(column)} AS VARCHAR)`,
    typeOf,
    memberOf: (column, key) => DUCK.memberOfMap(quotedName(column), key),
    constantOf: (column) => constants?.get(column),
    largestOf: (column) => largest?.get(column),
  };
}

/** A CSV file as a relation of texts c0, c1, … in the order of its header. */
export function csvRelation(header: readonly string[], placeholder: string, moreOptions = ''): string {
  const types = header.map((_, position) => `'${csvColumn(position)}': 'VARCHAR'`);
  return `read_csv(${placeholder}, columns = {${types.join(', ')}}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', hive_partitioning = false${moreOptions})`;
}
