/** Every valid number: 20 digits before the decimal point; digits beyond the 18th after it are rounded. */
export const LONG = 'DECIMAL(38, 18)';

/** Numbers of up to 9 digits before and after the decimal point. */
export const SHORT = 'DECIMAL(18, 9)';

/** Places after the decimal point of {@link SHORT}. */
export const SHORT_PLACES = 9;

/** A sum of numbers of {@link SHORT}. */
export const SHORT_SUM = 'DECIMAL(38, 9)';

/** SQL that is true for a number in the range of {@link SHORT} that needs no rounding. */
function isPlain(column: string): string {
  return `strpos(${column}, 'e') = 0 AND strpos(${column}, 'E') = 0 AND strpos(${column}, '_') = 0 AND (strpos(${column}, '.') = 0 OR length(${column}) - strpos(${column}, '.') <= 9)`;
}

/** Returns SQL of a number as {@link SHORT}; NULL for a text that needs {@link LONG} or is not a number. */
export function shortValue(column: string): string {
  return `CASE WHEN ${isPlain(column)} THEN TRY_CAST(${column} AS ${SHORT}) END`;
}

/**
 * Returns SQL of a number as {@link LONG}. Digits beyond the 18th after the decimal point are rounded, so that a number may
 * become 0. NULL for a text that is not a number or is out of range; DuckDB would accept an underscore between digits.
 */
export function longValue(column: string): string {
  const long = `TRY_CAST(${column} AS ${LONG})`;
  const double = `TRY_CAST(${column} AS DOUBLE)`;
  const slow = `CASE WHEN strpos(${column}, '_') = 0 AND abs(CAST(${long} AS DOUBLE) - ${double}) <= 1e-9 * abs(${double}) + 1e-18 THEN ${long} END`;
  return `coalesce(${mediumValue(column)}, ${slow})`;
}

/**
 * SQL of a text as a long decimal by way of a decimal of 18 digits with the places of the text, which takes a fiftieth of
 * the time of {@link LONG}; NULL for a text with more digits, and for a text that is not a number.
 */
function mediumValue(column: string): string {
  const cast = (places: number): string =>
    `CAST(TRY_CAST(${column} AS DECIMAL(18, ${String(places)})) AS ${LONG})`;
  const byPlaces = Array.from({ length: 19 }, (_, places) => `WHEN ${String(places)} THEN ${cast(places)}`);
  const places = `CASE WHEN strpos(${column}, '.') = 0 THEN 0 ELSE length(${column}) - strpos(${column}, '.') END`;
  return `CASE WHEN strpos(${column}, 'e') = 0 AND strpos(${column}, 'E') = 0 AND strpos(${column}, '_') = 0 THEN CASE ${places} ${byPlaces.join(' ')} END END`;
}

/** Returns SQL of an exact sum from its short and its long part; a missing part counts as 0. */
export function exactSum(short: string, long: string): string {
  return `CAST(coalesce(CAST(${short} AS ${LONG}), CAST(0 AS ${LONG})) + coalesce(${long}, CAST(0 AS ${LONG})) AS ${LONG})`;
}
