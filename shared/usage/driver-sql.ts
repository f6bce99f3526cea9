import { isAccountId } from '../sql/account-ids';
import { exactSum, SHORT, SHORT_SUM } from '../sql/exact-decimals';
import { isNotHeld } from '../sql/exact-doubles';
import { withAmounts, withUnits } from '../sql/exact-units';
import type { Relation } from '../sql/relation';
import type { InternalAccounts, PairTable } from './service-pairs';

/*
 * Step 5 of the method as SQL that both DuckDB and Trino (Athena version 3) run. Several statements with relations between
 * them take a third of the memory of one large statement.
 *
 * Sums are exact decimals, so they do not depend on the order of rows or threads.
 */

/** Usage of a service and cluster by an account, over all its lines. */
export const DRIVER_COLUMNS = {
  /** The account id as a number. */
  account_number: 'BIGINT',
  pair_id: 'INTEGER',
  short_sum: 'DECIMAL(38,9)',
  long_sum: 'DECIMAL(38,18)',
  lines: 'HUGEINT',
  /** The sum as a double. */
  amount: 'DOUBLE',
} as const;

/** Usage of each service and cluster by each account. */
export type Drivers = Relation<typeof DRIVER_COLUMNS>;

/** Columns of {@link PartDrivers}. */
export const PART_DRIVER_COLUMNS = { ...DRIVER_COLUMNS, breakdown_value: 'VARCHAR' } as const;

/** The same by the value of a breakdown. */
export type PartDrivers = Relation<typeof PART_DRIVER_COLUMNS>;

/** Columns of {@link PartUnits}. */
export const PART_UNIT_COLUMNS = {
  account_number: 'BIGINT',
  pair_id: 'INTEGER',
  breakdown_value: 'VARCHAR',
  units: 'HUGEINT',
  is_long: 'BOOLEAN',
  lines: 'HUGEINT',
} as const;

/** Usage by the value of a breakdown, as {@link driverUnits} returns that of lines. */
export type PartUnits = Relation<typeof PART_UNIT_COLUMNS>;

/** How the amounts of usage lines are held: as decimals (amount-columns.ts), or as the doubles of a file. */
type AmountForm = 'decimals' | 'doubles';

/** SQL of the driver of a line in columns of a form, and whether an amount of the line is invalid. */
const DRIVER_OF_LINE: Readonly<
  Record<AmountForm, { readonly values: readonly string[]; readonly isBad: string }>
> = {
  decimals: {
    values: ['short', 'long'].map((part) => `${ofBasis(`_${part}`)} AS ${part}_value`),
    isBad: 'u.usage_quantity_bad OR u.usage_revenue_bad',
  },
  doubles: {
    values: [`${ofBasis('')} AS value`],
    isBad: ['u.usage_quantity', 'u.usage_revenue'].map(isNotHeld).join(' OR '),
  },
};

function ofBasis(part: string): string {
  return `CASE WHEN p.basis = 'physical' THEN u.usage_quantity${part} ELSE u.usage_revenue${part} END`;
}

/**
 * Returns SQL of a source's lines with their service pair, the driver (short or long; or the double) and `is_valid`. A valid line
 * has a valid account id, a known cluster and service, and numbers (blanks count as 0), and is of the month.
 *
 * @param source SQL of usage lines, columns as usage-source.ts has them
 * @param kept further columns of the source to return
 */
export function checkedLines(
  source: string,
  pairs: PairTable,
  kept: readonly string[] = [],
  form: AmountForm = 'decimals',
): string {
  const { values, isBad } = DRIVER_OF_LINE[form];
  const columns = ['usage_account_id', 'line_count', 'in_month', ...kept].map((column) => `u.${column}`);
  return `
SELECT *, account_ok AND pair_id IS NOT NULL AND in_month AND NOT is_bad AS is_valid
FROM (
  SELECT ${columns.join(', ')}, p.pair_id,
    ${values.join(',\n    ')},
    ${isBad} AS is_bad,
    ${isAccountId('u.usage_account_id')} AS account_ok
  FROM (
${source}
  ) u
  LEFT JOIN ${pairs.table} p ON p.cluster_id = u.cluster_id AND p.product_code = u.product_code
) line`;
}

