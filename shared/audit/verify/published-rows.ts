import { isDeepStrictEqual } from 'node:util';
import { literalPath } from '../../sql/dialect';
import { type DuckSession, numberIn, type SqlRow, textIn } from '../../sql/duck-session';
import { csvLines } from './text-records';

/** A published row: texts as they stand, instants as `YYYY-MM-DD HH:MM:SS` in UTC, values in MTCO2e. */
export interface PublishedRow {
  readonly texts: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, number>>;
}

const VALUES = ['lbm', 'mbm', 'scope_1', 'scope_2_lbm', 'scope_2_mbm', 'scope_3_lbm', 'scope_3_mbm'] as const;

/** Columns of values, MTCO2e. */
export const VALUE_COLUMNS = VALUES.map((name) => `total_${name}_emissions_value`);

/** Columns of units. */
export const UNIT_COLUMNS = VALUES.map((name) => `total_${name}_emissions_unit`);

const INSTANTS = ['last_refresh_timestamp', 'usage_period_end', 'usage_period_start'] as const;

/** Columns of AWS's CARBON_EMISSIONS table in its order, written down a second time: a slip in one of them shows. */
export const PUBLISHED_COLUMNS = [
  'last_refresh_timestamp',
  'location',
  'model_version',
  'payer_account_id',
  'product_code',
  'region_code',
  'total_lbm_emissions_unit',
  'total_lbm_emissions_value',
  'total_mbm_emissions_unit',
  'total_mbm_emissions_value',
  'total_scope_1_emissions_value',
  'total_scope_1_emissions_unit',
  'total_scope_2_lbm_emissions_value',
  'total_scope_2_lbm_emissions_unit',
  'total_scope_2_mbm_emissions_value',
  'total_scope_2_mbm_emissions_unit',
  'total_scope_3_lbm_emissions_value',
  'total_scope_3_lbm_emissions_unit',
  'total_scope_3_mbm_emissions_value',
  'total_scope_3_mbm_emissions_unit',
  'usage_account_id',
  'usage_period_end',
  'usage_period_start',
] as const;

/** Columns of an export: those of AWS, and two more where its rows are broken down. */
export function publishedColumns(isBrokenDown: boolean): readonly string[] {
  return isBrokenDown ? [...PUBLISHED_COLUMNS, 'split_by', 'split_value'] : PUBLISHED_COLUMNS;
}

/** The type that a column of the export has, as Athena names it. */
export function typeOf(column: string): 'double' | 'timestamp' | 'string' {
  if (VALUE_COLUMNS.includes(column)) return 'double';
  return INSTANTS.some((name) => name === column) ? 'timestamp' : 'string';
}

const DUCK_TYPES = { double: 'DOUBLE', timestamp: 'TIMESTAMP', string: 'VARCHAR' } as const;

/** What is wrong with the columns of a data file: their names, order or types; undefined when nothing is. */
export async function schemaProblem(
  session: DuckSession,
  path: string,
  columns: readonly string[],
): Promise<string | undefined> {
  const expected = columns.map((name) => `${name} ${DUCK_TYPES[typeOf(name)]}`);
  const found = path.endsWith('.parquet')
    ? (await session.rows(`DESCRIBE SELECT * FROM ${PARQUET}`, [literalPath(path)])).map(
        (row) => `${textIn(row, 'column_name')} ${textIn(row, 'column_type')}`,
      )
    : (await csvHeader(path)).map((name) => `${name} ${DUCK_TYPES[typeOf(name)]}`);
  if (isDeepStrictEqual(found, expected)) return undefined;
  return `the columns are ${found.join(', ')}; expected ${expected.join(', ')}`;
}

/**
 * Rows of a data file in their order.
 *
 * @param columns those of the file: {@link publishedColumns}
 */
export function publishedRows(
  session: DuckSession,
  path: string,
  columns: readonly string[],
): AsyncGenerator<PublishedRow> {
  return path.endsWith('.parquet') ? parquetRows(session, path, columns) : csvRows(path, columns);
}

const PARQUET = 'read_parquet($1, hive_partitioning = false)';

async function* parquetRows(
  session: DuckSession,
  path: string,
  columns: readonly string[],
): AsyncGenerator<PublishedRow> {
  const list = columns.map((name) =>
    typeOf(name) === 'double' ? name : `coalesce(CAST(${name} AS VARCHAR), '') AS ${name}`,
  );
  for await (const rows of session.chunks(`SELECT ${list.join(', ')} FROM ${PARQUET}`, [literalPath(path)])) {
    for (const row of rows) {
      yield rowOf(columns, (name) => (typeOf(name) === 'double' ? valueIn(row, name) : textIn(row, name)));
    }
  }
}

async function csvHeader(path: string): Promise<readonly string[]> {
  for await (const fields of csvLines(path)) return fields;
  return [];
}

/** A value; null, which AWS's export has where it tells none, is no number. */
function valueIn(row: SqlRow, name: string): number {
  return row[name] === null ? NaN : numberIn(row, name);
}

async function* csvRows(path: string, columns: readonly string[]): AsyncGenerator<PublishedRow> {
  let isHeader = true;
  for await (const fields of csvLines(path)) {
    if (isHeader) {
      isHeader = false;
      continue;
    }
    const texts = new Map(columns.map((name, index) => [name, fields[index] ?? '']));
    yield rowOf(columns, (name) => {
      const text = texts.get(name) ?? '';
      if (typeOf(name) === 'double') return text === '' ? NaN : Number(text);
      // In CSV an apostrophe stands before what a spreadsheet would take for a formula.
      if (name === 'split_value') return text.replace(/^'/, '');
      return typeOf(name) === 'timestamp' ? text.replace(/Z$/, '') : text;
    });
  }
}

function rowOf(columns: readonly string[], valueOf: (name: string) => string | number): PublishedRow {
  const texts: Record<string, string> = {};
  const values: Record<string, number> = {};
  for (const name of columns) {
    const value = valueOf(name);
    if (typeof value === 'string') texts[name] = value;
    else values[name] = value;
  }
  return { texts, values };
}
