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
  const columns = partColumns(allocation.categories);
  const parts = await session.table(columns, partsStatement(partDrivers, inputs));
  const rests = await session.tableOf(restsStatement(allocation, parts));
  const adjusted = await session.table(columns, adjustedStatement(allocation, parts, rests));
  await session.drop(parts);
  const [row] = await session.rows(unbalancedRows(allocation, adjusted));
  const unbalanced = numberIn(row, 'n');
  if (unbalanced === 0) return adjusted;
  throw new MethodError(`the parts of ${String(unbalanced)} rows do not add up to the row`);
}

/**
 * Each account's emissions from a service are broken down by the same driver. A part's driver is its own sum; a
 * net-negative driver counts as 0. Only where several services fall in one row of the export, its parts are added up.
 */
function partsStatement(partDrivers: PartDrivers, { drivers, factors, internal }: AllocationInputs): string {
  const columns = kgColumns(factors.categories);
  const keys = ['account_number', 'row_id', 'breakdown_value'].join(', ');
  const ofRows = (addsUp: string): string => `
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
  WHERE p.amount > 0 AND d.amount > 0 AND i.account_number IS NULL AND ${addsUp}`;
  return `
SELECT ${[keys, ...columns].join(', ')} FROM (${ofRows('NOT f.adds_up')}) single
UNION ALL
SELECT ${keys}, ${sumsOf(columns)} FROM (${ofRows('f.adds_up')}) several GROUP BY ${keys}`;
}

/** What the parts of each row lack because of rounding, and its largest part. */
function restsStatement({ table: allocation, categories }: Allocation, { table: parts }: Relation): string {
  const columns = kgColumns(categories);
  const largest = `max(struct_pack(weight := ${columns.join(' + ')}, breakdown_value := breakdown_value)).breakdown_value`;
  return `
SELECT s.account_number, s.row_id, s.largest, ${columns.map((kg) => `a.${kg} - s.${kg} AS ${kg}`).join(', ')}
FROM ${allocation} a
JOIN (
  SELECT account_number, row_id, ${largest} AS largest, ${sumsOf(columns)}
  FROM ${parts} GROUP BY account_number, row_id
) s ON s.account_number = a.account_number AND s.row_id = a.row_id`;
}

/** The parts, of which the largest of each row has what all of them lack. */
function adjustedStatement({ categories }: Allocation, { table: parts }: Relation, rests: Relation): string {
  const adjusted = kgColumns(categories).map(
    (kg) => `CASE WHEN p.breakdown_value = l.largest THEN p.${kg} + l.${kg} ELSE p.${kg} END AS ${kg}`,
  );
  return `
SELECT p.account_number, p.row_id, p.breakdown_value, ${adjusted.join(', ')}
FROM ${parts} p
LEFT JOIN ${rests.table} l ON l.account_number = p.account_number AND l.row_id = p.row_id`;
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
