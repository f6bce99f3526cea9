import { type SqlRow, textIn } from '../../sql/duck-session';
import { Fraction } from './exact/rational';

/*
 * Exact amounts in SQL. An amount is held in two columns: `<name>_high`, a decimal with 10 places, and `<name>_low`, a whole
 * number of 10^-40. That holds every number with up to 27 digits before the decimal point and 40 places after it; digits
 * beyond the 40th place, which no usage number has, are cut off. Sums of both columns are exact.
 */

const HIGH = 'DECIMAL(38, 10)';
const HIGH_PLACES = 10;
const LOW_PLACES = 40;
const LOW_PER_HIGH = `CAST('1${'0'.repeat(LOW_PLACES - HIGH_PLACES)}' AS HUGEINT)`;
const HIGH_UNIT = `CAST('0.${'1'.padStart(HIGH_PLACES, '0')}' AS DECIMAL(10, 10))`;

/** Numbers that the high column holds alone: most numbers of most estates. */
const PLAIN = `[+-]?(\\d{1,27}(\\.\\d{0,${String(HIGH_PLACES)}})?|\\.\\d{1,${String(HIGH_PLACES)}})`;

const NUMBER = '([+-]?)(\\d*)(\\.(\\d*))?([eE]([+-]?\\d{1,4}))?';

/** The macro that {@link exactSum} needs: the units of the high column in a sum of the low one. */
export const EXACT_MACRO = `CREATE OR REPLACE TEMP MACRO exact_carry(low) AS
  (low - ((low % ${LOW_PER_HIGH} + ${LOW_PER_HIGH}) % ${LOW_PER_HIGH})) // ${LOW_PER_HIGH}`;

/**
 * Returns the steps that add the columns of the amount in a text column; blank and NULL are 0. A text that is not a number
 * fails the query. The digits of a text that the high column does not hold alone are brought into one row, with the decimal
 * point before `greatest(point, 0)`.
 */
export function exactSteps(text: string, name: string): readonly (readonly string[])[] {
  const part = (group: number): string => `regexp_extract(${text}, '${NUMBER}', ${String(group)})`;
  const [kind, point, digits, places] = ['kind', 'point', 'digits', 'places'].map((end) => `${name}_${end}`);
  const isOther = `${kind} = 'other'`;
  const sign = `CASE WHEN ${text} LIKE '-%' THEN '-' ELSE '' END`;
  const high = `${sign} || '0' || left(${digits}, greatest(${point}, 0)) || '.' || left(${places}, ${String(HIGH_PLACES)})`;
  const low = `${sign} || substr(${places}, ${String(HIGH_PLACES + 1)})`;
  return [
    [
      `CASE WHEN ${text} IS NULL OR ${text} = '' THEN 'blank'
         WHEN regexp_full_match(${text}, '${PLAIN}') THEN 'plain'
         WHEN regexp_full_match(${text}, '${NUMBER}') AND regexp_matches(${text}, '^[+-]?\\.?\\d') THEN 'other'
         ELSE error('"' || ${text} || '" is not a decimal number') END AS ${kind}`,
    ],
    [
      `CASE WHEN ${isOther} THEN length(${part(2)}) + coalesce(TRY_CAST(nullif(${part(6)}, '') AS INTEGER), 0) END AS ${point}`,
    ],
    [
      `CASE WHEN ${isOther} THEN repeat('0', greatest(-${point}, 0)) || ${part(2)} || ${part(4)} || repeat('0', greatest(${point}, 0)) END AS ${digits}`,
    ],
    [
      `CASE WHEN ${isOther} THEN left(rpad(substr(${digits}, greatest(${point}, 0) + 1), 1100, '0'), ${String(LOW_PLACES)}) END AS ${places}`,
    ],
    [
      `CASE ${kind} WHEN 'blank' THEN 0 WHEN 'plain' THEN CAST(${text} AS ${HIGH}) ELSE CAST(${high} AS ${HIGH}) END AS ${name}_high`,
      `CASE WHEN ${isOther} THEN CAST(${low} AS HUGEINT) ELSE 0 END AS ${name}_low`,
    ],
  ];
}

/** SQL columns of the exact sum of an amount; the low column of the sum is from 0 to below one unit of the high one. */
export function exactSum(name: string): string {
  const low = `CAST(SUM(${name}_low) AS HUGEINT)`;
  return [
    `CAST(SUM(${name}_high) + CAST(exact_carry(${low}) AS DECIMAL(28, 0)) * ${HIGH_UNIT} AS ${HIGH}) AS ${name}_high`,
    `${low} - exact_carry(${low}) * ${LOW_PER_HIGH} AS ${name}_low`,
  ].join(', ');
}

/** SQL condition of a sum above 0. */
export function isAboveZero(name: string): string {
  return `(${name}_high > 0 OR (${name}_high = 0 AND ${name}_low > 0))`;
}

/** SQL of an amount as a double, with a relative error below 1e-15. */
export function asDouble(name: string): string {
  return `(CAST(${name}_high AS DOUBLE) + CAST(${name}_low AS DOUBLE) * 1e-40)`;
}

/** SQL columns of an amount that {@link exactIn} reads. */
export function exactTexts(name: string): string {
  return `CAST(${name}_high AS VARCHAR) AS ${name}_high, CAST(${name}_low AS VARCHAR) AS ${name}_low`;
}

/** Returns the exact amount of a row with the columns of {@link exactTexts}. */
export function exactIn(row: SqlRow, name: string): Fraction {
  const high = BigInt(textIn(row, `${name}_high`).replace('.', '')) * 10n ** BigInt(LOW_PLACES - HIGH_PLACES);
  return new Fraction(high + BigInt(textIn(row, `${name}_low`)), 10n ** BigInt(LOW_PLACES));
}
