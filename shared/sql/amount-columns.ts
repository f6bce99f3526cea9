import { longValue, SHORT, shortValue } from './exact-decimals';

/** Types whose values a decimal of the short kind may hold exactly, which a cast and a comparison tell. */
const NUMBER_TYPES = /^(DOUBLE|FLOAT|REAL|TINYINT|SMALLINT|INTEGER|BIGINT)$/i;
const FLOATING = /^(DOUBLE|FLOAT|REAL)$/i;

/**
 * Doubles that every engine casts to the same short decimal: whole numbers, and those below 2^22, which lie closer
 * together than the decimals do. Of others several decimals are equally near, and DuckDB and Trino choose differently:
 * their shortest text decides.
 */
function isSameEverywhere(column: string, type: string): string {
  return FLOATING.test(type) ? `(abs(${column}) < 4194304 OR ${column} = floor(${column}))` : 'true';
}

/**
 * Columns that hold an amount in the ways that exact sums need it: `<name>` as a text, `<name>_short` and `<name>_long`
 * as decimals of which at most one is there, and `<name>_bad`, true for what is no number. Numbers of a file that has
 * types are not turned into texts where that can be spared: it costs more than everything else.
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
