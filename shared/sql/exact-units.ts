import { LONG, SHORT_PLACES, SHORT_SUM } from './exact-decimals';
import {
  bySize,
  EXACT_WHOLE,
  isSameEverywhere,
  lastPlace,
  limit,
  MOST_PLACES,
  nearestUnits,
} from './exact-doubles';
import { selectSteps } from './steps';

/*
 * Doubles and their sums as integers of 128 bits, in units of 10^-18: the numbers of exact-doubles.ts in a tenth of the time. For DuckDB
 * alone: Trino has no such products. Casts of decimals of 38 digits take DuckDB up to 1.5 microseconds.
 */

/** The least size from which a double with places after the decimal point is no short decimal. */
const SHORT_BELOW = 2 ** 22;

/** How many units are 1, and how many are the last place of a short decimal. */
const ONE = String(10n ** BigInt(MOST_PLACES));
const HALF = String(10n ** BigInt(MOST_PLACES) / 2n);
const SHORT_UNIT = String(10n ** BigInt(MOST_PLACES - SHORT_PLACES));

/** The bits that are 0 in a multiple of {@link SHORT_UNIT}: it is one of 2^9. */
const SHORT_BITS = String(2 ** (MOST_PLACES - SHORT_PLACES) - 1);

/** As many units as no short decimal has. */
const SHORT_LIMIT = String(10n ** BigInt(MOST_PLACES + SHORT_PLACES));

/** The same as doubles: the units of 1, and the short decimals of its last place that are 1. */
const ONE_AS_DOUBLE = `1e${String(MOST_PLACES)}`;
const SHORT_ONE = `1e${String(SHORT_PLACES)}`;

/**
 * Returns SQL of a relation with more columns for its column of doubles below 1e20: `units`, as a HUGEINT; and `is_long`, true
 * where no short decimal reads as the double.
 */
export function withUnits(relation: string, double: string): string {
  const power = bySize(double, [0, MOST_PLACES], (places) => `1e${String(places)}`, limitOfPower);
  const units = `CASE ${largeUnits(double)}
  WHEN is_decimal THEN ${wide('CAST(whole AS BIGINT)')} * ${wide(`CAST(${ONE_AS_DOUBLE} / power AS BIGINT)`)}
  ELSE ${wide(nearestUnits(double))} END`;
  const isShort = `${isSameEverywhere(double)} AND abs(${double}) < ${SHORT_ONE} AND round(${double} * ${SHORT_ONE}) / ${SHORT_ONE} = ${double}`;
  // Every short decimal is one of the decimals: the others need no such test, and most doubles are others.
  const isLong = `CASE WHEN is_decimal THEN NOT (${isShort}) ELSE ${double} IS NOT NULL END`;
  return selectSteps(
    {
      ofLine: ['*', `${power} AS power`],
      steps: [
        [`round(${double} * power) AS whole`],
        [`whole / power = ${double} AS is_decimal`],
        [`${units} AS units`, `${isLong} AS is_long`],
      ],
    },
    `(${relation}) doubles`,
  );
}

/** SQL of a double below 1e20 in units: those of {@link withUnits}, for a column of which few doubles need it. */
export function unitsOfDouble(double: string): string {
  const ofPlaces = (places: number): string => {
    const power = `1e${String(places)}`;
    const whole = `round(${double} * ${power})`;
    return `CASE WHEN ${whole} / ${power} = ${double} THEN ${wide(`CAST(${whole} AS BIGINT)`)} * ${wide(String(10n ** BigInt(MOST_PLACES - places)))} END`;
  };
  const decimal = bySize(double, [0, MOST_PLACES], ofPlaces, limitOfPower);
  return `CASE ${largeUnits(double)}
  ELSE coalesce(${decimal}, ${wide(nearestUnits(double))}) END`;
}

/** SQL of a branch: a double from 2^51 on has no more than one binary place after the point. */
function largeUnits(double: string): string {
  return `WHEN abs(${double}) >= ${String(EXACT_WHOLE)} THEN ${wide(`${double} * 2`)} * ${wide(HALF)}`;
}

