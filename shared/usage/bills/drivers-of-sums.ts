import { isAccountId } from '../../sql/account-ids';
import type { DuckSession } from '../../sql/duck-session';
import { LONG } from '../../sql/exact-decimals';
import { isLongUnits, longOfUnits, unitsOfLong } from '../../sql/exact-units';
import type { Relation } from '../../sql/relation';
import type { BillSums } from './bill-sums';
import { accountOf, placedUsage, type UsageSql } from './placed-usage';

/** The service pairs of an estate. */
export type Pairs = Relation<{
  readonly pair_id: 'INTEGER';
  readonly row_id: 'INTEGER';
  readonly cluster_id: 'VARCHAR';
  readonly product_code: 'VARCHAR';
  readonly basis: 'VARCHAR';
}>;

/**
 * Returns SQL of the usage of every account and service pair over a month's bills: as `driverUnits` returns it, of the usage of
 * `usageOfSums`. What depends on the key or on the account alone is made once for each of them, and an amount becomes a decimal
 * only where it has a factor: the engine takes half a microsecond to turn a long decimal into a double.
 *
 * @param more further columns of the keys to sum by
 */
export async function driversOfBillSums(
  session: DuckSession,
  { keys, amounts }: BillSums,
  { sql, pairs, more }: { readonly sql: UsageSql; readonly pairs: Pairs; readonly more: readonly string[] },
): Promise<string> {
  const { cost, quantity, joined } = placedUsage(`SELECT * FROM ${keys.table}`, sql);
  const list = more.map((column) => `, ${column}`).join('');
  const places = await session.tableOf(
    `SELECT u.*, p.pair_id, coalesce(p.basis = 'physical', false) AS is_physical
     FROM (SELECT b.key_id, ${joined.columns}, coalesce(r.line_count, 1) AS line_count,
       ${quantity} AS quantity_factor, ${cost} AS cost_factor${more.map((column) => `, b.${column}`).join('')}
     ${joined.from}) u
     LEFT JOIN ${pairs.table} p ON p.cluster_id = u.cluster_id AND p.product_code = u.product_code`,
  );
  const accounts = await session.tableOf(
    `SELECT account_id, CASE WHEN ${isAccountId('id')} THEN TRY_CAST(id AS BIGINT) END AS account_number
     FROM (SELECT account_id, ${accountOf(sql, 'account_id')} AS id FROM (SELECT DISTINCT account_id FROM ${amounts.table}) a) ids`,
  );
  return driversOfAmounts(amountsOf(amounts.table, places.table, accounts.table, list), more);
}

/** SQL of drivers over {@link amountsOf}. */
function driversOfAmounts(amounts: string, more: readonly string[]): string {
  const list = more.map((column) => `, ${column}`).join('');
  return `
SELECT CASE WHEN is_valid THEN account_number END AS account_number, CASE WHEN is_valid THEN pair_id END AS pair_id${list},
  SUM(units) AS units, bool_or(is_long) AS is_long, SUM(line_count) AS lines
FROM (
  SELECT account_number, pair_id, line_count, units${list},
    CASE WHEN driver_factor = 1 THEN ${isLongUnits('units')} ELSE true END AS is_long,
    account_number IS NOT NULL AND pair_id IS NOT NULL AND in_month AND NOT is_bad AND units IS NOT NULL AS is_valid
  FROM (
    SELECT *, CASE WHEN driver_factor = 1 THEN driver ELSE ${unitsOfLong('scaled')} END AS units
    FROM (SELECT *, CASE WHEN driver_factor = 1 THEN NULL ELSE ${scaled('driver', 'driver_factor')} END AS scaled FROM (${amounts}) amount) made
  ) checked
) line
GROUP BY ${['1', '2', ...more].join(', ')}`;
}

/** SQL of units times a factor as a long decimal; NULL where it is too large. */
function scaled(units: string, factor: string): string {
  return `TRY_CAST(CAST(${longOfUnits(units)} AS DOUBLE) * ${factor} AS ${LONG})`;
}

/**
 * SQL of the sums with the account's number and the amount that is the driver, with its factor. Both amounts must be valid.
 */
function amountsOf(amounts: string, places: string, accounts: string, list: string): string {
  const quantity = `CASE WHEN p.quantity_factor IS NULL THEN CAST(0 AS HUGEINT) ELSE a.quantity_units END`;
  const ofQuantity = 'coalesce(p.quantity_factor, 1)';
  const either = (physical: string, economic: string): string =>
    `CASE WHEN p.is_physical THEN ${physical} ELSE ${economic} END`;
  const isTooLarge = (units: string, factor: string): string =>
    `CASE WHEN ${factor} = 1 THEN false ELSE ${scaled(units, factor)} IS NULL END`;
  return `
SELECT c.account_number, p.pair_id, p.in_month, p.line_count * a.lines AS line_count${list},
  ${either(quantity, 'a.cost_units')} AS driver, ${either(ofQuantity, 'p.cost_factor')} AS driver_factor,
  a.cost_bad > 0 OR (p.quantity_factor IS NOT NULL AND a.quantity_bad > 0)
    OR ${either(isTooLarge('a.cost_units', 'p.cost_factor'), isTooLarge(quantity, ofQuantity))} AS is_bad
FROM ${amounts} a
JOIN ${places} p ON p.key_id = a.key_id
LEFT JOIN ${accounts} c ON c.account_id = a.account_id`;
}
