import { LONG, longValue, SHORT, SHORT_PLACES, SHORT_SUM, shortValue } from './exact-decimals';
import {
  CAST_WHOLE,
  isHeld,
  longDouble,
  sumOfUnits,
  shortDouble,
  unitsOf,
  type WholeDecimals,
} from './exact-doubles';

/** Types of whole numbers that a long decimal holds. */
const WHOLE = /^(TINYINT|SMALLINT|INTEGER|BIGINT)$/i;
const DECIMAL = /^DECIMAL\((\d+),\s*(\d+)\)$/i;

/** SQL of an amount in the ways that exact sums need it. */
interface Amount {
  /** NULL where it takes the long way, or is invalid. */
  readonly short: string;
  /** NULL where it is invalid; used only where there is no short decimal. */
  readonly long: string;
  /** True for an amount that is invalid; used only where there is no short decimal. */
  readonly isBad: string;
}

/** How an amount is read. */
export interface AmountOptions {
  /** DuckDB type of the column in a file that has types. @default - VARCHAR */
  readonly type?: string | undefined;
  /** True where the text NULL counts as a blank. @default - true */
  readonly isNullBlank?: boolean;
  /** @default - that of DuckDB */
  readonly dialect?: WholeDecimals;
}

/**
 * Returns the columns of an amount for exact sums: `<name>` as a text; `<name>_short` and `<name>_long` as decimals, of which
 * at most one is set; and `<name>_bad`, true for a value that is not a number. Numbers in Parquet become decimals directly: a
 * text in between would take longer than all other work.
 *
 * @param column SQL of the column in the file
 */
export function amountColumns(
  column: string,
  name: string,
  { type = 'VARCHAR', isNullBlank = true, dialect = CAST_WHOLE }: AmountOptions = {},
): string[] {
  const text = type === 'VARCHAR' ? column : `CAST(${column} AS VARCHAR)`;
  const value = isNullBlank ? `nullif(nullif(${text}, 'NULL'), '')` : `nullif(${text}, '')`;
  const { short, long, isBad } = typedAmount(column, type, dialect) ?? textAmount(value);
  const [asText = '', asShort = '', asLong = '', bad = ''] = amountNames(name);
  return [
    `${text} AS ${asText}`,
    `${short} AS ${asShort}`,
    `CASE WHEN ${short} IS NULL THEN ${long} END AS ${asLong}`,
    `CASE WHEN ${short} IS NOT NULL THEN false ELSE ${isBad} END AS ${bad}`,
  ];
}

/** Returns the names of the columns of {@link amountColumns}. */
export function amountNames(name: string): string[] {
  return [name, `${name}_short`, `${name}_long`, `${name}_bad`];
}

/** Types of the columns of the sums of an amount, by the ends of their names. */
export const AMOUNT_SUM_COLUMNS = {
  _short: 'DECIMAL(38,9)',
  _long: 'DECIMAL(38,18)',
  _bad: 'BOOLEAN',
  _lines: 'BIGINT',
} as const;

/** SQL of the sums of an amount over lines. */
export interface AmountSums {
  /** Columns of each line. */
  readonly ofLine: readonly string[];
  /** Further columns of each line, over those. */
  readonly more: readonly string[];
  /**
   * Columns of the sums, with the types of {@link AMOUNT_SUM_COLUMNS}: `<name>_short` and `<name>_long`, which add up to the sum;
   * `<name>_bad`, true where a value is not a number; and `<name>_lines`, the number of lines whose amount is not 0.
   */
  readonly sums: readonly string[];
  /** How most lines are summed in fewer steps; absent where there is no such way. */
  readonly plain?: PlainSums;
}

/** The sums of lines whose amount has few digits. Each sum that the engine keeps takes a twentieth of the time of all. */
export interface PlainSums {
  /** SQL over the columns of a line that is true where the amount has few digits. */
  readonly isPlain: string;
  /** The same columns as those of all sums. */
  readonly sums: readonly string[];
}

/**
 * Returns the sums of an amount over lines, exact as the sums of {@link amountColumns} are.
 *
 * @param column SQL of the column in the file
 */
