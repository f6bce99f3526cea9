import type { InputProblem } from '../base/input-problem';

/** Other names that people give to a table's folder, in letters alone. */
const OTHER_NAMES: Readonly<Record<string, string>> = { carbon: 'aws_carbon', carbonemissions: 'aws_carbon' };

/**
 * Returns a problem for each folder whose name is nearly that of a table that the estate does not have.
 *
 * @param folders names of folders that belong to no table
 */
export function nearNames(folders: Iterable<string>, missing: readonly string[]): InputProblem[] {
  return [...folders].flatMap((folder): InputProblem[] => {
    const letters = lettersOf(folder);
    const other = OTHER_NAMES[letters];
    const near = missing.find((table) => table === other || isNear(letters, lettersOf(table)));
    if (near === undefined) return [];
    const expected = `the name of a table; it is nearly ${near}. Rename the folder, or move it out of the estate`;
    return [{ table: near, file: `${folder}/`, expected }];
  });
}

function lettersOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]/g, '');
}

/** Equal, or up to two letters apart in a name of at least five. */
function isNear(a: string, b: string): boolean {
  if (a === b) return true;
  return Math.min(a.length, b.length) >= 5 && distance(a, b) <= 2;
}

/** How many letters must be added, removed or replaced. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const [left = 0, above = 0, diagonal = 0] = [next[j], row[j + 1], row[j]];
      next.push(Math.min(left + 1, above + 1, diagonal + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
