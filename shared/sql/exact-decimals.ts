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
