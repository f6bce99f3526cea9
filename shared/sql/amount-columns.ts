import { LONG, longValue, SHORT, SHORT_PLACES, shortValue } from './exact-decimals';
import { CAST_WHOLE, isHeld, isNotHeld, longDouble, shortDouble, type WholeDecimals } from './exact-doubles';
import type { Steps } from './steps';

/** Types of whole numbers that a long decimal holds. */
const WHOLE = /^(TINYINT|SMALLINT|INTEGER|BIGINT)$/i;
const DECIMAL = /^DECIMAL\((\d+),\s*(\d+)\)$/i;

/** SQL of an amount in the ways that exact sums need it, over SQL of its value. */
interface Amount {
  /** SQL of the value that the others are made of. */
  readonly value: string;
  /** NULL where it takes the long way, or is invalid. */
  readonly short: (value: string) => string;
  /** NULL where it is invalid; used only where there is no short decimal. */
  readonly long: (value: string) => string;
  /** True for an amount that is invalid; used only where there is no short decimal. */
  readonly isBad: (value: string, long: string) => string;
}

/** How an amount is read. */
export interface AmountOptions {
  /** DuckDB type of the column in a file that has types. @default - VARCHAR */
  readonly type?: string | undefined;
  /** True where the text NULL counts as a blank. @default - true */
  readonly isNullBlank?: boolean;
  /** @default - that of DuckDB */
  readonly dialect?: WholeDecimals;
  /** True where doubles from 1,000 on are among them, as far as it is known; for sums alone. @default - false */
  readonly areLarge?: boolean;
}

/**
 * Returns the columns of an amount for exact sums: `<name>` as a text; `<name>_short` and `<name>_long` as decimals, of which
 * at most one is set; and `<name>_bad`, true for a value that is not a number. Numbers in Parquet become decimals directly: a
 * text in between would take longer than all other work.
 *
 * @param column SQL of the column in the file
 */
export function amountColumns(column: string, name: string, options: AmountOptions = {}): string[] {
  const { value, ...amount } = amountOf(column, options);
  const [short, long] = [amount.short(value), amount.long(value)];
  const [asText = '', asShort = '', asLong = '', bad = ''] = amountNames(name);
  return [
    `${textOf(column, options)} AS ${asText}`,
    `${short} AS ${asShort}`,
    `CASE WHEN ${short} IS NULL THEN ${long} END AS ${asLong}`,
    `CASE WHEN ${short} IS NOT NULL THEN false ELSE ${amount.isBad(value, long)} END AS ${bad}`,
  ];
}

/**
 * Returns the columns of {@link amountColumns} in steps. DuckDB plans them in a third of the time: in one step, the long SQL
 * of a decimal is in it several times.
 *
 * @param column SQL of the column in the file
 */
export function amountSteps(column: string, name: string, options: AmountOptions = {}): Required<Steps> {
  const amount = amountOf(column, options);
  const [asText = '', short = '', long = '', bad = ''] = amountNames(name);
  const value = `${name}_value`;
  return {
    ofLine: [`${textOf(column, options)} AS ${asText}`, `${amount.value} AS ${value}`],
    steps: [
      [`${amount.short(value)} AS ${short}`],
      [`CASE WHEN ${short} IS NULL THEN ${amount.long(value)} END AS ${long}`],
      [`CASE WHEN ${short} IS NOT NULL THEN false ELSE ${amount.isBad(value, long)} END AS ${bad}`],
    ],
  };
}

/** Returns the names of the columns of {@link amountColumns}. */
export function amountNames(name: string): string[] {
  return [name, `${name}_short`, `${name}_long`, `${name}_bad`];
}

/** True for the DuckDB type of doubles. */
export function isDouble(type = ''): boolean {
  return /^DOUBLE$/i.test(type);
}

function textOf(column: string, { type = 'VARCHAR' }: AmountOptions): string {
  return type === 'VARCHAR' ? column : `CAST(${column} AS VARCHAR)`;
}

function amountOf(column: string, options: AmountOptions): Amount {
  const { type = 'VARCHAR', isNullBlank = true, dialect = CAST_WHOLE } = options;
  const text = textOf(column, options);
  const value = isNullBlank ? `nullif(nullif(${text}, 'NULL'), '')` : `nullif(${text}, '')`;
  return typedAmount(column, type, dialect) ?? textAmount(value);
}

/** Undefined for a type whose values count by their texts. */
function typedAmount(column: string, type: string, dialect: WholeDecimals): Amount | undefined {
  if (isDouble(type)) {
    return {
      value: column,
      short: shortDouble,
      long: (value) => `CASE WHEN ${isHeld(value)} THEN ${longDouble(value, dialect)} END`,
      isBad: isNotHeld,
    };
  }
  const scale = scaleOf(type);
  if (scale === undefined) return undefined;
  return {
    value: column,
    short: (value) => (scale <= SHORT_PLACES ? `TRY_CAST(${value} AS ${SHORT})` : `CAST(NULL AS ${SHORT})`),
    long: (value) => `CAST(${value} AS ${LONG})`,
    isBad: () => 'false',
  };
}

function textAmount(value: string): Amount {
  return {
    value,
    short: shortValue,
    long: longValue,
    isBad: (text, long) => `${text} IS NOT NULL AND ${long} IS NULL`,
  };
}

/** Places after the decimal point of a type whose every value a long decimal holds; undefined for another type. */
export function scaleOf(type: string): number | undefined {
  if (WHOLE.test(type)) return 0;
  const [, precision, scale] = DECIMAL.exec(type) ?? [];
  return Number(scale) <= 18 && Number(precision) - Number(scale) <= 20 ? Number(scale) : undefined;
}
