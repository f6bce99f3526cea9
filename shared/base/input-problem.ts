import { CarbonError } from './carbon-error';
import type { Month } from './month';

/** Something wrong with the inputs, located as exactly as it can be. */
export interface InputProblem {
  /** Table as inputs.md names it, e.g. `usage`. */
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
  /** True where the file is sound, and what sums the month cannot read it as it is meant. */
  readonly isRefusal?: boolean;
  /** True where the file was replaced while it was read: reading it again may help. */
  readonly isReplaced?: boolean;
}

/** The problem of a file that was replaced while it was read: what was read of it must not be used. */
export function replacedFile(table: string, file: string): InputProblem {
  return { table, file, expected: 'the file to stay as it is while it is read', isReplaced: true };
}

/** True for an error that reading the inputs once more may cure. */
export function isReplacedInput(error: unknown): boolean {
  return error instanceof InputError && error.problems.some(({ isReplaced }) => isReplaced === true);
}

/** How many problems an error spells out; the rest is counted. */
const SHOWN_PROBLEMS = 100;

/**
 * The inputs of a month are not what inputs.md asks for. Carries every problem found; its message spells out the
 * first hundred. Retrying does not help; the inputs have to change.
 */
export class InputError extends CarbonError {
  /** @param uncounted problems that exist beside those in the list */
  constructor(
    readonly problems: readonly InputProblem[],
    readonly uncounted = 0,
  ) {
    super('input', messageOf(problems, uncounted));
  }
}

function messageOf(problems: readonly InputProblem[], uncounted: number): string {
  const shown = problems.slice(0, SHOWN_PROBLEMS).map(describeProblem);
  const rest = problems.length - shown.length + uncounted;
  return [...shown, ...(rest > 0 ? [`… and ${String(rest)} more`] : [])].join('\n');
}

/** One line: file (or table), row, column, the value that was found and what was expected. */
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

const SHOWN_CHARACTERS = 80;

function quote(value: string): string {
  const text = value.length > SHOWN_CHARACTERS ? `${value.slice(0, SHOWN_CHARACTERS)}…` : value;
  return JSON.stringify(text);
}
