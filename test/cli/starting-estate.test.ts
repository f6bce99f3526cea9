import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { carbonExports } from '../support/run-command';
import { scratch } from '../support/scratch';

const folder = scratch();

test('init writes an estate that is valid, runs, and can be queried', async () => {
  const [inputs, out] = [join(folder(), 'estate'), folder()];
  const written = await carbonExports('init', '--inputs', inputs);
  expect([written.code, written.stderr]).toEqual([0, '']);
  expect(written.stdout).toContain('three clusters and two accounts');
  const valid = await carbonExports('validate', '--inputs', inputs, '--strict');
  expect([valid.code, valid.stdout]).toEqual([0, expect.stringContaining('1 of 1 months are valid.')]);
  const run = await carbonExports('run', '--inputs', inputs, '--out', out, '--strict', '--quiet');
  expect(run).toEqual({ code: 0, stdout: '', stderr: '' });
  const sql =
    'SELECT count(DISTINCT region_code) AS regions, count(DISTINCT usage_account_id) AS accounts FROM carbon_latest';
  const rows = await carbonExports('query', '--out', out, '--format', 'json', sql);
  expect(JSON.parse(rows.stdout)).toEqual([{ regions: 3, accounts: 2 }]);
});

test('the estate has what Scope 3 needs', async () => {
  const [inputs, out] = [join(folder(), 'estate'), folder()];
  await carbonExports('init', '--inputs', inputs);
  const run = await carbonExports(
    ...['run', '--inputs', inputs, '--out', out, '--model', 'v3.0.0', '--strict', '--quiet'],
  );
  expect([run.code, run.stderr]).toEqual([0, '']);
  const sql =
    "SELECT min(ghgp_category_2_value) > 0 AS racks, min(ghgp_category_3_lbm_value) > 0 AS energy FROM carbon_scope_3 WHERE product_code <> 'none'";
  const rows = await carbonExports('query', '--out', out, '--format', 'json', sql);
  expect([rows.stderr, rows.stdout === '' ? '' : JSON.parse(rows.stdout)]).toEqual([
    '',
    [{ racks: true, energy: true }],
  ]);
});

test('its README explains every column of every table', async () => {
  const inputs = join(folder(), 'estate');
  await carbonExports('init', '--inputs', inputs);
  const readme = readFileSync(join(inputs, 'README.md'), 'utf8');
  const tables = readme.split(/^## /m).filter((section) => /^\S+\.csv\n/.test(section));
  expect(tables.length).toBeGreaterThan(10);
  for (const section of tables) {
    const [path = ''] = section.split('\n');
    const month = /for one month \((.*)\)/.exec(readme)?.[1] ?? '';
    const [header = ''] = readFileSync(join(inputs, path.replace('YYYY-MM', month)), 'utf8').split('\n');
    for (const column of header.split(',')) expect(section).toContain(`- ${column}: `);
  }
});

test('init replaces nothing', async () => {
  const inputs = folder();
  mkdirSync(inputs, { recursive: true });
  writeFileSync(join(inputs, 'mine.txt'), 'x');
  const { code, stderr } = await carbonExports('init', '--inputs', inputs);
  expect(code).toBe(2);
  expect(stderr).toContain('found files, expected a folder that is new or empty');
});

test('options of AWS’s exports need --from-aws', async () => {
  const { code, stderr } = await carbonExports('init', '--inputs', folder(), '--carbon', 's3://b/c');
  expect(code).toBe(2);
  expect(stderr).toContain('add --from-aws');
});
