import { isDeepStrictEqual } from 'node:util';
import { literalPath } from '../../sql/dialect';
import { type DuckSession, numberIn, type SqlRow, textIn } from '../../sql/duck-session';
import type { Sql } from '../../usage/lines/usage-source';
import { csvHeader } from './text-records';
import { csvFile, parquetFile } from './text-relation';

/** A published row: texts as they are, instants as `YYYY-MM-DD HH:MM:SS` in UTC, values in MTCO2e. */
export interface PublishedRow {
  readonly texts: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, number>>;
}

const VALUES = ['lbm', 'mbm', 'scope_1', 'scope_2_lbm', 'scope_2_mbm', 'scope_3_lbm', 'scope_3_mbm'] as const;

/** Columns of values in the columns of AWS, MTCO2e. */
export const VALUE_COLUMNS = VALUES.map((name) => `total_${name}_emissions_value`);

/** Returns the columns of values among those of a file, MTCO2e. */
export function valueColumns(columns: readonly string[]): string[] {
  return columns.filter((name) => typeOf(name) === 'double');
}

/** Returns the columns of units among those of a file. */
export function unitColumns(columns: readonly string[]): string[] {
  return columns.filter((name) => name.endsWith('_unit'));
}

const INSTANTS = ['last_refresh_timestamp', 'usage_period_end', 'usage_period_start'] as const;

/** Columns of AWS's CARBON_EMISSIONS table in its order: a second list, so that a mistake in either is found. */
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

/** Columns of the companion export with the parts of Scope 3, in its order. */
export const PUBLISHED_COMPANION_COLUMNS = [
  'last_refresh_timestamp',
  'location',
  'model_version',
  'payer_account_id',
  'product_code',
  'region_code',
  'ghgp_category_2_value',
  'ghgp_category_2_unit',
  'ghgp_category_3_lbm_value',
  'ghgp_category_3_lbm_unit',
  'ghgp_category_3_mbm_value',
  'ghgp_category_3_mbm_unit',
  'ghgp_category_4_value',
  'ghgp_category_4_unit',
  'usage_account_id',
  'usage_period_end',
  'usage_period_start',
] as const;

/** Columns of an export: those of AWS, and two more in an export with a breakdown. */
export function publishedColumns(isBrokenDown: boolean): readonly string[] {
  return isBrokenDown ? [...PUBLISHED_COLUMNS, 'split_by', 'split_value'] : PUBLISHED_COLUMNS;
}

/** The type that a column of the export has, as Athena names it. */
export function typeOf(column: string): 'double' | 'timestamp' | 'string' {
  if (column.endsWith('_value') && column !== 'split_value') return 'double';
  return INSTANTS.some((name) => name === column) ? 'timestamp' : 'string';
}

const DUCK_TYPES = { double: 'DOUBLE', timestamp: 'TIMESTAMP', string: 'VARCHAR' } as const;

/** Returns the difference of a data file's columns in names, order or types; undefined where nothing differs. */
export async function schemaProblem(
  session: DuckSession,
  path: string,
  columns: readonly string[],
): Promise<string | undefined> {
  const expected = columns.map((name) => `${name} ${DUCK_TYPES[typeOf(name)]}`);
  const found = path.endsWith('.parquet')
    ? (await session.rows(`DESCRIBE SELECT * FROM ${parquetFile(1)}`, [literalPath(path)])).map(
        (row) => `${textIn(row, 'column_name')} ${textIn(row, 'column_type')}`,
      )
    : (await csvHeader(path)).map((name) => `${name} ${DUCK_TYPES[typeOf(name)]}`);
  if (isDeepStrictEqual(found, expected)) return undefined;
  return `found the columns ${found.join(', ')}; expected ${expected.join(', ')}`;
}

/**
 * Returns SQL of the rows of a data file in their order: texts as they are (null is ''), instants as `YYYY-MM-DD HH:MM:SS`
 * in UTC, values in MTCO2e.
 *
 * @param columns those of the file: {@link publishedColumns}
 * @param kept those that are returned. @default - all
 */
export function publishedRelation(path: string, columns: readonly string[], kept = columns): Sql {
  const isParquet = path.endsWith('.parquet');
  const valueOf = isParquet ? parquetValue : csvValue;
  const values = columns.map((name, index) => [name, valueOf(name, index)] as const);
  const list = values.filter(([name]) => kept.includes(name)).map(([name, value]) => `${value} AS ${name}`);
  const from = isParquet ? parquetFile(1) : csvFile(columns.length, 1);
  return { sql: `SELECT ${list.join(', ')} FROM ${from}`, parameters: [literalPath(path)] };
}

function parquetValue(name: string): string {
  return typeOf(name) === 'double' ? name : `coalesce(CAST(${name} AS VARCHAR), '')`;
}

function csvValue(name: string, index: number): string {
  const field = `f${String(index)}`;
  if (typeOf(name) === 'double') return `TRY_CAST(nullif(${field}, '') AS DOUBLE)`;
  const text = `coalesce(${field}, '')`;
  // In CSV an apostrophe precedes a text that a spreadsheet would run as a formula.
  if (name === 'split_value') return `regexp_replace(${text}, '^''', '')`;
  return typeOf(name) === 'timestamp' ? `regexp_replace(${text}, 'Z$', '')` : text;
}

/** Returns a row with the columns of {@link publishedRelation}; a value that is null becomes NaN. */
export function publishedRow(row: SqlRow, columns: readonly string[]): PublishedRow {
  const texts: Record<string, string> = {};
  const values: Record<string, number> = {};
  for (const name of columns) {
    if (typeOf(name) !== 'double') texts[name] = textIn(row, name);
    else values[name] = row[name] === null ? NaN : numberIn(row, name);
  }
  return { texts, values };
}
