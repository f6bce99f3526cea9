import { isAccountId } from '../sql/account-ids';
import { exactSum, longValue, SHORT, shortValue } from '../sql/exact-decimals';
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
