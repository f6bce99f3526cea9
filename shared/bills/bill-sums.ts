import type { Month } from '../calendar/month';
import { LONG } from '../engine/driver-sql';
import type { EstateSettings } from '../inputs/estate-settings';
import type { BillFormat } from './bill-format';
import { placedLines } from './lines-of-month';

/** Table of a month's sums: a bill has many lines for the same account and service, hour by hour. */
export const BILL_SUMS = 'bill_sum';

/** What lines of a bill are summed by: all that tells which account used which service where, and whether it counts. */
const KEYS = [
  'account_id',
  'payer_id',
  'region_id',
  'service_code',
  'service_name',
  'usage_type',
  'normalization',
  'unit',
  'currency',
  'left_out',
  'is_neighbour',
  'place',
  'part',
];

/**
 * SQL of a bill's sums over its texts: the columns by which lines are summed, `lines`, and the exact sums of quantity
 * and cost, each with a mark where a line's is no number,
 * and `priced_lines`, those whose cost is not 0. Lines that do not count are summed too, for the report.
 *
 * @param kept further columns to sum by
 */
export function billSums(
  format: BillFormat,
  texts: string,
  { month, settings }: { readonly month: Month; readonly settings: EstateSettings },
  kept: readonly string[],
): string {
  const keys = [...KEYS, ...kept].join(', ');
  const sums = (name: string): string =>
    `SUM(${name}_short) AS ${name}_short, SUM(${name}_long) AS ${name}_long, MAX(CASE WHEN ${name}_bad THEN 1 ELSE 0 END) AS ${name}_bad`;
  return `
SELECT ${keys}, ${sums('quantity')}, ${sums('cost')}, COUNT(*) AS lines,
  SUM(CASE WHEN cost_short <> 0 OR cost_long <> 0 THEN 1 ELSE 0 END) AS priced_lines
FROM (${placedLines(format, texts, { month, settings }, kept)}) placed
GROUP BY ${keys}`;
}

/**
 * SQL of sums in the form of lines: quantity and cost as texts. A sum over something that is no number is none either.
 */
export function sumsAsLines(sums: string, kept: readonly string[]): string {
  const text = (name: string): string =>
    `CASE WHEN ${name}_bad > 0 THEN 'no number' ELSE ${exactText(name)} END AS ${name}`;
  return `SELECT ${[...KEYS, ...kept].join(', ')}, ${text('quantity')}, ${text('cost')}, lines FROM ${sums}`;
}

/** An exact sum as a text, without the zeros at its end. */
function exactText(name: string): string {
  const sum = `coalesce(CAST(${name}_short AS ${LONG}), CAST(0 AS ${LONG})) + coalesce(${name}_long, CAST(0 AS ${LONG}))`;
  return `regexp_replace(CAST(CAST(${sum} AS ${LONG}) AS VARCHAR), '\\.?0+$', '')`;
}
