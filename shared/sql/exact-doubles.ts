import { LONG, SHORT, SHORT_PLACES, SHORT_SUM } from './exact-decimals';

/*
 * Doubles as exact decimals, by IEEE arithmetic that every engine does alike. Turning a double into a text and the text
 * into a decimal takes DuckDB 5 microseconds, this less than 0.1.
 *
 * A double that is the nearest one to a decimal of up to 15 digits counts as that decimal, as in the file that it was
 * written from. Any other double, a result of a calculation, counts as its product with 10^18, in doubles, over 10^18:
 * that is itself to a part of 2^53. From 2^51 on a double counts as all its digits.
 */

/** Below this, whole doubles and one half are exact, so that rounding is. */
const EXACT_WHOLE = 2 ** 51;

/** Places after the decimal point of a long decimal. */
const MOST_PLACES = 18;

/**
 * Doubles that every engine casts to the same short decimal: whole numbers, and those below 2^22, which are closer
 * together than the decimals are.
 */
function isSameEverywhere(double: string): string {
  return `(abs(${double}) < 4194304 OR ${double} = floor(${double}))`;
}

/** SQL of a double as a short decimal; NULL where no short decimal reads as the double. */
export function shortDouble(double: string): string {
  const short = `TRY_CAST(${double} AS ${SHORT})`;
  return `CASE WHEN ${isSameEverywhere(double)} AND CAST(${short} AS DOUBLE) = ${double} THEN ${short} END`;
}

/** SQL of a double for which {@link isHeld} is true as a long decimal. */
export function longDouble(double: string, { ofWhole }: WholeDecimals): string {
  const small = `coalesce(${tree(double, 0, MOST_PLACES)}, ${nearest(double, ofWhole)})`;
  const long = `CASE WHEN abs(${double}) < ${String(EXACT_WHOLE)} THEN ${small} ELSE ${large(double, ofWhole)} END`;
  // DuckDB makes an integer of the expression where it knows that the double is NULL.
  return `CAST(${long} AS ${LONG})`;
}

/** Places after the decimal point of a unit of {@link unitsOf}. */
const UNIT_PLACES = 15;

/** The fewest places that a double is tried with: below the limit a sum of units fits into 18 digits. */
const LEAST_UNIT_PLACES = 12;

/**
 * SQL of a double that is the nearest one to a decimal of up to 15 digits, in units of 10^-15, as a decimal of 18 digits;
 * NULL for a double from 1,000 on, and for another double. It is the same number as {@link longDouble}, in a tenth of the
 * time.
 */
export function unitsOf(double: string): string {
  const cases: string[] = [];
  for (let places = UNIT_PLACES; places >= LEAST_UNIT_PLACES; places -= 1) {
    const below = places === LEAST_UNIT_PLACES ? '1e3' : limit(places);
    const whole = `CAST(${double} * 1e${String(places)} AS BIGINT)`;
    const units = `CAST(${whole} * ${String(10 ** (UNIT_PLACES - places))} AS DECIMAL(18, 0))`;
    const isSame = `CAST(${whole} AS DOUBLE) / 1e${String(places)} = ${double}`;
    cases.push(`WHEN abs(${double}) < ${below} THEN CASE WHEN ${isSame} THEN ${units} END`);
  }
  return `CASE ${cases.join(' ')} END`;
}

/** SQL of the sum of {@link unitsOf} over lines as a long decimal; 0 where there are none. */
export function sumOfUnits(units: string): string {
  const unit = `CAST(0.${'1'.padStart(UNIT_PLACES, '0')} AS DECIMAL(${String(UNIT_PLACES)}, ${String(UNIT_PLACES)}))`;
  return `CAST(coalesce(CAST(SUM(${units}) AS DECIMAL(38, 0)), CAST(0 AS DECIMAL(38, 0))) * ${unit} AS ${LONG})`;
}

/** The least size from which a double with places after the decimal point is no short decimal. */
const SHORT_BELOW = 2 ** 22;

/** How many units of 10^-18 are 1. */
const ONE = String(10n ** BigInt(MOST_PLACES));
const HALF = String(10n ** BigInt(MOST_PLACES) / 2n);

