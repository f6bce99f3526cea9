/** Returns a text as a field of a CSV file (RFC 4180), in quotes where it needs them. */
export function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Returns a text that a spreadsheet does not run as a formula: one that begins with a character of formulas gets an
 * apostrophe in front, which marks it as text. Account names and tags can begin with any character.
 */
export function withoutFormula(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
