import { strict as assert } from 'node:assert';
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { done } from './done';
import { type Node, run } from './npm';

/** Words before the cursor, and what a shell must offer or complete there. */
const CASES = [
  ['ver', 'verify'],
  ['accounts ', 'refresh'],
  ['accounts refresh --as', '--as-of'],
  ['run --in', '--inputs'],
  ['run --inputs sample --mon', '--months'],
  ['run --format ', 'parquet'],
  ['completion f', 'fish'],
] as const;

/** Checks the completion scripts in zsh and fish, which are installed by apt-get where they are missing. */
export function checkShells(node: Node, folder: string): void {
  installShells();
  for (const shell of ['zsh', 'fish'] as const) {
    const script = join(folder, `completion.${shell}`);
    const command = join('node_modules', '.bin', 'carbon-exports');
    writeFileSync(script, run(node.program, [command, 'completion', shell], folder));
    for (const [typed, expected] of CASES) {
      const offered = shell === 'fish' ? offeredByFish(script, typed) : shownByZsh(script, typed, expected);
      assert(offered.includes(expected), `${shell}, ${typed}: found ${offered}, expected ${expected}`);
    }
  }
  done('zsh and fish complete verbs, options and values');
}

function installShells(): void {
  const missing = ['zsh', 'fish'].filter((shell) => spawnSync(shell, ['--version']).status !== 0);
  if (missing.length === 0) return;
  const [program, ...sudo] = [...(process.getuid?.() === 0 ? [] : ['sudo']), 'apt-get'];
  assert(program !== undefined);
  execFileSync(program, [...sudo, 'update', '--quiet'], { stdio: 'inherit' });
  execFileSync(program, [...sudo, 'install', '--yes', '--quiet', ...missing], { stdio: 'inherit' });
}

/** Returns the words that fish offers, one per line. */
function offeredByFish(script: string, typed: string): string {
  const program = `source '${script}'; complete -C 'carbon-exports ${typed}'`;
  return output('fish', ['--no-config', '-c', program]);
}

/**
 * Returns what an interactive zsh shows after two tabs, up to the expected text; without it, the shell is stopped. It needs a
 * terminal, which zpty is.
 */
function shownByZsh(script: string, typed: string, expected: string): string {
  const program = [
    'zmodload zsh/zpty',
    'zpty shell "TERM=dumb zsh -f -i"',
    `zpty -w shell "PS1='> '; autoload -U compinit; compinit -u -D; source '${script}'; print re''ady"`,
    'zpty -r -m shell seen "*ready*"',
    `zpty -w -n shell $'carbon-exports ${typed}\\t\\t'`,
    `zpty -r -m shell part "*${expected}*"`,
    'print -rn -- "$part"',
    'zpty -d shell',
  ];
  return output('zsh', ['-f', '-c', program.join('\n')]);
}

function output(shell: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(shell, args, { encoding: 'utf8', timeout: 20_000 });
  assert.equal(status, 0, `${shell} showed nothing expected: ${stdout}${stderr}`);
  return stdout;
}
