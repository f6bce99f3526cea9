import { CarbonError } from './carbon-error';
import type { Month } from './month';
import { SHOWN } from './shown';

/** A problem with the inputs and its place, as exactly as it is known. */
export interface InputProblem {
  /** Name of the input table, e.g. `usage`. */
  readonly table: string;
  /** File below the inputs' root. */
  readonly file?: string;
  /** Record of the file, counted from 1, header excluded. */
  readonly row?: number;
  readonly column?: string;
  /** What was found. */
  readonly value?: string;
  /** What was expected instead. */
  readonly expected: string;
  /** Whether the problem can touch a month; absent: it touches every month. */
  readonly concerns?: (month: Month) => boolean;
  /** True where the file is valid, but the engine that sums the month cannot read it correctly. */
  readonly isRefusal?: boolean;
  /** True where the file was replaced while it was read: reading it again may help. */
  readonly isReplaced?: boolean;
}

/** Returns the problem of a file that was replaced while it was read: its values must not be used. */
export function replacedFile(table: string, file: string): InputProblem {
  return { table, file, expected: 'the file to stay as it is while it is read', isReplaced: true };
}

/** Returns true for an error after which the inputs should be read again. */
export function isReplacedInput(error: unknown): boolean {
  return error instanceof InputError && error.problems.some(({ isReplaced }) => isReplaced === true);
}

/**
 * The inputs of a month are invalid. It has every problem that was found; its message lists the first ones and counts the
 * others. A retry does not help: the inputs must change.
 */
export class InputError extends CarbonError {
  /** @param uncounted number of problems that are not in the list */
  constructor(
    readonly problems: readonly InputProblem[],
    readonly uncounted = 0,
  ) {
    super('input', messageOf(problems, uncounted));
  }
}

function messageOf(problems: readonly InputProblem[], uncounted: number): string {
  const shown = problems.slice(0, SHOWN.inputProblems).map(describeProblem);
  const rest = problems.length - shown.length + uncounted;
  return [...shown, ...(rest > 0 ? [`… and ${String(rest)} more`] : [])].join('\n');
}

/** Returns one line: file (or table), row, column, the value that was found and what was expected. */
export function describeProblem(problem: InputProblem): string {
  const { table, file, row, column, value, expected } = problem;
  const place = [
    file ?? table,
    ...(row === undefined ? [] : [`row ${String(row)}`]),
    ...(column === undefined ? [] : [`column ${column}`]),
  ].join(', ');
  const found = value === undefined ? '' : ` found ${quote(value)},`;
  return `${place}:${found} expected ${expected}`;
}

function quote(value: string): string {
  const text = value.length > SHOWN.characters ? `${value.slice(0, SHOWN.characters)}…` : value;
  return JSON.stringify(text);
}
