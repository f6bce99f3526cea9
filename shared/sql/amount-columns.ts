import { LONG, longValue, SHORT, shortValue } from './exact-decimals';
import { CAST_WHOLE, isHeld, longDouble, shortDouble, type WholeDecimals } from './exact-doubles';

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

/** Undefined for a type whose values count by their texts. */
function typedAmount(column: string, type: string, dialect: WholeDecimals): Amount | undefined {
  if (/^DOUBLE$/i.test(type)) {
    return {
      short: shortDouble(column),
      long: `CASE WHEN ${isHeld(column)} THEN ${longDouble(column, dialect)} END`,
      isBad: `${column} IS NOT NULL AND NOT ${isHeld(column)}`,
    };
  }
  const scale = scaleOf(type);
  if (scale !== undefined) {
    const short = scale <= 9 ? `TRY_CAST(${column} AS ${SHORT})` : `CAST(NULL AS ${SHORT})`;
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
