/*
 * Everything that differs between DuckDB and Trino (Athena version 3) in the SQL that we ship, and how names and texts
 * are written in SQL.
 */

import { CAST_WHOLE, WHOLE_IN_PARTS, type WholeDecimals } from './exact-doubles';

/** The parts of a statement that the two engines write differently. */
export interface SqlDialect extends WholeDecimals {
  /** SQL of the sum of an array of doubles, added from the first element to the last. */
  readonly sumOfArray: (array: string) => string;
  /** SQL of a map or a structure as a JSON text. */
  readonly jsonText: (value: string) => string;
  /** SQL of what a map has under a key; NULL where it has no such key. */
  readonly memberOfMap: (map: string, key: string) => string;
  /** SQL of the path of the file that a row was read from. */
  readonly filePath: string;
}

/** Name of DuckDB's column of file paths in our statements: a file may have a column `filename`. */
export const DUCK_FILE_PATH = 'path_of_the_line';

/** The embedded engine. */
export const DUCK: SqlDialect = {
  sumOfArray: (array) => `list_sum(${array})`,
  jsonText: (value) => `CAST(to_json(${value}) AS VARCHAR)`,
  memberOfMap: (map, key) => `${map}[${textLiteral(key)}]`,
  filePath: DUCK_FILE_PATH,
  ...CAST_WHOLE,
};

/** The engine of Athena. */
export const TRINO: SqlDialect = {
  sumOfArray: (array) => `reduce(${array}, CAST(0 AS DOUBLE), (s, x) -> s + x, s -> s)`,
  jsonText: (value) => `json_format(CAST(${value} AS JSON))`,
  memberOfMap: (map, key) => `element_at(${map}, ${textLiteral(key)})`,
  filePath: '"$path"',
  ...WHOLE_IN_PARTS,
};

/** Macros that add Trino's functions to DuckDB, for shipped statements and those of users. */
export const DUCK_MACROS: readonly string[] = [
  // Trino addresses a member as $["key"], DuckDB as $."key". Trino returns NULL for invalid JSON and for a value that is
  // not a scalar.
  `CREATE TEMP MACRO json_extract_scalar(document, path) AS
     CASE WHEN json_valid(document)
         AND json_type(document, replace(replace(path, '["', '."'), '"]', '"')) NOT IN ('OBJECT', 'ARRAY')
       THEN json_extract_string(document, replace(replace(path, '["', '."'), '"]', '"')) END`,
];

/** A name as SQL writes it, whatever characters it has. */
export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL writes it, whatever characters it has. */
export function textLiteral(text: string): string {
  return `'${escapedText(text)}'`;
}

/** A text as it is written between the quotes of a literal. */
export function escapedText(text: string): string {
  return text.replaceAll("'", "''");
}

/** A path as DuckDB's table functions take it: they read `*`, `?` and `[` as patterns unless they are in brackets. */
export function literalPath(path: string): string {
  return path.replace(/[*?[]/g, '[$&]');
}
