import { LONG, SHORT } from './exact-decimals';

/*
 * Doubles as exact decimals, by IEEE arithmetic that every engine does alike. Turning a double into a text and the text
 * into a decimal takes DuckDB 5 microseconds, this less than 0.1.
 *
 * A double that is the nearest one to a decimal of up to 15 digits counts as that decimal, as in the file that it was
 * written from. Any other double, a result of a calculation, counts as its product with 10^18, in doubles, over 10^18:
 * that is itself to a part of 2^53. From 2^51 on a double counts as all its digits.
 */

/** Below this, whole doubles and one half are exact, so that rounding is. */
export const EXACT_WHOLE = 2 ** 51;

/** Places after the decimal point of a long decimal. */
export const MOST_PLACES = 18;

/**
 * Doubles that every engine casts to the same short decimal: whole numbers, and those below 2^22, which are closer
 * together than the decimals are.
 */
export function isSameEverywhere(double: string): string {
  return `(abs(${double}) < 4194304 OR ${double} = floor(${double}))`;
}

/** SQL of a double as a short decimal; NULL where no short decimal reads as the double. */
export function shortDouble(double: string): string {
  const short = `TRY_CAST(${double} AS ${SHORT})`;
  return `CASE WHEN ${isSameEverywhere(double)} AND CAST(${short} AS DOUBLE) = ${double} THEN ${short} END`;
}

/** SQL of a double for which {@link isHeld} is true as a long decimal. */
export function longDouble(double: string, { ofWhole }: WholeDecimals): string {
  const small = `coalesce(${bySize(double, [0, MOST_PLACES], (places) => withPlaces(double, places))}, ${nearest(double, ofWhole)})`;
  const long = `CASE WHEN abs(${double}) < ${String(EXACT_WHOLE)} THEN ${small} ELSE ${large(double, ofWhole)} END`;
  // DuckDB makes an integer of the expression where it knows that the double is NULL.
  return `CAST(${long} AS ${LONG})`;
}

/** Places after the decimal point of a unit of {@link unitsOf}. */
export const UNIT_PLACES = 15;

/** The fewest places that a double is tried with. */
const LEAST_UNIT_PLACES = 12;

/** The largest decimal of 15 digits that has as many units as fit into 18 digits. */
const MOST_UNITS = '999.999999999999e0';

/** The double before another one, as SQL has it: BETWEEN takes less time than the comparison of an absolute value. */
function largestBelow(double: number): string {
  return (double * (1 - Number.EPSILON / 2)).toExponential();
}

/** Adding and subtracting it rounds a double of up to 2^51 to a whole one, in less time than a cast does. */
const ROUNDS = `${String(1.5 * 2 ** 52)}e0`;

/**
 * SQL of a double that is the nearest one to a decimal of up to 15 digits, in units of 10^-15; NULL for a double from 1,000
 * on, and for another double. It is the same number as {@link longDouble}, in a tenth of the time.
 */
export function unitsOf(double: string, { unit }: WholeDecimals): string {
  const cases: string[] = [];
  for (let places = UNIT_PLACES; places >= LEAST_UNIT_PLACES; places -= 1) {
    const most = places === LEAST_UNIT_PLACES ? MOST_UNITS : largestBelow(EXACT_WHOLE / 10 ** places);
    const whole = `((${double} * 1e${String(places)} + ${ROUNDS}) - ${ROUNDS})`;
    const units = `CAST(CAST(${whole} AS BIGINT) * ${String(10 ** (UNIT_PLACES - places))} AS ${unit})`;
    const isSame = `${whole} / 1e${String(places)} = ${double}`;
    cases.push(`WHEN ${double} BETWEEN -${most} AND ${most} THEN CASE WHEN ${isSame} THEN ${units} END`);
  }
  return `CASE ${cases.join(' ')} END`;
}

/** SQL of the last of some places after the decimal point. */
export function lastPlace(places: number): string {
  return `CAST(0.${'1'.padStart(places, '0')} AS DECIMAL(${String(places)}, ${String(places)}))`;
}

