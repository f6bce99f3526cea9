import { type Allocation, kgColumns, partColumns } from '../../exports/month-rows';
import { MethodError } from '../../method/method-error';
import { DUCK } from '../../sql/dialect';
import { type DuckSession, numberIn } from '../../sql/duck-session';
import { orderedSum } from '../../sql/ordered-sum';
import type { Relation } from '../../sql/relation';
import type { PartDrivers } from '../../usage/driver-sql';
import type { AllocationInputs } from './allocation-sql';

const sumsOf = (columns: readonly string[]): string =>
  columns.map((kg) => `${orderedSum(DUCK, kg)} AS ${kg}`).join(', ');

/**
 * Returns the rows of an allocation, broken down by what each part of an account did. The parts of a row add up to it.
 *
 * @throws MethodError when they do not, to 1e-12 of the row
 */
export async function breakDown(
  session: DuckSession,
  allocation: Allocation,
  partDrivers: PartDrivers,
  inputs: AllocationInputs,
): Promise<Relation> {
  const parts = await session.table(partColumns(allocation.categories), partsStatement(partDrivers, inputs));
  await session.run(adjustment(allocation, parts));
  const [row] = await session.rows(unbalancedRows(allocation, parts));
  const unbalanced = numberIn(row, 'n');
  if (unbalanced === 0) return parts;
  throw new MethodError(`the parts of ${String(unbalanced)} rows do not add up to the row`);
}

/**
 * Each account's emissions from a service are broken down by the same driver. A part's driver is its own sum; a
 * net-negative driver counts as 0.
 */
function partsStatement(partDrivers: PartDrivers, { drivers, factors, internal }: AllocationInputs): string {
  const columns = kgColumns(factors.categories);
  return `
SELECT account_number, row_id, breakdown_value, ${sumsOf(columns)}
FROM (
  SELECT p.account_number, f.row_id, p.breakdown_value,
    ${columns.map((kg) => `d.amount * f.${kg} * (p.amount / t.amount) AS ${kg}`).join(',\n    ')}
  FROM ${partDrivers.table} p
  JOIN (
    SELECT account_number, pair_id, ${orderedSum(DUCK, 'amount')} AS amount
    FROM ${partDrivers.table} WHERE amount > 0 GROUP BY account_number, pair_id
  ) t ON t.account_number = p.account_number AND t.pair_id = p.pair_id
  JOIN ${drivers.table} d ON d.account_number = p.account_number AND d.pair_id = p.pair_id
  JOIN ${factors.table} f ON f.pair_id = p.pair_id
  LEFT JOIN ${internal.table} i ON i.account_number = p.account_number
  WHERE p.amount > 0 AND d.amount > 0 AND i.account_number IS NULL
) parts
GROUP BY account_number, row_id, breakdown_value`;
}

/** Adds what the parts of a row lack because of rounding to the largest part. */
function adjustment({ table: allocation, categories }: Allocation, { table: parts }: Relation): string {
  const columns = kgColumns(categories);
  const largest = `max(struct_pack(weight := ${columns.join(' + ')}, breakdown_value := breakdown_value)).breakdown_value`;
  return `
UPDATE ${parts} AS p SET ${columns.map((kg) => `${kg} = p.${kg} + l.${kg}`).join(', ')}
FROM (
  SELECT s.account_number, s.row_id, s.largest, ${columns.map((kg) => `a.${kg} - s.${kg} AS ${kg}`).join(', ')}
  FROM ${allocation} a
  JOIN (
    SELECT account_number, row_id, ${largest} AS largest, ${sumsOf(columns)}
    FROM ${parts} GROUP BY account_number, row_id
  ) s ON s.account_number = a.account_number AND s.row_id = a.row_id
) l
WHERE p.account_number = l.account_number AND p.row_id = l.row_id AND p.breakdown_value = l.largest`;
}

/** Rows that are not the sum of their parts, to 1e-12, and rows without parts. */
function unbalancedRows({ table: allocation, categories }: Allocation, { table: parts }: Relation): string {
  const columns = kgColumns(categories);
  return `
SELECT COUNT(*) AS n
FROM ${allocation} a
LEFT JOIN (
  SELECT account_number, row_id, ${sumsOf(columns)} FROM ${parts} GROUP BY account_number, row_id
) s ON s.account_number = a.account_number AND s.row_id = a.row_id
WHERE s.row_id IS NULL OR ${columns.map((kg) => `NOT (abs(s.${kg} - a.${kg}) <= 1e-12 * a.${kg})`).join(' OR ')}`;
}
