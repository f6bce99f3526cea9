/*
 * Step 5 of method.md as SQL, in the part of the language that DuckDB and Trino (Athena version 3) share: the same
 * statements run in both. Temporary tables between them take a third of the memory of one large statement.
 *
 *   service_pair(pair_id, row_id, cluster_id, product_code, basis)   what can be used, and the export row it falls in
 *   internal_account(account_number)                                 the operator's own accounts
 *   driver(account_number, pair_id, short_sum, long_sum, amount, lines)   what each account did, over all its lines
 *   factor(pair_id, row_id, adds_up, scope_1_kg, scope_2_lbm_kg, scope_2_mbm_kg)     kgCO2e per unit of driver
 *   allocation(account_number, row_id, scope_1_kg, scope_2_lbm_kg, scope_2_mbm_kg)   the export's rows, kgCO2e
 *
 * Sums are exact decimals, so they do not depend on the order of rows or threads. Numbers that fit a 64-bit decimal,
 * nearly all there are, take the short way: reading a text as DECIMAL(38, 18) takes DuckDB 5 microseconds, as
 * DECIMAL(18, 9) less than 0.1.
 */

/** Any number that counts: 20 digits before the decimal point; digits beyond the 18th after it are rounded. */
export const LONG = 'DECIMAL(38, 18)';

/** Numbers of up to 9 digits before and after the decimal point. */
export const SHORT = 'DECIMAL(18, 9)';

/** True for a text of a number that {@link SHORT} holds without rounding, if it is a number and in its range. */
function isPlain(column: string): string {
  return `strpos(${column}, 'e') = 0 AND strpos(${column}, 'E') = 0 AND strpos(${column}, '_') = 0 AND (strpos(${column}, '.') = 0 OR length(${column}) - strpos(${column}, '.') <= 9)`;
}

/** The short way; NULL for a text that needs the long one or is no number. */
export function shortValue(column: string): string {
  return `CASE WHEN ${isPlain(column)} THEN TRY_CAST(${column} AS ${SHORT}) END`;
}

/**
 * The long way. DuckDB would take an underscore between digits, and would round what has too many decimals: a number
 * that loses more than a billionth of itself is none.
 */
export function longValue(column: string): string {
  const long = `TRY_CAST(${column} AS ${LONG})`;
  const double = `TRY_CAST(${column} AS DOUBLE)`;
  return `CASE WHEN strpos(${column}, '_') = 0 AND abs(CAST(${long} AS DOUBLE) - ${double}) <= 1e-9 * abs(${double}) THEN ${long} END`;
}

/** SQL of an exact sum out of its short and its long part, of which either may be missing; 0 where both are. */
export function exactSum(short: string, long: string): string {
  return `CAST(coalesce(CAST(${short} AS ${LONG}), CAST(0 AS ${LONG})) + coalesce(${long}, CAST(0 AS ${LONG})) AS ${LONG})`;
}

/** True where a text is exactly 12 digits. A sign and 11 digits are as long, but no account. */
export function isAccountId(column: string): string {
  const number = `TRY_CAST(${column} AS BIGINT)`;
  return `coalesce(${number} >= 0 AND lpad(CAST(${number} AS VARCHAR), 12, '0') = ${column}, false)`;
}

/** Restores the leading zeros of a shorter id that consists of digits. */
export function paddedId(column: string): string {
  const padded = `lpad(${column}, 12, '0')`;
  return `CASE WHEN length(${column}) BETWEEN 1 AND 11 AND TRY_CAST(${column} AS BIGINT) >= 0 AND lpad(CAST(TRY_CAST(${column} AS BIGINT) AS VARCHAR), 12, '0') = ${padded} THEN ${padded} ELSE ${column} END`;
}

/**
 * The lines of a source with what was found of each: its service pair, the value that drives its emissions (short or
 * long), and whether it is sound: the account id is one, cluster and service are known, numbers are numbers (blanks
 * count as 0) and the month is its own. Each level uses what the one below worked out once.
 *
 * @param source SQL of usage lines, columns as usage-source.ts has them
 * @param kept further columns of the source to hand through
 */
