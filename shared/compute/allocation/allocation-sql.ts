import { type Allocation, allocationColumns, kgColumns } from '../../exports/month-rows';
import type { Category } from '../../method/categories';
import { DUCK, type SqlDialect } from '../../sql/dialect';
import type { DuckSession } from '../../sql/duck-session';
import { orderedSum } from '../../sql/ordered-sum';
import type { Relation, SmallType } from '../../sql/relation';
import type { Drivers } from '../../usage/driver-sql';
import type { InternalAccounts } from '../../usage/service-pairs';

/** kgCO2e per unit of driver, by service pair, in columns `<category>_kg`. */
export interface Factors extends Relation {
  readonly categories: readonly Category[];
}

/** Returns the columns of {@link Factors}. */
export function factorColumns(categories: readonly Category[]): Readonly<Record<string, SmallType>> {
  return {
    pair_id: 'INTEGER',
    row_id: 'INTEGER',
    /** True where several service pairs fall in one row of the export. */
    adds_up: 'BOOLEAN',
    ...Object.fromEntries(categories.map((category) => [`${category}_kg`, 'DOUBLE' as const])),
  };
}

/** What emissions are allocated by. */
export interface AllocationInputs {
  readonly drivers: Drivers;
  readonly factors: Factors;
  /** Accounts whose emissions stay with the operator. */
  readonly internal: InternalAccounts;
}

/** Returns the emissions of each customer account by row of the export. */
export async function allocate(session: DuckSession, inputs: AllocationInputs): Promise<Allocation> {
  const { categories } = inputs.factors;
  const relation = await session.table(allocationColumns(categories), allocationStatement(inputs, DUCK));
  return { ...relation, categories };
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
    kgColumns(factors.categories)
      .map((column) => `${sqlOf(column)} AS ${column}`)
      .join(', ');
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
