import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

const PROGRAM = join(ROOT, 'dist', 'carbon-exports.js');

/** The run of the tests that compiled the command last. */
const BUILT_BY = join(ROOT, 'build', 'built-by');

/**
 * Compiles the command as `npm run build` does, once in a run of the tests. Returns the path of the program, to be run by
 * Node.js.
 */
export function builtCommand(): string {
  const run = process.env['TEST_RUN'] ?? '';
  const isBuilt = existsSync(PROGRAM) && existsSync(BUILT_BY) && readFileSync(BUILT_BY, 'utf8') === run;
  if (run !== '' && isBuilt) return PROGRAM;
  execFileSync(process.execPath, [join(ROOT, 'tools', 'build.mjs')], { stdio: 'inherit' });
  mkdirSync(dirname(BUILT_BY), { recursive: true });
  writeFileSync(BUILT_BY, run);
  return PROGRAM;
}
