import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { SMALL_INPUTS } from '../catalog/open-catalog';
import { carbonExports, type CommandResult } from '../support/run-command';
import { runFolders } from '../support/run-export';
import { scratch } from '../support/scratch';

const out = scratch()();
beforeAll(async () => {
  await runFolders(SMALL_INPUTS, out);
});

function query(...args: string[]): Promise<CommandResult> {
  return carbonExports('query', '--export-name', 'carbon', ...args);
}

/** What a query prints that can be run. */
async function printedBy(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await query(...args);
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
}

const MONTHS =
  'SELECT usage_period, count(DISTINCT model_version) AS versions, NULL AS nothing FROM carbon_emissions GROUP BY 1 ORDER BY 1 LIMIT 2';

test('a table has aligned columns and the number of rows', async () => {
  expect(await printedBy(MONTHS, '--out', out)).toBe(
    [
      'usage_period  versions  nothing',
      '------------  --------  -------',
      '2024-11              1',
      '2024-12              1',
      '(2 rows)',
      '',
    ].join('\n'),
  );
});

test('a table is aligned by what a terminal shows, and no text can control the terminal', async () => {
  const sql =
    "SELECT 'ab' AS x, 1 AS n UNION ALL SELECT '日本', 20 UNION ALL SELECT 'a' || chr(27) || '[2Jb', 3";
  expect((await printedBy(sql, '--out', out)).split('\n').slice(0, 5)).toEqual([
    'x        n',
    '------  --',
    'ab       1',
    '日本    20',
    'a�[2Jb   3',
  ]);
});

test('CSV has quotes where they are needed', async () => {
  const sql = "SELECT 'a,\"b' AS x, '000000000042' AS id, 0.1 + 0.2e0 AS n";
  const csv = 'x,id,n\r\n"a,""b",000000000042,0.30000000000000004\n';
  expect(await printedBy(sql, '--out', out, '--format', 'csv')).toBe(csv);
});

test('JSON has numbers as numbers and account ids as texts', async () => {
  const sql =
    "SELECT usage_account_id, count(*) AS n FROM carbon_latest WHERE usage_account_id = '000000000042' GROUP BY 1";
  expect(JSON.parse(await printedBy(sql, '--out', out, '--format', 'json'))).toEqual([
    { usage_account_id: '000000000042', n: expect.any(Number) as number },
  ]);
});

test('a named query takes parameters', async () => {
  const args = ['--named', 'by-fiscal-year', '--set', 'start_month=12', '--format', 'csv', '--out', out];
  expect(await printedBy(...args)).toMatch(/^fiscal_year,months,.*\r\n2024,1,.*\r\n2025,3,/);
});

test('--list shows the named queries and their parameters', async () => {
  const list = await printedBy('--list');
  expect(list).toMatch(/^ {2}by-tag +Emissions by the value of one tag of accounts/m);
  expect(list).toMatch(/^ {2}carbon_latest +The newest model version of each month$/m);
  expect(list).toContain('--set tag_key=team  key of the account tag');
});

test.each([
  ['bad SQL', ['SELEC 1'], /^error: the query cannot be run: .*syntax error at or near "SELEC"/],
  ['an unknown table', ['SELECT * FROM emissions'], /Table with name emissions does not exist/],
  ['writing', ["COPY (SELECT 1) TO 'OUT/never.csv'"], /^error: expected one SELECT/],
  [
    'writing in EXPLAIN',
    ["EXPLAIN ANALYZE COPY (SELECT 1) TO 'OUT/never.csv'"],
    /^error: expected one SELECT/,
  ],
  ['attaching', ["ATTACH 'OUT/never.db'"], /^error: expected one SELECT/],
  ['installing', ['INSTALL httpfs'], /^error: expected one SELECT/],
  ['settings', ['SET enable_external_access = true'], /^error: expected one SELECT/],
  ['two statements', ['SELECT 1; SELECT 2'], /^error: expected one SELECT/],
  ['other files', ["SELECT * FROM read_text('/etc/hostname')"], /Permission Error/],
  ['an unknown name', ['--named', 'by-moon'], /^error: --named: found by-moon, expected one of by-account, /],
  [
    'an unknown parameter',
    ['--named', 'by-tag', '--set', 'x=1'],
    /^error: by-tag: found parameter x, expected one of: tag_key/,
  ],
])('%s is refused', async (_, args, message) => {
  const inPlace = args.map((arg) => arg.replace('OUT', out));
  const { code, stdout, stderr } = await query(...inPlace, '--out', out);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
  expect(stderr).not.toContain('Stack Trace');
  expect(existsSync(join(out, 'never.csv'))).toBe(false);
});

test('a missing export is named, with the exports that exist', async () => {
  const other = await query('SELECT 1', '--out', out, '--export-name', 'other');
  expect([other.code, other.stderr.split('\n')[0]]).toEqual([
    2,
    `error: ${out}: found carbon, expected a published month of other; choose an export with --export-name, or run first`,
  ]);
  const nowhere = await query('SELECT 1', '--out', join(out, 'nowhere'));
  expect([nowhere.code, nowhere.stderr.split('\n')[0]]).toEqual([
    2,
    `error: ${join(out, 'nowhere')}: found no export, expected a published month of carbon; choose an export with --export-name, or run first`,
  ]);
});

test.each([
  { args: ['--out', out], message: 'expected either one SELECT, or --file <file>, or --named <name>' },
  { args: ['SELECT 1', '--named', 'by-tag', '--out', out], message: 'expected either one SELECT' },
  { args: ['SELECT 1'], message: "required option '--out <dir>'" },
])('$args is wrong usage', async ({ args, message }) => {
  const { code, stderr } = await query(...args);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

test('the newest month is found, and a folder may have any name', async () => {
  const odd = join(out, "a[b]*'c");
  mkdirSync(odd);
  renameSync(join(out, 'carbon'), join(odd, 'carbon'));
  const sql = 'SELECT max(usage_period) AS m FROM carbon_emissions';
  expect(await printedBy(sql, '--out', odd, '--format', 'csv')).toBe('m\r\n2025-02\n');
});