/** How many units of 10^-18 are the last place of a short decimal. */
const SHORT_UNIT = String(10n ** BigInt(MOST_PLACES - SHORT_PLACES));

/**
 * Returns SQL of a relation with two more columns for its column of doubles, of which {@link isHeld} is true: `units`, the number of
 * {@link shortDouble} or {@link longDouble} in units of 10^-18, as a HUGEINT; and `is_long`, true where no short decimal
 * reads as the double. It takes a tenth of the time of those, and is for DuckDB alone: Trino has no such products.
 *
 * Each step is a relation, because an expression that is repeated is computed again.
 */
export function withUnits(relation: string, double: string): string {
  const product = `${double} * 1e${String(MOST_PLACES)}`;
  const short = `${rounded(`(${double} * 1e${String(SHORT_PLACES)})`)} / 1e${String(SHORT_PLACES)}`;
  const isShort = `${isSameEverywhere(double)} AND abs(${double}) < 1e${String(SHORT_PLACES)} AND ${short} = ${double}`;
  const powers = `SELECT *, ${powerOf(double, 0, MOST_PLACES)} AS power, NOT (${isShort}) AS is_long FROM (${relation}) r`;
  const wholes = `SELECT *, ${rounded(`(${double} * power)`)} AS whole FROM (${powers}) p`;
  const wide = (number: string): string => `CAST(${number} AS HUGEINT)`;
  const unit = wide(`CAST(1e${String(MOST_PLACES)} / power AS BIGINT)`);
  const nearestUnits = `CASE WHEN abs(${product}) < ${String(2 ** 52)} THEN ${rounded(`(${product})`)} ELSE ${product} END`;
  return `SELECT *, CASE
  WHEN abs(${double}) >= ${String(EXACT_WHOLE)} THEN ${wide(`${double} * 2`)} * ${wide(HALF)}
  WHEN whole / power = ${double} THEN ${wide('CAST(whole AS BIGINT)')} * ${unit}
  ELSE ${wide(nearestUnits)} END AS units
FROM (${wholes}) w`;
}

/** The power of ten with as many places as leave a whole number exact; those of a short decimal up to its limit. */
function powerOf(double: string, least: number, most: number): string {
  if (least === most) return `1e${String(least)}`;
  const middle = Math.ceil((least + most) / 2);
  const below = middle === SHORT_PLACES ? SHORT_BELOW.toExponential() : limit(middle);
  return `CASE WHEN abs(${double}) < ${below} THEN ${powerOf(double, middle, most)} ELSE ${powerOf(double, least, middle - 1)} END`;
}

/** SQL of a number of units of 10^-18 as a long decimal. */
function longOfUnits(units: string): string {
  const unit = `CAST(0.${'1'.padStart(MOST_PLACES, '0')} AS DECIMAL(${String(MOST_PLACES)}, ${String(MOST_PLACES)}))`;
  return `CAST(CAST(${units} AS DECIMAL(38, 0)) * ${unit} AS ${LONG})`;
}

/** Below it, the double of a number of units counts its whole number right to one. */
const GUESSED_BELOW = 2 ** 50 * 10 ** MOST_PLACES;

/** Up to it, every whole number is a double. */
const WHOLE_DOUBLES = String(2 ** 53);

/**
 * Returns SQL of a relation with two more columns for its `units` and `is_long`: `long_sum`, the units as a long decimal, and
 * `amount`, the double that DuckDB makes of it, or of a short decimal where `is_long` is false. Divisions of integers of 128 bits
 * would take ten times as long: the whole number is guessed in doubles, and corrected.
 */
