import { spawnSync } from 'node:child_process';
import { carbonExports } from '../support/run-command';

/** Words that bash offers after some words, the last of which is incomplete. */
async function offered(...words: readonly string[]): Promise<string[]> {
  const { stdout: script } = await carbonExports('completion', 'bash');
  const line = ['carbon-exports', ...words].map((word) => `'${word}'`).join(' ');
  const program = `${script}\nCOMP_WORDS=(${line}); COMP_CWORD=${String(words.length)}; _carbon_exports; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', program], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return stdout.trim().split('\n');
}

test('bash completes verbs, options, and values of options', async () => {
  expect(await offered('ver')).toEqual(['verify', 'version']);
  expect(await offered('accounts', '')).toEqual(['refresh', '--help']);
  expect(await offered('run', '--in')).toEqual(['--inputs']);
  expect(await offered('accounts', 'refresh', '--as')).toEqual(['--as-of']);
  expect(await offered('run', '--inputs', 'x', '--format', '')).toEqual(['parquet', 'csv', 'both']);
  expect(await offered('completion', 'f')).toEqual(['fish']);
});

test('zsh and fish have every verb', async () => {
  const [zsh, fish] = [await carbonExports('completion', 'zsh'), await carbonExports('completion', 'fish')];
  expect(zsh.stdout).toContain('bashcompinit');
  for (const verb of ['run', 'validate', 'query', 'doctor', 'init']) {
    expect(zsh.stdout).toContain(`'${verb}'`);
    expect(fish.stdout).toContain(`-a ${verb} `);
  }
});