export function amountSums(column: string, name: string, options: AmountOptions = {}): AmountSums {
  const [, short = '', long = '', bad = ''] = amountNames(name);
  const shared = [`coalesce(bool_or(${bad}), false) AS ${bad}`];
  const lines = (isNotZero: string): string =>
    `CAST(SUM(CASE WHEN ${isNotZero} THEN 1 ELSE 0 END) AS BIGINT) AS ${name}_lines`;
  if (isDouble(options.type)) {
    return doubleSums(column, name, { shared, lines, dialect: options.dialect ?? CAST_WHOLE });
  }
  if ((scaleOf(options.type ?? '') ?? 0) > SHORT_PLACES) {
    return {
      ofLine: [`CAST(${column} AS ${LONG}) AS ${long}`],
      more: [],
      sums: [
        `false AS ${bad}`,
        `CAST(NULL AS ${SHORT_SUM}) AS ${short}`,
        `SUM(${long}) AS ${long}`,
        lines(`${long} <> 0`),
      ],
    };
  }
  return {
    ofLine: amountColumns(column, name, options).slice(1),
    more: [],
    sums: [
      ...shared,
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
  const asLong = `CASE WHEN ${asShort} IS NULL AND ${isHeld(value)} THEN ${longDouble(value, dialect)} END`;
  return {
    ofLine: [`${unitsOf(column)} AS ${units}`, `${column} AS ${value}`],
    more: [
      `${unlessUnits(asShort)} AS ${short}`,
      `${unlessUnits(asLong)} AS ${long}`,
      `${units} IS NULL AND ${value} IS NOT NULL AND NOT ${isHeld(value)} AS ${bad}`,
    ],
    sums: [
      ...shared,
      `SUM(${short}) AS ${short}`,
      `CAST(${sumOfUnits(units)} + coalesce(SUM(${long}), CAST(0 AS ${LONG})) AS ${LONG}) AS ${long}`,
      // A smaller number becomes 0 as a decimal.
      lines(`abs(${value} * 1e18) >= 0.5 AND abs(${value} * 1e18) < 1e38`),
    ],
    plain: {
      isPlain: `(${units} IS NOT NULL OR ${value} IS NULL)`,
      sums: [
        `false AS ${bad}`,
        `CAST(NULL AS ${SHORT_SUM}) AS ${short}`,
        `${sumOfUnits(units)} AS ${long}`,
        lines(`${units} <> 0`),
      ],
    },
  };
}

interface DoubleSums {
  /** Columns of the sums of every type. */
  readonly shared: readonly string[];
  /** SQL of the number of lines for which a condition is true. */
  readonly lines: (isNotZero: string) => string;
  readonly dialect: WholeDecimals;
}

function isDouble(type = ''): boolean {
  return /^DOUBLE$/i.test(type);
}

/** Undefined for a type whose values count by their texts. */
function typedAmount(column: string, type: string, dialect: WholeDecimals): Amount | undefined {
  if (isDouble(type)) {
    return {
      short: shortDouble(column),
      long: `CASE WHEN ${isHeld(column)} THEN ${longDouble(column, dialect)} END`,
      isBad: `${column} IS NOT NULL AND NOT ${isHeld(column)}`,
    };
  }
  const scale = scaleOf(type);
  if (scale !== undefined) {
    const short = scale <= SHORT_PLACES ? `TRY_CAST(${column} AS ${SHORT})` : `CAST(NULL AS ${SHORT})`;
    return { short, long: `CAST(${column} AS ${LONG})`, isBad: 'false' };
  }
  return undefined;
}

function textAmount(value: string): Amount {
  const long = longValue(value);
  return { short: shortValue(value), long, isBad: `${value} IS NOT NULL AND ${long} IS NULL` };
}

/** Places after the decimal point of a type whose every value a long decimal holds; undefined for another type. */
function scaleOf(type: string): number | undefined {
  if (WHOLE.test(type)) return 0;
  const [, precision, scale] = DECIMAL.exec(type) ?? [];
  return Number(scale) <= 18 && Number(precision) - Number(scale) <= 20 ? Number(scale) : undefined;
}
