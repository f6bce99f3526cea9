import { isDeepStrictEqual } from 'node:util';

let passed = 0;
let failed = 0;

/** Counts one statement about the system, and prints it. */
export function check(what: string, holds: boolean, details?: unknown): void {
  if (holds) passed += 1;
  else failed += 1;
  console.log(`${holds ? '  ok  ' : 'FAILED'} ${what}`);
  if (!holds && details !== undefined) console.log(`       ${JSON.stringify(details).slice(0, 2_000)}`);
}

/** Counts whether two values are the same. */
export function checkEqual(what: string, actual: unknown, expected: unknown): void {
  check(what, isDeepStrictEqual(actual, expected), { actual, expected });
}

/** Prints the closing line and gives the exit code. */
export function closingLine(): number {
  console.log(`\n${String(passed)} passed, ${String(failed)} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}
