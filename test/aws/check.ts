import { isDeepStrictEqual } from 'node:util';

let passed = 0;
let failed = 0;

/** Counts and prints one statement about the system. */
export function check(what: string, holds: boolean, details?: unknown): void {
  if (holds) passed += 1;
  else failed += 1;
  console.log(`${holds ? '  ok  ' : 'FAILED'} ${what}`);
  if (!holds && details !== undefined) console.log(`       ${JSON.stringify(details).slice(0, 2_000)}`);
}

/** Counts and prints whether two values are equal. */
export function checkEqual(what: string, actual: unknown, expected: unknown): void {
  check(what, isDeepStrictEqual(actual, expected), { actual, expected });
}

/**
 * Prints the totals and returns the exit code.
 *
 * @param expected number of checks: where one is lost, the suite fails
 */
export function closingLine(expected: number): number {
  console.log(`\n${String(passed)} passed, ${String(failed)} failed`);
  const run = passed + failed;
  if (run !== expected) console.log(`FAILED ran ${String(run)} checks, expected ${String(expected)}`);
  return failed === 0 && run === expected ? 0 : 1;
}