export function withAmounts(relation: string): string {
  const double = 'CAST(units AS DOUBLE)';
  const guesses = `SELECT *, CASE WHEN abs(${double}) < ${GUESSED_BELOW.toExponential()} THEN CAST(trunc(${double} / 1e${String(MOST_PLACES)}) AS BIGINT) END AS guess FROM (${relation}) r`;
  const rests = `SELECT *, CAST(units - CAST(guess AS HUGEINT) * CAST(${ONE} AS HUGEINT) AS BIGINT) AS guess_rest FROM (${guesses}) g`;
  // The rest has the sign of the units, as that of DuckDB's division.
  const corrections = `SELECT *, CASE WHEN units >= 0 THEN CASE WHEN guess_rest < 0 THEN -1 WHEN guess_rest >= ${ONE} THEN 1 ELSE 0 END
    WHEN guess_rest > 0 THEN 1 WHEN guess_rest <= -${ONE} THEN -1 ELSE 0 END AS correction FROM (${rests}) r`;
  const parts = `SELECT *, guess + correction AS whole, guess_rest - correction * ${ONE} AS rest FROM (${corrections}) c`;
  const long = longOfUnits('units');
  const wholeAndRest = (unit: string, ofOne: string): string =>
    `CAST(whole AS DOUBLE) + CAST(${unit} AS DOUBLE) / ${ofOne}`;
  const shortUnits = `(whole * ${SHORT_UNIT} + rest // ${SHORT_UNIT})`;
  return `SELECT *, ${long} AS long_sum, CASE
  WHEN units IS NULL THEN CAST(0 AS DOUBLE)
  WHEN whole IS NULL AND is_long THEN CAST(${long} AS DOUBLE)
  WHEN whole IS NULL THEN CAST(CAST(${long} AS ${SHORT_SUM}) AS DOUBLE)
  WHEN is_long AND abs(${double}) <= ${WHOLE_DOUBLES} THEN ${double} / 1e${String(MOST_PLACES)}
  WHEN is_long THEN ${wholeAndRest('rest', `1e${String(MOST_PLACES)}`)}
  WHEN abs(whole) < 9007199 THEN CAST(${shortUnits} AS DOUBLE) / 1e${String(SHORT_PLACES)}
  ELSE ${wholeAndRest(`(rest // ${SHORT_UNIT})`, `1e${String(SHORT_PLACES)}`)} END AS amount
FROM (${parts}) p`;
}

/** How an engine turns whole doubles below 2^120 into decimals without a loss. */
export interface WholeDecimals {
  /** SQL of a whole double as a DECIMAL(38, 0). */
  readonly ofWhole: (whole: string) => string;
}

/** DuckDB casts whole doubles as they are. */
export const CAST_WHOLE: WholeDecimals = { ofWhole: (whole) => `CAST(${whole} AS DECIMAL(38, 0))` };

/** Trino casts a double from 2^63 on by its shortest text. */
export const WHOLE_IN_PARTS: WholeDecimals = { ofWhole: inParts };

/** SQL that is true for a double that has no more than 20 digits before the decimal point. */
export function isHeld(double: string): string {
  return `(abs(${double}) < 1e20)`;
}

/** Chooses the number of places by the size of the number, in few comparisons: as many as leave a whole number exact. */
function tree(double: string, least: number, most: number): string {
  if (least === most) return withPlaces(double, least);
  const middle = Math.ceil((least + most) / 2);
  return `CASE WHEN abs(${double}) < ${limit(middle)} THEN ${tree(double, middle, most)} ELSE ${tree(double, least, middle - 1)} END`;
}

/** Numbers below it are exact when multiplied by this power of ten and rounded. */
function limit(places: number): string {
  return (EXACT_WHOLE / 10 ** places).toExponential();
}

function withPlaces(double: string, places: number): string {
  const whole = rounded(`(${double} * 1e${String(places)})`);
  const unit = `CAST(${places === 0 ? '1' : `0.${'1'.padStart(places, '0')}`} AS DECIMAL(20, ${String(MOST_PLACES)}))`;
  return `CASE WHEN ${whole} / 1e${String(places)} = ${double} THEN ${asWhole(whole)} * ${unit} END`;
}

/** A double that is not a decimal of few digits, by its product with 10^18, which is whole where it is large. */
function nearest(double: string, ofWhole: WholeDecimals['ofWhole']): string {
  const product = `(${double} * 1e18)`;
  const units = `(CASE WHEN abs(${product}) < ${String(2 ** 52)} THEN ${rounded(product)} ELSE ${product} END)`;
  return `${ofWhole(units)} * CAST(0.${'1'.padStart(MOST_PLACES, '0')} AS DECIMAL(18, ${String(MOST_PLACES)}))`;
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
function rounded(number: string): string {
  return `(floor(abs(${number}) + 0.5) * sign(${number}))`;
}
