import { ALLOCATION_COLUMNS, type Allocation, KG_COLUMNS, KG_TYPES } from '../../exports/month-rows';
import { DUCK, type SqlDialect } from '../../sql/dialect';
import type { DuckSession } from '../../sql/duck-session';
import { orderedSum } from '../../sql/ordered-sum';
import type { Relation } from '../../sql/relation';
import type { Drivers } from '../../usage/driver-sql';
import type { InternalAccounts } from '../../usage/service-pairs';

/** Columns of {@link Factors}. */
export const FACTOR_COLUMNS = {
  pair_id: 'INTEGER',
  row_id: 'INTEGER',
  /** True where several service pairs fall in one row of the export. */
  adds_up: 'BOOLEAN',
  ...KG_TYPES,
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
 * Returns SQL of the export's rows in kgCO2e: driver times kg per unit of driver. Where several services or clusters fall
 * in one row, their parts are added up.
 */
export function allocationStatement(
  { drivers, factors, internal }: AllocationInputs,
  dialect: SqlDialect,
): string {
  const list = (sqlOf: (column: string) => string): string =>
    KG_COLUMNS.map((column) => `${sqlOf(column)} AS ${column}`).join(', ');
  const part = (column: string): string => `d.amount * f.${column}`;
  const customers = `
FROM ${drivers.table} d
JOIN ${factors.table} f ON f.pair_id = d.pair_id
LEFT JOIN ${internal.table} i ON i.account_number = d.account_number
WHERE i.account_number IS NULL AND d.amount > 0`;
  return `
SELECT d.account_number, f.row_id, ${list(part)}${customers} AND NOT f.adds_up
UNION ALL
SELECT d.account_number, f.row_id, ${list((column) => orderedSum(dialect, part(column)))}${customers} AND f.adds_up
GROUP BY d.account_number, f.row_id`;
}
