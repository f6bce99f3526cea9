import { foundIn } from '../../sql/patterns';
import { orNull } from './bill-format';

/**
 * SQL of the value of a key in the map `product` of a CUR 2.0, in SQL that DuckDB and Trino share; NULL where the map does
 * not have it. The map is a text: JSON, Python's text of a dictionary or of a list of pairs, or DuckDB's text
 * `{region=us-east-1}`.
 *
 * @param values pattern of the values, for texts that are not JSON
 */
export function valueInProduct(column: string, key: string, values: string): string {
  const separator = `["']?\\s*(?:[:=,]|,\\s*["']?value["']?\\s*[:=])`;
  const pattern = `[{(\\[,\\s"']${key}${separator}\\s*["']?(${values})["']?\\s*[,})\\]]`;
  const text = foundIn(column, pattern, 1);
  // A JSON object begins with a quoted key.
  return `CASE
    WHEN ${orNull(column)} IS NULL THEN CAST(NULL AS VARCHAR)
    WHEN ${column} LIKE '{"%' THEN ${orNull(`json_extract_scalar(${column}, '$.${key}')`)}
    ELSE nullif(nullif(${orNull(text)}, 'None'), 'null')
  END`;
}
