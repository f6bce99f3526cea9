import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { addQueryVerb } from '../../cli/query-verb';
import { folderForAll, SMALL_INPUTS } from '../catalog/open-catalog';
import { runOn } from '../support/run-on';

const out = folderForAll();
let printed = '';
let complained = '';

beforeAll(async () => {
  await runOn(SMALL_INPUTS, out);
});

beforeEach(() => {
  printed = '';
  complained = '';
  jest.spyOn(console, 'log').mockImplementation((text: string) => (printed += text));
  jest.spyOn(console, 'error').mockImplementation((text: string) => (complained += text));
});

afterEach(() => {
  jest.restoreAllMocks();
});

async function query(...args: string[]): Promise<number> {
  let exitCode = -1;
  const program = new Command('test').exitOverride();
  addQueryVerb(program, (code) => (exitCode = code));
  for (const command of program.commands) {
    command.exitOverride().configureOutput({ writeErr: (text) => (complained += text) });
  }
  await program.parseAsync(['query', '--export-name', 'carbon', ...args], { from: 'user' });
  return exitCode;
}

const MONTHS =
  'SELECT usage_period, count(DISTINCT model_version) AS versions, NULL AS nothing FROM carbon_emissions GROUP BY 1 ORDER BY 1 LIMIT 2';

test('prints a table', async () => {
  expect(await query(MONTHS, '--out', out)).toBe(0);
  expect(printed).toBe(
    [
      'usage_period  versions  nothing',
      '------------  --------  -------',
      '2024-11              1',
      '2024-12              1',
      '(2 rows)',
    ].join('\n'),
  );
});

test('prints CSV with quotes where they are needed', async () => {
  expect(
    await query(
      "SELECT 'a,\"b' AS x, '000000000042' AS id, 0.1 + 0.2e0 AS n",
      '--out',
      out,
      '--format',
      'csv',
    ),
  ).toBe(0);
  expect(printed).toBe('x,id,n\r\n"a,""b",000000000042,0.30000000000000004');
});

test('prints JSON with numbers as numbers and ids as texts', async () => {
  const sql =
    "SELECT usage_account_id, count(*) AS n FROM carbon_latest WHERE usage_account_id = '000000000042' GROUP BY 1";
  expect(await query(sql, '--out', out, '--format', 'json')).toBe(0);
  expect(JSON.parse(printed)).toEqual([
    { usage_account_id: '000000000042', n: expect.any(Number) as number },
  ]);
});

test('runs named queries with parameters', async () => {
  const args = ['--named', 'by-fiscal-year', '--set', 'start_month=12', '--format', 'csv', '--out', out];
  expect(await query(...args)).toBe(0);
  expect(printed).toMatch(/^fiscal_year,months,.*\r\n2024,1,.*\r\n2025,3,/);
});

test('lists the named queries', async () => {
  expect(await query('--list')).toBe(0);
  expect(printed).toContain('by-tag\n');
  expect(printed).toContain('--set tag_key=team  key of the account tag');
});

test.each([
  ['bad SQL', ['SELEC 1'], /^the query cannot be run: .*syntax error at or near "SELEC"/],
  ['an unknown table', ['SELECT * FROM emissions'], /Table with name emissions does not exist/],
  ['writing', ["COPY (SELECT 1) TO 'OUT/never.csv'"], /^expected one SELECT/],
  ['writing under cover', ["EXPLAIN ANALYZE COPY (SELECT 1) TO 'OUT/never.csv'"], /^expected one SELECT/],
  ['attaching', ["ATTACH 'OUT/never.db'"], /^expected one SELECT/],
  ['installing', ['INSTALL httpfs'], /^expected one SELECT/],
  ['settings', ['SET enable_external_access = true'], /^expected one SELECT/],
  ['two statements', ['SELECT 1; SELECT 2'], /^expected one SELECT/],
  ['other files', ["SELECT * FROM read_text('/etc/hostname')"], /Permission Error/],
  ['an unknown name', ['--named', 'by-moon'], /^no query is named by-moon; there are: by-account, /],
  [
    'an unknown parameter',
    ['--named', 'by-tag', '--set', 'x=1'],
    /^by-tag has no parameter x; it has: tag_key/,
  ],
])('%s is refused', async (_, args, message) => {
  const inPlace = args.map((arg) => arg.replace('OUT', out));
  expect(await query(...inPlace, '--out', out)).toBe(1);
  expect(complained).toMatch(message);
  expect(complained).not.toContain('Stack Trace');
  expect(existsSync(join(out, 'never.csv'))).toBe(false);
});

test('a missing export is named with those that are there', async () => {
  expect(await query('SELECT 1', '--out', out, '--export-name', 'other')).toBe(1);
  expect(complained).toBe(`no published month of an export other in ${out}: there is carbon`);
  complained = '';
  expect(await query('SELECT 1', '--out', join(out, 'nowhere'))).toBe(1);
  expect(complained).toBe(`no published month of an export carbon in ${join(out, 'nowhere')}: there is none`);
});

test('needs a statement or a name, and a folder', async () => {
  await expect(query('--out', out)).rejects.toThrow('give either one SELECT or --named <name>');
  await expect(query('SELECT 1', '--named', 'by-tag', '--out', out)).rejects.toThrow('give either');
  await expect(query('SELECT 1')).rejects.toThrow("required option '--out <dir>'");
});

test('the newest month is told, and a folder may have any name', async () => {
  const odd = join(out, "a[b]*'c");
  mkdirSync(odd);
  renameSync(join(out, 'carbon'), join(odd, 'carbon'));
  expect(
    await query('SELECT max(usage_period) AS m FROM carbon_emissions', '--out', odd, '--format', 'csv'),
  ).toBe(0);
  expect(printed).toBe('m\r\n2025-02');
});
