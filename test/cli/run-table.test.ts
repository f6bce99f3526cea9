import { join } from 'node:path';
import { carbonExports } from '../support/run-command';
import { scratch } from '../support/scratch';

const INPUTS = join(__dirname, '..', 'cases', 'scope-3', 'inputs');

const folder = scratch();

async function table(model: string): Promise<string> {
  const places = ['--inputs', INPUTS, '--out', folder(), '--no-report'];
  const { code, stdout, stderr } = await carbonExports(
    'run',
    ...places,
    '--as-of',
    '2025-03-15',
    '--model',
    model,
  );
  expect([code, stderr.includes('error')]).toEqual([0, false]);
  return stdout;
}

test('the table of v3.0.0 has Scope 3, and the part of the figures that is assured and verified', async () => {
  const text = await table('v3.0.0');
  expect(text).toContain('Scope 3 MBM');
  expect(text).toContain('0.0 % rest on assured activity and 0.0 % on verified factors.');
});

test('that of v2.0.0 has neither', async () => {
  const text = await table('v2.0.0');
  expect(text).not.toMatch(/Scope 3 MBM|assured/);
});
