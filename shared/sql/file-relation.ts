import { DUCK, DUCK_FILE_PATH, literalPath, quotedName } from './dialect';
import type { SqlParameters } from './duck-session';
import {
  type ColumnAccess,
  csvAccess,
  csvColumn,
  isNested,
  PATH_OF_LINE,
  type TextColumns,
  textList,
  type UsageFile,
} from './text-columns';

/** Files, and which of their columns are read. */
export interface RelatedFiles {
  readonly files: readonly UsageFile[];
  readonly columnsOf: (file: UsageFile) => TextColumns;
}

/** Files as relations of texts whose paths are the parameters $1, $2, … */
export function fileTexts({ files, columnsOf }: RelatedFiles): string[] {
  return files.map((file, index) => fileRelation(file, columnsOf(file), placeholderOf(index), false));
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
  const { header } = file;
  const hasPath = columns.some(([inFile]) => inFile === PATH_OF_LINE);
  const options = hasPath ? `, filename = '${DUCK_FILE_PATH}'` : '';
  if (header === undefined) {
    const list = textList(columns, parquetAccess(file));
    if (numbered) list.push('CAST(file_row_number + 1 AS DOUBLE) AS line');
    return `SELECT ${list.join(', ')} FROM read_parquet(${placeholder}, file_row_number = ${String(numbered)}, hive_partitioning = false${options})`;
  }
  const list = textList(columns, csvAccess(file, DUCK));
  if (numbered) list.push('CAST(row_number() OVER () AS DOUBLE) AS line');
  return `SELECT ${list.join(', ')} FROM ${csvRelation(header, placeholder, options)}`;
}

function parquetAccess({ types }: UsageFile): ColumnAccess {
  const typeOf = (column: string): string | undefined => types?.get(column);
  return {
    columnOf: quotedName,
    dialect: DUCK,
    textOf: (column) =>
      isNested(typeOf(column)) ? DUCK.jsonText(quotedName(column)) : `CAST(${quotedName(column)} AS VARCHAR)`,
    typeOf,
    memberOf: (column, key) => DUCK.memberOfMap(quotedName(column), key),
  };
}

/** A CSV file as a relation of texts c0, c1, … in the order of its header. */
export function csvRelation(header: readonly string[], placeholder: string, moreOptions = ''): string {
  const types = header.map((_, position) => `'${csvColumn(position)}': 'VARCHAR'`);
  return `read_csv(${placeholder}, columns = {${types.join(', ')}}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', hive_partitioning = false${moreOptions})`;
}