/** As many places as leave a whole number exact; those of a short decimal up to its limit. */
function limitOfPower(places: number): string {
  return places === SHORT_PLACES ? SHORT_BELOW.toExponential() : limit(places);
}

function wide(number: string): string {
  return `CAST(${number} AS HUGEINT)`;
}

/** SQL of units as a long decimal. */
export function longOfUnits(units: string): string {
  return `CAST(CAST(${units} AS DECIMAL(38, 0)) * ${lastPlace(MOST_PLACES)} AS ${LONG})`;
}

/** SQL of a long decimal as units. */
export function unitsOfLong(long: string): string {
  const rest = `(${long} - trunc(${long})) * CAST(${ONE} AS DECIMAL(19, 0))`;
  return `(${wide(`trunc(${long})`)} * ${wide(ONE)} + ${wide(rest)})`;
}

/** SQL that is true for units that are no short decimal. A division of integers of 128 bits takes long: hardly any needs it. */
export function isLongUnits(units: string): string {
  return `CASE WHEN (${units} & ${SHORT_BITS}) <> 0 THEN true ELSE ${units} % ${SHORT_UNIT} <> 0 OR abs(${units}) >= ${wide(SHORT_LIMIT)} END`;
}

/** Below it, the double of a number of units counts its whole number right to one. */
const GUESSED_BELOW = (2 ** 50 * 10 ** MOST_PLACES).toExponential();

/** Up to it, every whole number is a double. */
const WHOLE_DOUBLES = String(2 ** 53);

/**
 * Returns SQL of a relation with more columns for its `units` and `is_long`: `long_sum`, the units as a long decimal, and
 * `amount`, the double that DuckDB makes of it, or of a short decimal where `is_long` is false. Divisions of integers of 128 bits
 * are as slow as the casts: the whole number is guessed in doubles, and corrected.
 */
export function withAmounts(relation: string): string {
  const double = 'CAST(units AS DOUBLE)';
  // The rest has the sign of the units, as that of DuckDB's division.
  const correction = `CASE WHEN units >= 0 THEN CASE WHEN guess_rest < 0 THEN -1 WHEN guess_rest >= ${ONE} THEN 1 ELSE 0 END
    WHEN guess_rest > 0 THEN 1 WHEN guess_rest <= -${ONE} THEN -1 ELSE 0 END`;
  const wholeAndRest = (rest: string, ofOne: string): string =>
    `CAST(whole AS DOUBLE) + CAST(${rest} AS DOUBLE) / ${ofOne}`;
  const amount = `CASE
  WHEN units IS NULL THEN CAST(0 AS DOUBLE)
  WHEN whole IS NULL AND is_long THEN CAST(long_sum AS DOUBLE)
  WHEN whole IS NULL THEN CAST(CAST(long_sum AS ${SHORT_SUM}) AS DOUBLE)
  WHEN is_long AND abs(${double}) <= ${WHOLE_DOUBLES} THEN ${double} / ${ONE_AS_DOUBLE}
  WHEN is_long THEN ${wholeAndRest('rest', ONE_AS_DOUBLE)}
  WHEN abs(whole) < 9007199 THEN CAST(whole * ${SHORT_UNIT} + rest // ${SHORT_UNIT} AS DOUBLE) / ${SHORT_ONE}
  ELSE ${wholeAndRest(`(rest // ${SHORT_UNIT})`, SHORT_ONE)} END`;
  return selectSteps(
    {
      ofLine: [
        '*',
        `CASE WHEN abs(${double}) < ${GUESSED_BELOW} THEN CAST(trunc(${double} / ${ONE_AS_DOUBLE}) AS BIGINT) END AS guess`,
      ],
      steps: [
        [`CAST(units - ${wide('guess')} * ${wide(ONE)} AS BIGINT) AS guess_rest`],
        [`${correction} AS correction`],
        [
          'guess + correction AS whole',
          `guess_rest - correction * ${ONE} AS rest`,
          `${longOfUnits('units')} AS long_sum`,
        ],
        [`${amount} AS amount`],
      ],
    },
    `(${relation}) sums`,
  );
}