/**
 * Returns SQL of the usage of every account, service and cluster, summed over its lines. Invalid lines have a NULL pair_id,
 * so that one pass both sums and checks.
 *
 * @param source SQL of usage lines, columns as usage-source.ts has them
 * @param kept further columns of the lines to sum by
 */
export function driverSums(source: string, pairs: PairTable, kept: readonly string[] = []): string {
  const more = kept.map((column) => `, ${column}`).join('');
  return `
SELECT account_number, pair_id${more}, SUM(short_value) AS short_sum, SUM(long_value) AS long_sum, SUM(line_count) AS lines
FROM (
  SELECT
    CASE WHEN is_valid THEN TRY_CAST(usage_account_id AS BIGINT) END AS account_number,
    CASE WHEN is_valid THEN pair_id END AS pair_id${more},
    line_count,
    short_value,
    long_value
  FROM (${checkedLines(source, pairs, kept)}
  ) checked
) keyed
GROUP BY account_number, pair_id${more}`;
}

/**
 * Returns SQL of the same sums as units of 10^-18 and `is_long`, true where a line is no short decimal; for DuckDB alone. It
 * decides the keys of a line and counts lines by as few steps as possible: each step of a line takes a twentieth of the time.
 *
 * @param source SQL of usage lines whose columns usage_quantity and usage_revenue are doubles, each of which counts as one line
 */
export function driverUnits(source: string, pairs: PairTable): string {
  const keyed = `
  SELECT TRY_CAST(usage_account_id AS BIGINT) AS account_number,
    CASE WHEN is_valid THEN pair_id END AS pair_id,
    CASE WHEN is_valid THEN value END AS value
  FROM (${checkedLines(source, pairs, [], 'doubles')}
  ) checked`;
  return `
SELECT account_number, pair_id, SUM(units) AS units, bool_or(is_long) AS is_long, CAST(COUNT(*) AS HUGEINT) AS lines
FROM (${withUnits(keyed, 'value')}) counted
GROUP BY account_number, pair_id`;
}

/**
 * Returns SQL of drivers over {@link driverUnits}.
 *
 * @param kept further columns to return
 */
export function driversOfUnits(units: string, kept: readonly string[] = []): string {
  return `SELECT ${['account_number', 'pair_id', ...kept].join(', ')}, CAST(NULL AS ${SHORT_SUM}) AS short_sum, long_sum, lines, amount
FROM (${withAmounts(`SELECT * FROM ${units} s`)}) summed`;
}

/** Returns SQL of the usage of every account, service and cluster over that of its parts, as {@link driverUnits} returns it. */
export function unitsOfParts({ table }: PartUnits): string {
  return `
SELECT account_number, pair_id, SUM(units) AS units, bool_or(is_long) AS is_long, SUM(lines) AS lines
FROM ${table} GROUP BY account_number, pair_id`;
}

/** Returns SQL of drivers over {@link driverSums}: it adds `amount`, the sum as a double. */
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
 * Returns SQL of the usage of each service and cluster by customers and by internal accounts. A net-negative amount counts as
 * 0; the smallest amount is returned because a negative one is an error for physical services.
 */
export function driverTotals(drivers: Drivers, internal: InternalAccounts): string {
  return `
SELECT
  d.pair_id,
  ${sumWhere('i.account_number IS NULL')} AS customers,
  ${sumWhere('i.account_number IS NOT NULL')} AS internal,
  MIN(d.amount) AS least,
  CAST(SUM(d.lines) AS VARCHAR) AS lines
FROM ${drivers.table} d
LEFT JOIN ${internal.table} i ON i.account_number = d.account_number
GROUP BY d.pair_id`;
}
