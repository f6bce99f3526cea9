import { csvField, withoutFormula } from '../shared/base/csv-field';

/** A cell of a table: a text, or a number that is exact; null is unknown. */
export type Cell = string | number | null;

/** Returns rows as CSV (RFC 4180). A text that a spreadsheet would run as a formula starts with an apostrophe. */
export function csvOf(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(cell: Cell): string {
  if (cell === null) return '';
  return typeof cell === 'number' ? String(cell) : csvField(withoutFormula(cell));
}
