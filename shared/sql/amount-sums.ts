import { amountNames, type AmountOptions, amountSteps, isDouble, scaleOf } from './amount-columns';
import { LONG, SHORT_PLACES, SHORT_SUM } from './exact-decimals';
import {
  CAST_WHOLE,
  isHeld,
  isNotHeld,
  MOST_PLACES,
  UNIT_PLACES,
  longDouble,
  shortDouble,
  unitsOf,
  type WholeDecimals,
} from './exact-doubles';
import { unitsOfDouble } from './exact-units';
import type { Steps } from './steps';

/** Types of the columns of the sums of an amount in DuckDB, by the ends of their names. */
export const AMOUNT_SUM_COLUMNS = {
  _units: 'HUGEINT',
  _short: 'DECIMAL(38,9)',
  _long: 'DECIMAL(38,18)',
  _bad: 'BOOLEAN',
  _lines: 'BIGINT',
} as const;

/** SQL of the sums of an amount over lines. */
export interface AmountSums extends Steps {
  /**
   * Columns of the sums, with the types of {@link AMOUNT_SUM_COLUMNS}: `<name>_units` in units of 10^-18, `<name>_short` and
   * `<name>_long`, which add up to the sum, each NULL where it has no part of it; `<name>_bad`, true where a value is not a number; and `<name>_lines`, the number of lines whose amount is not 0.
   */
  readonly sums: readonly string[];
  /** Where the sums are those of amounts of few digits alone: the others. They are summed without the steps. @default - none */
  readonly others?: OtherSums;
}

/** The sums of amounts of many digits. Most bills have none of them, and summing the others takes fewer steps. */
export interface OtherSums {
  /** SQL over the columns of a line, without its steps, that is true where the amount has few digits. */
  readonly isPlain: string;
  /** Columns as those of all sums. */
  readonly sums: readonly string[];
}

/** Returns sums of no line, with the columns of {@link AmountSums.sums}. */
export function noSums(name: string, dialect: WholeDecimals): string[] {
  const [, short = '', long = '', bad = ''] = amountNames(name);
  return [
    `false AS ${bad}`,
    noUnits(name, dialect),
    `CAST(NULL AS ${SHORT_SUM}) AS ${short}`,
    `CAST(NULL AS ${LONG}) AS ${long}`,
    `CAST(0 AS BIGINT) AS ${name}_lines`,
  ];
}

function noUnits(name: string, { unitSum }: WholeDecimals): string {
  return `CAST(NULL AS ${unitSum}) AS ${name}_units`;
}

/**
 * Returns the sums of an amount over lines, exact as the sums of {@link amountColumns} are.
 *
 * @param column SQL of the column in the file
 */
export function amountSums(column: string, name: string, options: AmountOptions = {}): AmountSums {
  const [, short = '', long = '', bad = ''] = amountNames(name);
  const { dialect = CAST_WHOLE } = options;
  const shared = [`coalesce(bool_or(${bad}), false) AS ${bad}`];
  const lines = (isNotZero: string): string =>
    `CAST(SUM(CASE WHEN ${isNotZero} THEN 1 ELSE 0 END) AS BIGINT) AS ${name}_lines`;
  if (isDouble(options.type)) {
    const sums = { shared, lines, dialect };
    return options.areLarge === true ? largeSums(column, name, sums) : doubleSums(column, name, sums);
  }
  if ((scaleOf(options.type ?? '') ?? 0) > SHORT_PLACES) {
    return {
      ofLine: [`CAST(${column} AS ${LONG}) AS ${long}`],
      sums: [
        `false AS ${bad}`,
        noUnits(name, dialect),
        `CAST(NULL AS ${SHORT_SUM}) AS ${short}`,
        `SUM(${long}) AS ${long}`,
        lines(`${long} <> 0`),
      ],
    };
  }
  const { ofLine, steps } = amountSteps(column, name, options);
  return {
    ofLine: ofLine.slice(1),
    steps,
    sums: [
      ...shared,
      noUnits(name, dialect),
      `SUM(${short}) AS ${short}`,
      `SUM(${long}) AS ${long}`,
      lines(`${short} <> 0 OR ${long} <> 0`),
    ],
  };
}