/** How an engine turns doubles into decimals without a loss. */
export interface WholeDecimals {
  /** SQL of a whole double below 2^120 as a DECIMAL(38, 0). */
  readonly ofWhole: (whole: string) => string;
  /** Type of whole numbers of 18 digits whose sums have the type {@link WholeDecimals.unitSum}. */
  readonly unit: string;
  readonly unitSum: string;
}

/** DuckDB casts whole doubles as they are, and sums integers as integers of 128 bits. */
export const CAST_WHOLE: WholeDecimals = {
  ofWhole: (whole) => `CAST(${whole} AS DECIMAL(38, 0))`,
  unit: 'BIGINT',
  unitSum: 'HUGEINT',
};

/** Trino casts a double from 2^63 on by its shortest text, and has no integers of 128 bits. */
export const WHOLE_IN_PARTS: WholeDecimals = {
  ofWhole: inParts,
  unit: 'DECIMAL(18, 0)',
  unitSum: 'DECIMAL(38, 0)',
};

/** SQL that is true for a double that has no more than 20 digits before the decimal point. */
export function isHeld(double: string): string {
  return `(abs(${double}) < 1e20)`;
}

/** SQL that is true for a double that has more, and for one that is not a number; false for NULL. */
export function isNotHeld(double: string): string {
  return `(${double} IS NOT NULL AND NOT ${isHeld(double)})`;
}

/**
 * SQL that chooses the number of places by the size of a double, in few comparisons.
 *
 * @param ofPlaces returns SQL of a choice
 * @param limitOf returns the size below which as many places are chosen; @default - as many as leave a whole number exact
 */
export function bySize(
  double: string,
  [least, most]: readonly [number, number],
  ofPlaces: (places: number) => string,
  limitOf: (places: number) => string = limit,
): string {
  if (least === most) return ofPlaces(least);
  const middle = Math.ceil((least + most) / 2);
  const half = (range: readonly [number, number]): string => bySize(double, range, ofPlaces, limitOf);
  return `CASE WHEN abs(${double}) < ${limitOf(middle)} THEN ${half([middle, most])} ELSE ${half([least, middle - 1])} END`;
}

/** Numbers below it are exact when multiplied by this power of ten and rounded. */
export function limit(places: number): string {
  return (EXACT_WHOLE / 10 ** places).toExponential();
}

function withPlaces(double: string, places: number): string {
  const whole = rounded(`(${double} * 1e${String(places)})`);
  const unit = `CAST(${places === 0 ? '1' : `0.${'1'.padStart(places, '0')}`} AS DECIMAL(20, ${String(MOST_PLACES)}))`;
  return `CASE WHEN ${whole} / 1e${String(places)} = ${double} THEN ${asWhole(whole)} * ${unit} END`;
}

/** A double that is not a decimal of few digits. */
function nearest(double: string, ofWhole: WholeDecimals['ofWhole']): string {
  return `${ofWhole(nearestUnits(double))} * ${lastPlace(MOST_PLACES)}`;
}

/** SQL of a double that is not a decimal of few digits in units of 10^-18: their product, which is whole where it is large. */
export function nearestUnits(double: string): string {
  const product = `(${double} * 1e${String(MOST_PLACES)})`;
  return `(CASE WHEN abs(${product}) < ${String(2 ** 52)} THEN ${rounded(product)} ELSE ${product} END)`;
}

/** A double from 2^51 on has no more than one binary place after the point. */
function large(double: string, ofWhole: WholeDecimals['ofWhole']): string {
  return `${ofWhole(`(${double} * 2)`)} * CAST(0.5 AS DECIMAL(18, ${String(MOST_PLACES)}))`;
}

function inParts(whole: string): string {
  const high = `(floor(abs(${whole}) / ${PART}) * sign(${whole}))`;
  const low = `(${whole} - ${high} * ${PART})`;
  return `CAST(${asWhole(high)} * CAST(${PART} AS DECIMAL(19, 0)) + ${asWhole(low)} AS DECIMAL(38, 0))`;
}

const PART = String(2n ** 60n);

function asWhole(double: string): string {
  return `CAST(CAST(${double} AS BIGINT) AS DECIMAL(19, 0))`;
}

/** A number below 2^52 rounded to a whole one, half of it away from 0. */
export function rounded(number: string): string {
  return `(floor(abs(${number}) + 0.5) * sign(${number}))`;
}
