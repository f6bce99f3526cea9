import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand } from '../support/built-command';
import { scratch } from '../support/scratch';

/*
 * The installed command: bin/carbon-exports.js runs what `npm run build` compiled.
 */

const ROOT = join(__dirname, '..', '..');

const folder = scratch();

function command(bin: string, ...args: readonly string[]): { status: number | null; printed: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(bin, 'carbon-exports.js'), ...args], {
    encoding: 'utf8',
    cwd: folder(),
  });
  return { status, printed: stdout + stderr };
}

beforeAll(() => {
  builtCommand();
});

test('the command starts from any folder', () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  expect(command(join(ROOT, 'bin'), '--version')).toEqual({ status: 0, printed: `${version}\n` });
});

test('the compiled command finds the files that it ships with', () => {
  const out = folder();
  rmSync(out, { recursive: true });
  expect(command(join(ROOT, 'bin'), 'sample', '--out', out, '--months', '1').status).toBe(0);
  const listed = command(join(ROOT, 'bin'), 'query', '--list');
  expect([listed.status, listed.printed]).toEqual([0, expect.stringContaining('by-account')]);
});

test('a command that was not compiled says how to compile it', () => {
  const home = folder();
  cpSync(join(ROOT, 'bin'), join(home, 'bin'), { recursive: true });
  const { status, printed } = command(join(home, 'bin'), '--version');
  expect(status).toBe(2);
  expect(printed).toBe(
    `${join(home, 'dist', 'carbon-exports.js')}: found no such file, expected the compiled command; build it with: npm run build\n`,
  );
});