/** Nearly all doubles of bills are decimals of up to 15 digits below 1,000, which are summed in few steps. */
function doubleSums(column: string, name: string, { shared, lines, dialect }: DoubleSums): AmountSums {
  const [, short = '', long = '', bad = ''] = amountNames(name);
  const [units, value] = [`${name}_units`, `${name}_value`];
  const unlessUnits = (sql: string): string => `CASE WHEN ${units} IS NULL THEN ${sql} END`;
  const asShort = shortDouble(value);
  // A smaller number becomes 0 as a decimal.
  const isNotZero = `abs(${value} * 1e18) >= 0.5 AND abs(${value} * 1e18) < 1e38`;
  const asLong = `CASE WHEN ${asShort} IS NULL AND ${isHeld(value)} THEN ${longDouble(value, dialect)} END`;
  return {
    ofLine: [`${unitsOf(column, dialect)} AS ${units}`, `${column} AS ${value}`],
    steps: [
      [
        `${unlessUnits(asShort)} AS ${short}`,
        `${unlessUnits(asLong)} AS ${long}`,
        `${units} IS NULL AND ${isNotHeld(value)} AS ${bad}`,
      ],
    ],
    sums: [
      `false AS ${bad}`,
      `SUM(${units}) * ${String(10 ** (MOST_PLACES - UNIT_PLACES))} AS ${units}`,
      `CAST(NULL AS ${SHORT_SUM}) AS ${short}`,
      `CAST(NULL AS ${LONG}) AS ${long}`,
      `COUNT(nullif(${units}, 0)) AS ${name}_lines`,
    ],
    others: {
      isPlain: `(${units} IS NOT NULL OR ${value} IS NULL)`,
      sums: [
        ...shared,
        noUnits(name, dialect),
        `SUM(${short}) AS ${short}`,
        `CAST(SUM(${long}) AS ${LONG}) AS ${long}`,
        lines(`${units} IS NULL AND ${isNotZero}`),
      ],
    },
  };
}

/**
 * Doubles of which some are large: in DuckDB each becomes an integer of 128 bits. That takes a tenth longer for the others, and a
 * third of the time of reading the large ones once more.
 */
function largeSums(column: string, name: string, { shared, dialect }: DoubleSums): AmountSums {
  const [, short = '', long = '', bad = ''] = amountNames(name);
  const [units, small, value] = [`${name}_units`, `${name}_small`, `${name}_value`];
  const ofOne = String(10 ** (MOST_PLACES - UNIT_PLACES));
  return {
    ofLine: [`${unitsOf(column, dialect)} AS ${small}`, `${column} AS ${value}`],
    steps: [
      [
        `CASE WHEN ${small} IS NOT NULL THEN CAST(${small} AS HUGEINT) * ${ofOne} WHEN ${isHeld(value)} THEN ${unitsOfDouble(value)} END AS ${units}`,
        `${small} IS NULL AND ${isNotHeld(value)} AS ${bad}`,
      ],
    ],
    sums: [
      ...shared,
      `SUM(${units}) AS ${units}`,
      `CAST(NULL AS ${SHORT_SUM}) AS ${short}`,
      `CAST(NULL AS ${LONG}) AS ${long}`,
      `COUNT(nullif(${units}, 0)) AS ${name}_lines`,
    ],
  };
}

interface DoubleSums {
  /** Columns of the sums of every type. */
  readonly shared: readonly string[];
  /** SQL of the number of lines for which a condition is true. */
  readonly lines: (isNotZero: string) => string;
  readonly dialect: WholeDecimals;
}
