/*
 * The one place for what differs between DuckDB and Trino in the SQL that we ship. Shipped statements are written for
 * Trino; DuckDB is taught the rest by macros, so that people's own statements find it too.
 */

/** Macros that give DuckDB the functions of Trino which shipped statements use, and others people ask for first. */
export const DUCK_MACROS: readonly string[] = [
  // Trino addresses a member as $["key"], DuckDB as $."key"; Trino gives nothing for what is no JSON, or no scalar.
  `CREATE MACRO json_extract_scalar(document, path) AS
     CASE WHEN json_valid(document)
         AND json_type(document, replace(replace(path, '["', '."'), '"]', '"')) NOT IN ('OBJECT', 'ARRAY')
       THEN json_extract_string(document, replace(replace(path, '["', '."'), '"]', '"')) END`,
];

/** How a dialect adds up an array of doubles from its first to its last element. */
export type SumOfArray = (array: string) => string;

/** DuckDB's way. */
export const duckSumOfArray: SumOfArray = (array) => `list_sum(${array})`;

/** Returns a value between single quotes, as a text literal of DuckDB and Trino. */
export function textLiteral(value: string): string {
  return `'${escapedText(value)}'`;
}

/** Returns a value as it is written inside the single quotes of a text literal. */
export function escapedText(value: string): string {
  return value.replaceAll("'", "''");
}
