import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorText } from '../../cli/error-text';
import { CarbonError } from '../../shared/base/carbon-error';
import { carbonExports } from '../support/run-command';
import { scratch } from '../support/scratch';

const folder = scratch()();
const file = join(folder, 'file');
writeFileSync(file, 'x');

test('a system error is printed with its path and what was expected', () => {
  const missing = join(folder, 'missing');
  expect(() => readFileSync(missing)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  const error = Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT', path: missing });
  expect(errorText(error)).toBe(`${missing}: there is no such file or folder`);
});

test('an error of this program is printed as its message, any other one as unexpected', () => {
  expect(errorText(new CarbonError('state', 'a.csv: found x, expected y'))).toBe(
    'a.csv: found x, expected y',
  );
  expect(errorText(new TypeError('x is not a function'))).toBe('unexpected failure: x is not a function');
});

test.each([
  ['status', '--out', file],
  ['diff', '--out', file],
  ['query', 'SELECT 1', '--out', file],
  ['run', '--inputs', file, '--out', join(folder, 'out')],
  ['validate', '--inputs', file],
  ['verify', '--inputs', file, '--out', folder],
])('%s with a file in place of a folder names the file, without error codes', async (...args) => {
  const { code, stderr } = await carbonExports(...args);
  expect(code).not.toBe(0);
  expect(stderr).toContain(file);
  expect(stderr).not.toMatch(/\bE[A-Z]{4,}\b|Error:|\bat .*\.ts:/);
});
