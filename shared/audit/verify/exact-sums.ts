import { type DuckSession, numberIn, textIn } from '../../sql/duck-session';
import type { Sql } from '../../usage/lines/usage-source';
import { Fraction, sum } from './exact/rational';

/** One more than the 53 binary digits of a double: log2 may be off by one. */
const SCALED_BITS = 54;

/**
 * Returns the exact sum of a column of doubles. A double is a whole number times a power of 2: doubles are scaled to whole
 * numbers without loss, and summed by that power. Values that are not finite are left out.
 */
export async function exactSumOf(
  session: DuckSession,
  { sql, parameters }: Sql,
  column: string,
): Promise<Fraction> {
  // Scaling in two steps: one power of 2 alone may be beyond the largest double.
  const half = `pow(2.0, shift // 2)`;
  const rest = `pow(2.0, shift - shift // 2)`;
  const rows = await session.rows(
    `SELECT shift, CAST(SUM(CAST(value * ${half} * ${rest} AS HUGEINT)) AS VARCHAR) AS total FROM (
       SELECT ${column} AS value, ${String(SCALED_BITS)} - CAST(floor(log2(abs(${column}))) AS INTEGER) AS shift
       FROM (${sql}) f WHERE ${column} <> 0 AND isfinite(${column})) d
     GROUP BY shift`,
    parameters,
  );
  return sum(rows.map((row) => scaled(BigInt(textIn(row, 'total')), numberIn(row, 'shift'))));
}

/** A whole number times 2 to the power of -shift. */
function scaled(whole: bigint, shift: number): Fraction {
  const factor = new Fraction(1n << BigInt(Math.abs(shift)), 1n);
  const value = new Fraction(whole, 1n);
  return shift >= 0 ? value.div(factor) : value.mul(factor);
}
