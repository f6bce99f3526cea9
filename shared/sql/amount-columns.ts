import { longValue, SHORT, shortValue } from './exact-decimals';

/** Types whose values a short decimal may hold exactly; a cast and a comparison show whether it does. */
const NUMBER_TYPES = /^(DOUBLE|FLOAT|REAL|TINYINT|SMALLINT|INTEGER|BIGINT)$/i;
const FLOATING = /^(DOUBLE|FLOAT|REAL)$/i;

/**
 * Doubles that every engine casts to the same short decimal: whole numbers, and numbers below 2^22, which are closer together
 * than the decimals. Other numbers have several nearest decimals, and DuckDB and Trino choose differently: their shortest
 * text decides.
 */
function isSameEverywhere(column: string, type: string): string {
  return FLOATING.test(type) ? `(abs(${column}) < 4194304 OR ${column} = floor(${column}))` : 'true';
}

/**
 * Returns the columns of an amount for exact sums: `<name>` as a text; `<name>_short` and `<name>_long` as decimals, of which
 * at most one is set; and `<name>_bad`, true for a text that is not a number. Numbers in Parquet are cast to texts only
 * where that is necessary: the cast takes longer than all other work.
 *
 * @param column SQL of the column in the file, and its type where the file has types
 */
export function amountColumns(column: string, name: string, type = 'VARCHAR'): string[] {
  const text = type === 'VARCHAR' ? column : `CAST(${column} AS VARCHAR)`;
  const value = `nullif(nullif(${text}, 'NULL'), '')`;
  const cast = `TRY_CAST(${column} AS ${SHORT})`;
  const short = NUMBER_TYPES.test(type)
    ? `CASE WHEN ${isSameEverywhere(column, type)} AND CAST(${cast} AS DOUBLE) = CAST(${column} AS DOUBLE) THEN ${cast} END`
    : shortValue(value);
  const long = `CASE WHEN ${short} IS NULL THEN ${longValue(value)} END`;
  return [
    `${text} AS ${name}`,
    `${short} AS ${name}_short`,
    `${long} AS ${name}_long`,
    `CASE WHEN ${short} IS NOT NULL THEN false ELSE ${value} IS NOT NULL AND ${longValue(value)} IS NULL END AS ${name}_bad`,
  ];
}
