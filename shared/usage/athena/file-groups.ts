import { groupBy } from '../../base/group';
import { InputError } from '../../base/input-problem';
import { quotedName, TRINO } from '../../sql/dialect';
import {
  type ColumnAccess,
  csvAccess,
  csvColumn,
  isNested,
  type TextColumns,
  selectTexts,
  type UsageFile,
} from '../../sql/text-columns';
import { type SummedLines, summedTexts } from '../../sql/summed-texts';
import type { FileTexts } from '../lines/usage-engine';
import { hiveType } from './hive-types';
import type { ScratchColumn, ScratchTables } from './scratch-tables';

/** Files that one table of Athena can hold, of which a statement reads the same columns. */
export interface FileGroup {
  readonly table: string;
  /** At least one. */
  readonly files: readonly [UsageFile, ...UsageFile[]];
  readonly columns: TextColumns;
  readonly summed: SummedLines | undefined;
}

/** Puts files together that have the same columns, types and meaning. */
export function fileGroups({ table, files, columnsOf, summed }: FileTexts): FileGroup[] {
  const alike = groupBy(files, (file) => JSON.stringify([shapeOf(file), columnsOf(file)]));
  return [...alike.values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [{ table, files: [first, ...others] as const, columns: columnsOf(first), summed }],
  );
}

/** A key that files of one scratch table have in common. */
export function shapeOf({ header, types }: UsageFile): string {
  return JSON.stringify([header, types === undefined ? undefined : [...types]]);
}

/** Column of a table over CSV that has a value where a record has more fields than the header. */
const SURPLUS = 'surplus';

/** Creates the table over a group's files. Returns its name. */
export function createTable(tables: ScratchTables, { files }: FileGroup): Promise<string> {
  const uris = files.map(({ path }) => path);
  const [{ header, types = new Map<string, string>() }] = files;
  return header === undefined
    ? tables.overParquet(uris, hiveColumns(types))
    : tables.overCsv(uris, [...header.map((_, position) => csvColumn(position)), SURPLUS]);
}

/** Columns that Athena can read: not those that have the same name in small letters as another. */
function hiveColumns(types: ReadonlyMap<string, string>): ScratchColumn[] {
  const names = groupBy([...types.keys()], (name) => name.toLowerCase());
  return [...types].flatMap(([name, type]) => {
    const hive = hiveType(type);
    const isUsable = /^\w+$/.test(name) && names.get(name.toLowerCase())?.length === 1;
    return hive === undefined || !isUsable ? [] : [[name.toLowerCase(), hive] as const];
  });
}

/**
 * SQL of the group's relation of texts.
 *
 * @param line SQL of a further column `line`. @default - no such column
 * @throws InputError when a column that is needed has a type that Athena does not read
 */
export function groupTexts(group: FileGroup, name: string, line?: string): string {
  const [file] = group.files;
  const { header } = file;
  const access = header === undefined ? parquetAccess(group) : csvAccess(file, TRINO);
  const records = header === undefined ? '' : ` WHERE NOT ${isBlank(header)}`;
  const from = `${quotedName(name)}${records}`;
  if (group.summed !== undefined) return summedTexts(group.columns, access, from, group.summed);
  return selectTexts(group.columns, access, from, line);
}

function parquetAccess({ table, files: [file] }: FileGroup): ColumnAccess {
  const types = file.types ?? new Map<string, string>();
  const readable = new Set(hiveColumns(types).map(([name]) => name));
  const columnOf = (column: string): string => {
    if (readable.has(column.toLowerCase())) return quotedName(column.toLowerCase());
    const value = types.get(column) ?? 'no column';
    const expected = 'a type that Athena reads, and a name of letters, digits and underscores';
    throw new InputError([{ table, file: file.file, column, value, expected, isRefusal: true }]);
  };
  return {
    columnOf,
    dialect: TRINO,
    textOf: (column) => {
      const value = columnOf(column);
      return isNested(types.get(column)) ? TRINO.jsonText(value) : `CAST(${value} AS VARCHAR)`;
    },
    typeOf: (column) => types.get(column),
    memberOf: (column, key) => TRINO.memberOfMap(columnOf(column), key),
  };
}

/** SQL that is true for an empty line, which is not a record. */
function isBlank(header: readonly string[]): string {
  const others = header.length > 1 ? ` AND ${csvColumn(1)} IS NULL` : '';
  return `(coalesce(${csvColumn(0)}, '') = ''${others})`;
}

/** SQL of how many records of each file have more or fewer fields than the header; undefined where files have no records. */
export function raggedRecords({ files: [{ header }] }: FileGroup, name: string): string | undefined {
  if (header === undefined) return undefined;
  const isRagged = `${SURPLUS} IS NOT NULL OR (${csvColumn(header.length - 1)} IS NULL AND NOT ${isBlank(header)})`;
  return `SELECT ${TRINO.filePath} AS path, COUNT(*) AS records FROM ${quotedName(name)} WHERE ${isRagged} GROUP BY ${TRINO.filePath}`;
}
