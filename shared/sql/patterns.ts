import { textLiteral } from './dialect';

/*
 * Regular expressions in the part of SQL that DuckDB and Trino share. Where a pattern does not match, DuckDB returns '' and
 * Trino NULL: these functions make no difference between them.
 */

/**
 * Returns SQL of what a pattern finds in a text; NULL where it finds nothing.
 *
 * @param group number of the group in the pattern; 0 for the whole match
 */
export function foundIn(text: string, pattern: string, group: 0 | 1): string {
  return `nullif(regexp_extract(${text}, ${textLiteral(pattern)}, ${String(group)}), '')`;
}

/** Returns SQL that is true where a pattern finds something in a text, and false also for NULL. */
export function matches(text: string, pattern: string): string {
  return `(${foundIn(text, pattern, 0)} IS NOT NULL)`;
}
