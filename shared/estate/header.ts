import type { InputProblem } from '../base/input-problem';

/** Returns a problem for each column that a header does not have, and for each that it has several times. */
export function headerProblems(
  place: { readonly table: string; readonly file: string },
  required: readonly string[],
  header: readonly string[],
): InputProblem[] {
  const missing = required.filter((column) => !header.includes(column));
  return [
    ...missing.map((column) => ({ ...place, column, expected: 'the column to be there' })),
    ...repeatedColumns(header).map(([column, count]) => ({
      ...place,
      column,
      expected: `one column of this name, found ${String(count)}: remove or rename the others`,
    })),
  ];
}

function repeatedColumns(header: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const column of header) counts.set(column, (counts.get(column) ?? 0) + 1);
  // Spreadsheets write several columns without a name at the end of a header. No table reads them.
  return [...counts].filter(([column, count]) => count > 1 && column !== '');
}
