import type { Breakdown } from '../../exports/breakdown';
import { exactSum } from '../../sql/exact-decimals';
import { BILL_LINE_COLUMNS, type BillFormat } from './bill-format';
import { detailOf, breakdownValue } from './breakdown-value';
import { type BillMonth, placedLines } from './lines-of-month';

/** Table of a month's sums: a bill has many lines for the same account and service, hour by hour. */
export const BILL_SUMS = 'bill_sum';

/** What of a line is summed, and its times, of which `place` and `part` tell all that counts. */
const NOT_KEYS: ReadonlySet<string> = new Set(['quantity', 'cost', 'period_start', 'period_end']);

/** What lines of a bill are summed by: all that tells which account used which service where, and whether it counts. */
const KEYS = [
  ...BILL_LINE_COLUMNS.filter((column) => !NOT_KEYS.has(column)),
  ...['left_out', 'is_neighbour', 'place', 'part'],
];

/**
 * SQL of the sums of a bill's file over its texts: the columns by which lines are summed, the exact sums of quantity and
 * cost, each with a mark where a line's is no number, `lines`, and `priced_lines`, those whose cost is not 0. Lines that
 * do not count are summed too, for the report.
 *
 * @param breakdown what lines are also summed by
 */
export function billSums(
  format: BillFormat,
  texts: string,
  { month, settings }: BillMonth,
  breakdown?: Breakdown,
): string {
  const keys = keysOf(breakdown).join(', ');
  const sums = (name: string): string =>
    `SUM(${name}_short) AS ${name}_short, SUM(${name}_long) AS ${name}_long, MAX(CASE WHEN ${name}_bad THEN 1 ELSE 0 END) AS ${name}_bad`;
  return `
SELECT ${keys}, ${sums('quantity')}, ${sums('cost')}, COUNT(*) AS lines,
  SUM(CASE WHEN cost_short <> 0 OR cost_long <> 0 THEN 1 ELSE 0 END) AS priced_lines
FROM (${splitLines(format, texts, { month, settings }, breakdown)}) placed
GROUP BY ${keys}`;
}

/**
 * SQL of a month's sums over those of its files. Factors are put to sums that hold all lines, so that no number depends
 * on how a bill was cut into files.
 */
export function mergedSums(sums: string, breakdown?: Breakdown): string {
  const keys = keysOf(breakdown).join(', ');
  const amount = (name: string): string =>
    `SUM(${name}_short) AS ${name}_short, SUM(${name}_long) AS ${name}_long, MAX(${name}_bad) AS ${name}_bad`;
  const count = (name: string): string => `CAST(SUM(${name}) AS BIGINT) AS ${name}`;
  return `
SELECT ${keys}, ${amount('quantity')}, ${amount('cost')}, ${count('lines')}, ${count('priced_lines')}
FROM (${sums}) file_sum
GROUP BY ${keys}`;
}

/**
 * SQL of sums in the form of lines: quantity and cost as texts. A sum over something that is no number is none either.
 */
export function sumsAsLines(sums: string, breakdown?: Breakdown): string {
  const text = (name: string): string =>
    `CASE WHEN ${name}_bad > 0 THEN 'no number' ELSE ${exactText(name)} END AS ${name}`;
  return `SELECT ${keysOf(breakdown).join(', ')}, ${text('quantity')}, ${text('cost')}, lines FROM ${sums}`;
}

function keysOf(breakdown?: Breakdown): string[] {
  return breakdown === undefined ? KEYS : [...KEYS, 'split_value'];
}

function splitLines(format: BillFormat, texts: string, month: BillMonth, breakdown?: Breakdown): string {
  if (breakdown === undefined) return placedLines(format, texts, month, []);
  const lines = placedLines(format, texts, month, [detailOf(breakdown)]);
  return `SELECT l.*, ${breakdownValue(breakdown)} AS split_value FROM (${lines}) l CROSS JOIN breakdown_key k`;
}

/** An exact sum as a text, without the zeros at its end. */
function exactText(name: string): string {
  const sum = exactSum(`${name}_short`, `${name}_long`);
  return `regexp_replace(CAST(${sum} AS VARCHAR), '\\.?0+$', '')`;
}
