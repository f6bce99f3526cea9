import { type DuckSession, type SqlRow, textIn } from '../../sql/duck-session';
import type { Relation } from '../../sql/relation';
import { exactIn, exactTexts } from './exact-amounts';
import { CATEGORIES, type Category, type PerCategory, perCategory } from './exact/categories';
import type { MethodTables } from './exact/estate-tables';
import { type MonthUnits, regionOf } from './exact/naive-method';
import { type Fraction, THOUSAND, toNumber, ZERO } from './exact/rational';
import { portionSql, SHARE, type UsageSums } from './usage-sums';

/** The rows of a month, recomputed from its inputs. */
export interface ExpectedRows {
  readonly perUnit: MonthUnits['perUnit'];
  /** Keys of the export's rows, and kg per category as doubles. */
  readonly rows: Relation;
  /** SQL of the portions of the rows; see {@link portionSql}. */
  readonly portions: string;
}

/** Columns of a row's key in the tables of this file, with the columns of the data file. */
const KEY_COLUMNS = {
  account: 'usage_account_id',
  region: 'region_code',
  product: 'product_code',
  part: 'split_value',
} as const;

const KEY = Object.keys(KEY_COLUMNS).join(', ');

const LOCATION_BASED = ['s3_hardware', 's3_buildings', 's3_transport', 's3_fera_lbm'] as const;
const MARKET_BASED = ['s3_hardware', 's3_buildings', 's3_transport', 's3_fera_mbm'] as const;

/** Categories that a value column of the export, or of its companion, is the sum of; those of Scope 3 are 0 before v3.0.0. */
export const SUMS: Readonly<Record<string, readonly Category[]>> = {
  total_lbm_emissions_value: ['scope_1', 'scope_2_lbm', ...LOCATION_BASED],
  total_mbm_emissions_value: ['scope_1', 'scope_2_mbm', ...MARKET_BASED],
  total_scope_1_emissions_value: ['scope_1'],
  total_scope_2_lbm_emissions_value: ['scope_2_lbm'],
  total_scope_2_mbm_emissions_value: ['scope_2_mbm'],
  total_scope_3_lbm_emissions_value: LOCATION_BASED,
  total_scope_3_mbm_emissions_value: MARKET_BASED,
  ghgp_category_2_value: ['s3_hardware', 's3_buildings'],
  ghgp_category_3_lbm_value: ['s3_fera_lbm'],
  ghgp_category_3_mbm_value: ['s3_fera_mbm'],
  ghgp_category_4_value: ['s3_transport'],
};

/** SQL of the expected value of a column, MTCO2e as a double, from an expected row `e`. */
export function expectedValue(column: string): string {
  const parts = (SUMS[column] ?? []).map((category) => `e.${category}`);
  return parts.length === 0 ? 'CAST(0 AS DOUBLE)' : `((${parts.join(' + ')}) / 1000)`;
}

/**
 * Returns the rows computed from the summed usage and the exact kg per unit of driver.
 *
 * @param productOf product_code that rows show for a service
 */
export async function expectedRows(
  session: DuckSession,
  tables: MethodTables,
  { perUnit, sums }: { readonly perUnit: MonthUnits['perUnit']; readonly sums: UsageSums },
  productOf: (code: string) => string,
): Promise<ExpectedRows> {
  const units = await session.load({
    columns: {
      ...{ cluster: 'VARCHAR', code: 'VARCHAR', region: 'VARCHAR', product: 'VARCHAR' },
      ...perCategory(() => 'DOUBLE' as const),
    },
    rows: [...perUnit].flatMap(([cluster, services]) =>
      [...services].map(([code, kg]) => [
        ...[cluster, code, regionOf(tables, cluster), productOf(code)],
        ...CATEGORIES.map((category) => toNumber(kg[category])),
      ]),
    ),
  });
  const portions = portionSql(sums, units);
  const kg = CATEGORIES.map((category) => `SUM(${SHARE} * ${category}) AS ${category}`);
  const rows = await session.tableOf(`SELECT ${KEY}, ${kg.join(', ')} FROM (${portions}) p GROUP BY ${KEY}`);
  return { perUnit, rows, portions };
}

/**
 * Returns exact kg of rows, by {@link keyText}.
 *
 * @param suspicious rows with the key columns of the data file
 */
export async function exactRows(
  session: DuckSession,
  { perUnit, portions }: ExpectedRows,
  suspicious: Relation,
): Promise<ReadonlyMap<string, PerCategory>> {
  const amounts = ['amount', 'part', 'whole'].map(exactTexts).join(', ');
  const same = keyColumns('split_value' in suspicious.columns).map(
    ([key, column]) => `p.${key} = s.${column}`,
  );
  const rows = await session.rows(
    `SELECT ${KEY}, cluster, code, ${amounts} FROM (${portions}) p
     WHERE EXISTS (SELECT 1 FROM ${suspicious.table} s WHERE ${same.join(' AND ')})`,
  );
  const exact = new Map<string, PerCategory>();
  for (const row of rows) {
    const unit = perUnit.get(textIn(row, 'cluster'))?.get(textIn(row, 'code'));
    const share = exactIn(row, 'amount').mul(exactIn(row, 'part')).div(exactIn(row, 'whole'));
    const key = keyText(row, Object.keys(KEY_COLUMNS));
    const before = exact.get(key);
    exact.set(
      key,
      perCategory((category) => (before?.[category] ?? ZERO).add((unit?.[category] ?? ZERO).mul(share))),
    );
  }
  return exact;
}

/** Columns of a row's key in the tables of this file and in the data file. */
export function keyColumns(isBrokenDown: boolean): (readonly [string, string])[] {
  return Object.entries(KEY_COLUMNS).filter(([key]) => isBrokenDown || key !== 'part');
}

/** A row's key as messages show it. */
export function keyText(row: SqlRow, columns: readonly string[]): string {
  const values = columns.map((column) => row[column]);
  return values.filter((value) => typeof value === 'string' && value !== '').join(' ');
}

/** Exact value of a column, MTCO2e. */
export function exactValue(kg: PerCategory, column: string): Fraction {
  const categories = SUMS[column] ?? [];
  return categories.reduce((total, category) => total.add(kg[category]), ZERO).div(THOUSAND);
}
