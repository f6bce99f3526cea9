import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkedAsOf } from '../../shared/base/instant';
import { EstateFolder } from '../support/estate-folder';
import { monthlyEstate } from '../support/estates/monthly-estate';
import { carbonExports } from '../support/run-command';
import { scratch } from '../support/scratch';

const NOW = new Date('2025-03-15T10:00:00Z');
const folder = scratch();

test.each(['2024-01-01T00:00:00Z', '2025-03-15T10:00:00Z', '2025-03-16T00:00:00Z'])('%s is valid', (text) => {
  expect(checkedAsOf(new Date(text), NOW)).toEqual(new Date(text));
});

test.each(['2025-03-17T00:00:00Z', '2999-01-01T00:00:00Z'])('%s is in the future', (text) => {
  expect(() => checkedAsOf(new Date(text), NOW)).toThrow(
    `as-of ${text.slice(0, 10)}: expected a day up to 2025-03-15`,
  );
});

test('a run as of a future day is an error of usage and keeps no snapshot', async () => {
  const estate = EstateFolder.of(monthlyEstate(), join(folder(), 'inputs'));
  const out = join(folder(), 'out');
  const run = await carbonExports('run', '--inputs', estate.path, '--out', out, '--as-of', '2999-01-01');
  expect(run.code).toBe(2);
  expect(run.stderr).toMatch(/^error: as-of 2999-01-01: expected a day up to \d{4}-\d\d-\d\d\n/);
  expect(existsSync(join(out, 'organization'))).toBe(false);
});
