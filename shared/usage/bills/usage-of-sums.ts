import { amountNames } from '../../sql/amount-columns';
import type { DuckSession } from '../../sql/duck-session';
import { LONG, SHORT } from '../../sql/exact-decimals';
import { longOfUnits } from '../../sql/exact-units';
import type { BillSums } from './bill-sums';
import { accountOf, placedUsage, USAGE_COLUMNS, type UsageSql } from './placed-usage';

/**
 * Returns SQL of the usage of sums. The cluster, the product and the factors of each key are determined once, and then hold for
 * all accounts. A factor of 1 leaves a sum exact.
 */
export async function usageOfSums(
  session: DuckSession,
  { keys, amounts }: BillSums,
  sql: UsageSql,
  more: readonly string[],
): Promise<string> {
  const { cost, quantity, joined } = placedUsage(`SELECT * FROM ${keys.table}`, sql);
  const places = await session.tableOf(
    `SELECT b.key_id, ${joined.columns}, coalesce(r.line_count, 1) AS line_count,
       ${quantity} AS quantity_factor, ${cost} AS cost_factor${more.map((column) => `, b.${column}`).join('')}
     ${joined.from}`,
  );
  const others = [...USAGE_COLUMNS, ...more].join(', ');
  const ofAmounts = (columnsOf: (name: string) => string[]): string =>
    AMOUNTS.flatMap(([, name]) => columnsOf(name)).join(', ');
  return `
SELECT ${others}, ${ofAmounts(amountOfUsage)}
FROM (SELECT ${others}, ${ofAmounts(scaledAmount)}
FROM (SELECT ${accountOf(sql, 'a.account_id')} AS usage_account_id, p.cluster_id, p.product_code, p.in_month,
    p.line_count * a.lines AS line_count${more.map((column) => `, p.${column}`).join('')},
    ${AMOUNTS.flatMap(([from, name]) => sumOfAmount(from, name)).join(',\n    ')}
  FROM ${amounts.table} a JOIN ${places.table} p ON p.key_id = a.key_id) summed) scaled`;
}

/** Amounts of sums, and of usage lines. */
const AMOUNTS = [
  ['quantity', 'usage_quantity'],
  ['cost', 'usage_revenue'],
] as const;

/** SQL of the exact sum of an amount, its factor and whether it is invalid. A quantity without a factor does not count. */
function sumOfAmount(from: (typeof AMOUNTS)[number][0], name: string): string[] {
  const factor = `p.${from}_factor`;
  const sum = longOfUnits(`a.${from}_units`);
  if (from === 'cost') {
    return [`${sum} AS ${name}_sum`, `${factor} AS ${name}_factor`, `a.cost_bad > 0 AS ${name}_invalid`];
  }
  const counts = `${factor} IS NOT NULL`;
  return [
    `CASE WHEN ${counts} THEN ${sum} ELSE CAST(0 AS ${LONG}) END AS ${name}_sum`,
    `coalesce(${factor}, 1) AS ${name}_factor`,
    `(${counts} AND a.quantity_bad > 0) AS ${name}_invalid`,
  ];
}

/** SQL of an exact sum times its factor: as a short decimal, where it is one and the factor is 1, and as a long one. */
function scaledAmount(name: string): string[] {
  const [sum, factor] = [`${name}_sum`, `${name}_factor`];
  const double = `CAST(${sum} AS DOUBLE)`;
  const product = `TRY_CAST(${double} * ${factor} AS ${LONG})`;
  return [
    `CASE WHEN ${factor} = 1 THEN ${asShort(sum, double)} END AS ${name}_rounded`,
    `CASE WHEN ${factor} = 1 THEN ${sum} ELSE ${product} END AS ${name}_scaled`,
    `${factor} = 1 AS ${name}_is_sum`,
    `${name}_invalid`,
  ];
}

/** Below it, doubles are closer together than short decimals are. */
const EXACT_SHORT = 4_000_000;

/**
 * Returns SQL of a sum as a short decimal: by way of a double, since DuckDB takes microseconds to take places off a long decimal.
 *
 * @param double SQL of the sum as a double
 */
function asShort(sum: string, double: string): string {
  return `CASE WHEN abs(${double}) < ${String(EXACT_SHORT)} THEN CAST(${double} AS ${SHORT}) ELSE TRY_CAST(${sum} AS ${SHORT}) END`;
}

/** SQL of such an amount, as usage lines have them. */
function amountOfUsage(name: string): string[] {
  const [rounded, scaled] = [`${name}_rounded`, `${name}_scaled`];
  const isBad = `(${name}_invalid OR ${scaled} IS NULL)`;
  const isShort = `coalesce(CAST(${rounded} AS ${LONG}) = ${scaled}, false)`;
  const text = `CASE WHEN ${isBad} THEN 'no number' WHEN ${name}_is_sum THEN ${withoutZeros(scaled)} ELSE CAST(${scaled} AS VARCHAR) END`;
  const [asText = '', short = '', long = '', bad = ''] = amountNames(name);
  return [
    `${text} AS ${asText}`,
    `CASE WHEN NOT ${name}_invalid AND ${isShort} THEN ${rounded} END AS ${short}`,
    `CASE WHEN NOT ${name}_invalid AND NOT ${isShort} THEN ${scaled} END AS ${long}`,
    `${isBad} AS ${bad}`,
  ];
}

/** An exact sum as a text, without the zeros at its end. */
function withoutZeros(sum: string): string {
  return `regexp_replace(CAST(${sum} AS VARCHAR), '\\.?0+$', '')`;
}
