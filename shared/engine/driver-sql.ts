/*
 * Step 5 of method.md as SQL, in the part of the language that DuckDB and Trino (Athena version 3) share: the same
 * statements run in both. Temporary tables between them take a third of the memory of one large statement.
 *
 *   service_pair(pair_id, row_id, cluster_id, product_code, basis)   what can be used, and the export row it falls in
 *   internal_account(account_number)                                 the operator's own accounts
 *   driver(account_number, pair_id, amount)                          what each account did, summed over its lines
 *   factor(pair_id, row_id, adds_up, scope_1_kg, scope_2_lbm_kg, scope_2_mbm_kg)     kgCO2e per unit of driver
 *   allocation(account_number, row_id, scope_1_kg, scope_2_lbm_kg, scope_2_mbm_kg)   the export's rows, kgCO2e
 */

/** Sums are exact: 20 digits before and 18 after the decimal point, in whatever order rows come. */
export const EXACT = 'DECIMAL(38, 18)';

/** True where a text is a number that {@link EXACT} holds; blanks count as 0. */
function isAmount(column: string): string {
  return `(${column} IS NULL OR ${column} = '' OR (TRY_CAST(${column} AS ${EXACT}) IS NOT NULL AND strpos(${column}, '_') = 0))`;
}

/** True where a text is exactly 12 digits. */
function isAccountId(column: string): string {
  return `lpad(CAST(TRY_CAST(${column} AS BIGINT) AS VARCHAR), 12, '0') = ${column}`;
}

/** Restores the leading zeros of a shorter id that consists of digits. */
export function paddedId(column: string): string {
  return `CASE WHEN length(${column}) < 12 AND CAST(TRY_CAST(${column} AS BIGINT) AS VARCHAR) = ${column} AND TRY_CAST(${column} AS BIGINT) >= 0 THEN lpad(${column}, 12, '0') ELSE ${column} END`;
}

/** True for a line that counts: its account id is one, cluster and service are known, numbers are numbers, the month is its own. */
export const SOUND_LINE = [
  `coalesce(${isAccountId('u.usage_account_id')}, false)`,
  'p.pair_id IS NOT NULL',
  isAmount('u.usage_quantity'),
  isAmount('u.usage_revenue'),
  'u.in_month',
].join(' AND ');

/** Finds a line's cluster and service. */
export const LINE_TO_PAIR =
  'LEFT JOIN service_pair p ON p.cluster_id = u.cluster_id AND p.product_code = u.product_code';

/**
 * Every account's driver for every service of every cluster, summed over its lines. Lines that are not sound gather
 * under a NULL pair_id, so that one pass both sums and checks.
 *
 * @param source SQL of the usage lines, columns as usage-source.ts has them
 */
export function driverStatement(source: string): string {
  return `
SELECT account_number, pair_id, SUM(amount) AS amount, SUM(line_count) AS lines
FROM (
  SELECT
    CASE WHEN sound THEN CAST(usage_account_id AS BIGINT) END AS account_number,
    CASE WHEN sound THEN pair_id END AS pair_id,
    line_count,
    CASE
      WHEN NOT sound THEN CAST(0 AS ${EXACT})
      WHEN basis = 'physical' THEN coalesce(TRY_CAST(nullif(usage_quantity, '') AS ${EXACT}), CAST(0 AS ${EXACT}))
      ELSE coalesce(TRY_CAST(nullif(usage_revenue, '') AS ${EXACT}), CAST(0 AS ${EXACT}))
    END AS amount
  FROM (
    SELECT u.usage_account_id, u.usage_quantity, u.usage_revenue, u.line_count, p.pair_id, p.basis, ${SOUND_LINE} AS sound
    FROM (
${source}
    ) u
    ${LINE_TO_PAIR}
  ) line
) sound_line
GROUP BY account_number, pair_id`;
}

/**
 * What customers and internal accounts did with each service of each cluster. A net-negative amount counts as 0; the
 * least one is told, because for physical services it is an error.
 */
export const DRIVER_TOTALS = `
SELECT
  d.pair_id,
  CAST(SUM(CASE WHEN i.account_number IS NULL AND d.amount > 0 THEN d.amount ELSE CAST(0 AS ${EXACT}) END) AS VARCHAR) AS customers,
  CAST(SUM(CASE WHEN i.account_number IS NOT NULL AND d.amount > 0 THEN d.amount ELSE CAST(0 AS ${EXACT}) END) AS VARCHAR) AS internal,
  CAST(MIN(d.amount) AS VARCHAR) AS least,
  CAST(SUM(d.lines) AS VARCHAR) AS lines
FROM driver d
LEFT JOIN internal_account i ON i.account_number = d.account_number
GROUP BY d.pair_id`;

/** How a dialect adds up an array of doubles from its first to its last element. */
export type SumOfArray = (array: string) => string;

/** DuckDB's way. */
export const duckSumOfArray: SumOfArray = (array) => `list_sum(${array})`;

/**
 * The export's rows in kgCO2e: driver times kg per unit of driver. Where several services or clusters fall in one
 * row, the parts are sorted before they are added, so that the last bit does not depend on threads.
 */
export function allocationStatement(sumOfArray: SumOfArray): string {
  const categories = ['scope_1_kg', 'scope_2_lbm_kg', 'scope_2_mbm_kg'];
  const part = (category: string): string => `CAST(d.amount AS DOUBLE) * f.${category}`;
  const customers = `
FROM driver d
JOIN factor f ON f.pair_id = d.pair_id
LEFT JOIN internal_account i ON i.account_number = d.account_number
WHERE i.account_number IS NULL AND d.amount > 0`;
  return `
SELECT d.account_number, f.row_id, ${categories.map((category) => `${part(category)} AS ${category}`).join(', ')}${customers} AND NOT f.adds_up
UNION ALL
SELECT account_number, row_id, ${categories.map((category) => `${sumOfArray(category)} AS ${category}`).join(', ')}
FROM (
  SELECT d.account_number, f.row_id, ${categories.map((category) => `array_sort(array_agg(${part(category)})) AS ${category}`).join(', ')}${customers} AND f.adds_up
  GROUP BY d.account_number, f.row_id
) parts`;
}
