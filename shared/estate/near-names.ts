import type { InputProblem } from '../base/input-problem';
import { distance } from '../base/nearest-name';

/** Other names that people use for a table's folder, in letters alone. */
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
