import { ALLOCATION_COLUMNS, type Allocation } from '../../exports/month-rows';
import { CATEGORIES } from '../../method/categories';
import { DUCK, type SqlDialect } from '../../sql/dialect';
import type { DuckSession } from '../../sql/duck-session';
import type { Relation } from '../../sql/relation';
import type { Drivers } from '../../usage/driver-sql';
import type { InternalAccounts } from '../../usage/service-pairs';

/** Columns of {@link Factors}. */
export const FACTOR_COLUMNS = {
  pair_id: 'INTEGER',
  row_id: 'INTEGER',
  /** True where several service pairs fall in one row of the export. */
  adds_up: 'BOOLEAN',
  scope_1_kg: 'DOUBLE',
  scope_2_lbm_kg: 'DOUBLE',
  scope_2_mbm_kg: 'DOUBLE',
} as const;

/** kgCO2e per unit of driver, by service pair. */
export type Factors = Relation<typeof FACTOR_COLUMNS>;

/** What emissions are allocated by. */
export interface AllocationInputs {
  readonly drivers: Drivers;
  readonly factors: Factors;
  /** Accounts whose emissions stay with the operator. */
  readonly internal: InternalAccounts;
}

/** Returns the emissions of each customer account by row of the export. */
export function allocate(session: DuckSession, inputs: AllocationInputs): Promise<Allocation> {
  return session.table(ALLOCATION_COLUMNS, allocationStatement(inputs, DUCK));
}

/**
 * The export's rows in kgCO2e: driver times kg per unit of driver. Where several services or clusters fall in one
 * row, the parts are sorted before they are added, so that the last bit does not depend on threads.
 */
export function allocationStatement(
  { drivers, factors, internal }: AllocationInputs,
  { sumOfArray }: SqlDialect,
): string {
  const columns = CATEGORIES.map((category) => `${category}_kg`);
  const list = (sqlOf: (column: string) => string): string =>
    columns.map((column) => `${sqlOf(column)} AS ${column}`).join(', ');
  const part = (column: string): string => `d.amount * f.${column}`;
  const customers = `
FROM ${drivers.table} d
JOIN ${factors.table} f ON f.pair_id = d.pair_id
LEFT JOIN ${internal.table} i ON i.account_number = d.account_number
WHERE i.account_number IS NULL AND d.amount > 0`;
  return `
SELECT d.account_number, f.row_id, ${list(part)}${customers} AND NOT f.adds_up
UNION ALL
SELECT account_number, row_id, ${list(sumOfArray)}
FROM (
  SELECT d.account_number, f.row_id, ${list((column) => `array_sort(array_agg(${part(column)}))`)}${customers} AND f.adds_up
  GROUP BY d.account_number, f.row_id
) parts`;
}
