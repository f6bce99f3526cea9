import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** Compiles the command as `npm run build` does. Returns the path of the program, to be run by Node.js. */
export function builtCommand(): string {
  execFileSync(process.execPath, [join(ROOT, 'tools', 'build.mjs')], { stdio: 'inherit' });
  return join(ROOT, 'dist', 'carbon-exports.js');
}
