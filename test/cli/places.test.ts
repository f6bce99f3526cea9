import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { publishedEstate } from '../support/published-estate';
import { EstateFolder } from '../support/estate-folder';
import { monthlyEstate } from '../support/estates/monthly-estate';
import { hashesAndTimesOf } from '../support/folder-contents';
import { carbonExports, runCommand } from '../support/run-command';
import { scratch } from '../support/scratch';

/*
 * A wrong location or range must not look like an empty one: exit code 2, the path in the error, and nothing is created.
 */

const folder = scratch();
const base = publishedEstate(folder);

const nowhere = (): string => join(folder(), 'nowhere');

test('a missing input folder with an existing output', async () => {
  const { inputs, out } = { inputs: nowhere(), out: base.again().out };
  const before = hashesAndTimesOf(out);
  const { code, stderr } = await runCommand(inputs, out);
  expect(code).toBe(2);
  expect(stderr).toContain(`${inputs}: found nothing, expected the folder of an estate`);
  expect(hashesAndTimesOf(out)).toEqual(before);
  expect(await carbonExports('validate', '--inputs', inputs)).toMatchObject({ code: 2 });
});

test('an estate without usage', async () => {
  const estate = EstateFolder.of(monthlyEstate(), join(folder(), 'inputs'));
  estate.remove('usage');
  const out = nowhere();
  const { code, stderr } = await runCommand(estate.path, out);
  expect(code).toBe(2);
  expect(stderr).toContain(`${estate.path}: found usage of no month, expected a month in usage/`);
  expect(existsSync(out)).toBe(false);
  expect(await carbonExports('validate', '--inputs', estate.path)).toMatchObject({ code: 1 });
});

test('an input folder without any file, as of a volume that is not mounted', async () => {
  const { inputs, out } = { inputs: folder(), out: nowhere() };
  const { code, stderr } = await runCommand(inputs, out);
  expect(code).toBe(2);
  expect(stderr).toContain(`${inputs}: found no file, expected the files of an estate`);
  expect(existsSync(out)).toBe(false);
});

test.each([
  { range: ['--from', '2026-01'], says: 'from 2026-01 to the last' },
  { range: ['--to', '2020-01'], says: 'from the first to 2020-01' },
  { range: ['--from', '2020-01', '--to', '2020-05'], says: 'from 2020-01 to 2020-05' },
])('a range without months: $range', async ({ range, says }) => {
  const out = nowhere();
  const { code, stderr } = await runCommand(base.inputs, out, ...range);
  expect(code).toBe(2);
  expect(stderr).toContain(`${base.inputs}: found usage of 2024-12 to 2025-02, expected a month`);
  expect(stderr).toContain(says);
  expect(existsSync(out)).toBe(false);
});

test.each([
  ['an empty folder', () => folder()],
  ['an estate', () => base.inputs],
])('status of %s', async (_, place) => {
  const out = place();
  const before = hashesAndTimesOf(out);
  const { code, stdout, stderr } = await carbonExports('status', '--out', out);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(`${out}: found no export, expected the folder that run wrote to (--out)`);
  expect(hashesAndTimesOf(out)).toEqual(before);
});

test('status of an export that was copied elsewhere', async () => {
  const { code, stdout } = await carbonExports('status', '--out', base.again().out);
  expect(code).toBe(0);
  expect(stdout).toMatch(/Export carbon\n(.*\n)+2025-02 {2}v2\.0\.0 {3}done/);
});

test.each([
  ['verify', []],
  ['explain', ['--account', '000000000001', '--month', '2025-01']],
] as const)('%s of inputs or exports that are not there', async (verb, options) => {
  const missing = nowhere();
  const noInputs = await carbonExports(verb, '--inputs', missing, '--out', base.published, ...options);
  expect(noInputs).toMatchObject({ code: 2, stdout: '' });
  expect(noInputs.stderr).toContain(`${missing}: found nothing, expected the folder of an estate`);
  const noExports = await carbonExports(verb, '--inputs', base.inputs, '--out', missing, ...options);
  expect(noExports).toMatchObject({ code: 2, stdout: '' });
  expect(noExports.stderr).toContain(`${missing}: found nothing, expected the folder of the exports`);
});

test('diff of nowhere', async () => {
  const out = nowhere();
  const { code, stderr } = await carbonExports('diff', '--out', out);
  expect(code).toBe(2);
  expect(stderr).toContain(`${out}: found nothing, expected the folder of the exports`);
});

test('verify of a folder without a published month', async () => {
  const { code, stdout } = await carbonExports('verify', '--inputs', base.inputs, '--out', folder());
  expect(code).toBe(2);
  expect(stdout).toContain('export carbon-emissions has no published month to verify');
});

test('status of nowhere, and of an export that is not there', async () => {
  const out = nowhere();
  const { code, stderr } = await carbonExports('status', '--out', out);
  expect({ code, stderr: stderr.includes(`${out}: found nothing`) }).toEqual({ code: 2, stderr: true });
  const unknown = await carbonExports('status', '--out', base.published, '--export-name', 'other');
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain(`${base.published}: found the exports carbon, expected export other`);
});

test('an output equal to the input', async () => {
  const before = hashesAndTimesOf(base.inputs);
  const { code, stderr } = await runCommand(base.inputs, join(base.inputs, 'racks', '..'));
  expect(code).toBe(2);
  expect(stderr).toContain('found the folder of the inputs, expected another folder');
  expect(hashesAndTimesOf(base.inputs)).toEqual(before);
});

test('validate and run report the same for a month that has only a spreadsheet', async () => {
  const estate = EstateFolder.of(monthlyEstate(), join(folder(), 'inputs'));
  estate.remove('usage/usage_period=2025-02');
  estate.write('usage/usage_period=2025-02/usage.xlsx', 'PK');
  const problem =
    'usage/usage_period=2025-02/usage.xlsx: expected a file that ends in .csv, .csv.gz or .parquet';
  const validated = await carbonExports('validate', '--inputs', estate.path);
  const run = await runCommand(estate.path, folder());
  expect([validated.code, run.code]).toEqual([1, 1]);
  expect(validated.stdout).toContain(problem);
  expect(run.stdout).toContain(problem);
});
