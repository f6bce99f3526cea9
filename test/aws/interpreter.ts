import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Runs the definition of a state machine. It needs Node.js 22, so it is not a dependency of the project. */
const PACKAGE = 'aws-local-stepfunctions';
const VERSION = '3.0.0';

/** What the tests use of the interpreter. */
interface Interpreter {
  readonly StateMachine: new (
    definition: unknown,
    options: object,
  ) => { run(input: object, options: object): { readonly result: Promise<unknown> } };
}

const folderOf = (home: string): string => join(home, 'interpreter');

/** Installs the interpreter below the folder of the suite, once. */
export function installInterpreter(home: string): void {
  const folder = folderOf(home);
  if (existsSync(join(folder, 'node_modules', PACKAGE))) return;
  console.log(`# installing ${PACKAGE}@${VERSION}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const options = ['--silent', '--no-audit', '--no-fund', '--save-exact'];
  execFileSync('npm', ['install', ...options, `${PACKAGE}@${VERSION}`], { cwd: folder, stdio: 'inherit' });
}

/** Returns the interpreter that {@link installInterpreter} installed. */
export function loadInterpreter(home: string): Interpreter {
  return createRequire(join(folderOf(home), 'package.json'))(PACKAGE) as Interpreter;
}