export function checkedLines(source: string, kept: readonly string[] = []): string {
  const more = kept.map((column) => `, ${column}`).join('');
  return `
SELECT usage_account_id, pair_id, line_count, in_month, short_value, long_value${more},
  account_ok AND pair_id IS NOT NULL AND in_month AND other_ok
    AND (is_blank OR short_value IS NOT NULL OR long_value IS NOT NULL) AS sound
FROM (
  SELECT usage_account_id, pair_id, line_count, in_month, short_value${more},
    coalesce(value, '') = '' AS is_blank,
    CASE WHEN short_value IS NULL AND value <> '' THEN ${longValue('value')} END AS long_value,
    ${isAccountId('usage_account_id')} AS account_ok,
    CASE
      WHEN coalesce(other_value, '') = '' THEN true
      WHEN ${shortValue('other_value')} IS NOT NULL THEN true
      ELSE ${longValue('other_value')} IS NOT NULL
    END AS other_ok
  FROM (
    SELECT usage_account_id, pair_id, line_count, in_month, value, other_value${more}, ${shortValue('value')} AS short_value
    FROM (
      SELECT u.usage_account_id, u.line_count, u.in_month, p.pair_id${kept.map((column) => `, u.${column}`).join('')},
        CASE WHEN p.basis = 'physical' THEN u.usage_quantity ELSE u.usage_revenue END AS value,
        CASE WHEN p.basis = 'physical' THEN u.usage_revenue ELSE u.usage_quantity END AS other_value
      FROM (
${source}
      ) u
      LEFT JOIN service_pair p ON p.cluster_id = u.cluster_id AND p.product_code = u.product_code
    ) line
  ) short_line
) long_line`;
}

/**
 * What every account did with every service of every cluster, summed over its lines. Lines that are not sound gather
 * under a NULL pair_id, so that one pass both sums and checks.
 *
 * @param source SQL of usage lines, columns as usage-source.ts has them
 * @param kept further columns of the lines to sum by
 */
export function driverSums(source: string, kept: readonly string[] = []): string {
  const more = kept.map((column) => `, ${column}`).join('');
  return `
SELECT account_number, pair_id${more}, SUM(short_value) AS short_sum, SUM(long_value) AS long_sum, SUM(line_count) AS lines
FROM (
  SELECT
    CASE WHEN sound THEN TRY_CAST(usage_account_id AS BIGINT) END AS account_number,
    CASE WHEN sound THEN pair_id END AS pair_id${more},
    line_count,
    short_value,
    long_value
  FROM (${checkedLines(source, kept)}
  ) checked
) keyed
GROUP BY account_number, pair_id${more}`;
}

/** The drivers that sums stand for: `amount` is the sum as a double. */
export function driversOf(sums: string): string {
  return `
SELECT summed.*,
  CASE
    WHEN long_sum IS NOT NULL THEN CAST(${exactSum('short_sum', 'long_sum')} AS DOUBLE)
    WHEN short_sum IS NULL THEN CAST(0 AS DOUBLE)
    WHEN short_sum BETWEEN -999999999 AND 999999999 THEN CAST(CAST(short_sum AS ${SHORT}) AS DOUBLE)
    ELSE CAST(short_sum AS DOUBLE)
  END AS amount
FROM ${sums} summed`;
}

/** Exact sum of the positive amounts for which a condition holds, as text. */
function sumWhere(condition: string): string {
  const part = (column: string): string =>
    `SUM(CASE WHEN ${condition} AND d.amount > 0 THEN d.${column} END)`;
  return `CAST(${exactSum(part('short_sum'), part('long_sum'))} AS VARCHAR)`;
}

/**
 * What customers and internal accounts did with each service of each cluster. A net-negative amount counts as 0; the
 * least one is told, because for physical services it is an error.
 */
export const DRIVER_TOTALS = `
SELECT
  d.pair_id,
  ${sumWhere('i.account_number IS NULL')} AS customers,
  ${sumWhere('i.account_number IS NOT NULL')} AS internal,
  MIN(d.amount) AS least,
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
  const part = (category: string): string => `d.amount * f.${category}`;
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
