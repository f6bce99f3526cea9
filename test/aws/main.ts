/*
 * `npm run test:aws`: runs the bundled handlers through the synthesized state machine against servers that answer the
 * real SDK. Sets up what it needs below build/aws, and stops everything at the end.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand } from '../support/built-command';
import { installInterpreter } from './interpreter';
import { synthesize } from './synthesize';

const ROOT = join(__dirname, '..', '..');
const HOME = join(ROOT, 'build', 'aws');
const MOTO = 'moto[server]==5.2.1';
const NODE_MAJOR = '22';

function say(text: string): void {
  console.log(`# ${text}`);
}

/** A virtual environment with moto, made once. */
function setUpMoto(): string {
  const venv = join(HOME, 'venv');
  const program = join(venv, 'bin', 'moto_server');
  if (!existsSync(program)) {
    say(`installing ${MOTO}`);
    execFileSync('python3', ['-m', 'venv', venv], { stdio: 'inherit' });
    execFileSync(join(venv, 'bin', 'pip'), ['install', '--quiet', MOTO], { stdio: 'inherit' });
  }
  return program;
}

/** Node.js 22: the runtime of the functions, and what the interpreter of the state machine needs. */
function setUpNode(): string {
  if (process.versions.node.startsWith(`${NODE_MAJOR}.`)) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(HOME, 'node');
  const program = join(folder, 'node_modules', name, 'bin', 'node');
  if (!existsSync(program)) {
    say(`installing ${name}@${NODE_MAJOR}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', `${name}@${NODE_MAJOR}`], {
      cwd: folder,
      stdio: 'inherit',
    });
  }
  return program;
}

/** The app as CDK builds it for this machine. */
function builtApp(): string {
  const out = join(HOME, 'cdk.out');
  say('synthesizing');
  synthesize(out);
  return out;
}

mkdirSync(HOME, { recursive: true });
const moto = setUpMoto();
const node = setUpNode();
installInterpreter(HOME);
builtCommand();
const cdkOut = process.env.CDK_OUT_FOR_TESTS ?? builtApp();
const { status } = spawnSync(node, ['--import', 'tsx', join(__dirname, 'scenarios.ts'), HOME, moto, cdkOut], {
  cwd: ROOT,
  stdio: 'inherit',
  // One scenario calls a handler in this process; the other functions have separate environments.
  env: { ...process.env, POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_TRACE_ENABLED: 'false' },
});
process.exitCode = status ?? 1;
