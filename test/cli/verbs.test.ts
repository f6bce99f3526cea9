import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BROKEN, brokenEstate } from '../support/broken-estate';
import { EstateFolder } from '../support/estate-folder';
import { monthlyEstate, MONTHS } from '../support/estates/monthly-estate';
import { EXPORT_NAME } from '../support/export-name';
import { hashesAndTimesOf, hashesOf } from '../support/folder-contents';
import { publishedEstate } from '../support/published-estate';
import { carbonExports, runEstate } from '../support/run-command';
import { scratch } from '../support/scratch';

const folder = scratch();
const base = publishedEstate(folder);

describe('validate', () => {
  test('says of every month whether it is valid, with exit code 0, and writes nothing', async () => {
    const before = hashesAndTimesOf(base.inputs);
    const { code, stdout } = await carbonExports('validate', '--inputs', base.inputs);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^2024-12 v1\.0\.0: valid.*\n2025-01 v2\.0\.0: valid.*\n2025-02 v2\.0\.0: valid.*\n3 of 3 months are valid\.\nOther warnings: 1 worth a look \(emissions-changed 1\)\. --verbose lists them\.\n$/,
    );
    expect(hashesAndTimesOf(base.inputs)).toEqual(before);
  });

  test('says what a run would say, with exit code 1', async () => {
    const estate = brokenEstate(folder());
    estate.write('usage/usage_period=2025-3/usage.csv', '');
    const { code, stdout } = await carbonExports('validate', '--inputs', estate.path);
    expect(code).toBe(1);
    expect(stdout).toContain('usage/usage_period=2025-3/usage.csv: expected a folder usage_period=YYYY-MM\n');
    expect(stdout).toContain(`2025-01 v2.0.0:\n${BROKEN}\n`);
    expect(stdout).toContain('2 of 3 months are valid.');
  });

  test('prints JSON for programs', async () => {
    const { stdout } = await carbonExports('validate', '--inputs', brokenEstate(folder()).path, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      months: [{}, { month: '2025-01', error: BROKEN }, {}],
      problems: [],
    });
  });

  test('is not content with an estate without months', async () => {
    const estate = EstateFolder.of(monthlyEstate([]), join(folder(), 'inputs'));
    const { code, stdout } = await carbonExports('validate', '--inputs', estate.path);
    expect(code).toBe(1);
    expect(stdout).toContain('no month has usage: nothing can be computed');
  });
});

describe('status', () => {
  test('lists every month of every export', async () => {
    const { code, stdout } = await carbonExports('status', '--out', base.published);
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('Export carbon');
    expect(lines[1]).toMatch(/^month +version +status +as of +rows +MBM CO2e +reason$/);
    expect(lines.slice(3, 6)).toEqual(
      MONTHS.map(
        (month) =>
          expect.stringMatching(
            new RegExp(`^${month} +v[12]\\.0\\.0 +done +2025-03-15 +3 +[\\d.]+ k?g`),
          ) as string,
      ),
    );
  });

  test('has exit code 1 and prints the reason where a month failed', async () => {
    const out = folder();
    await runEstate(brokenEstate(folder()).path, out);
    const { code, stdout } = await carbonExports('status', '--out', out);
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`2025-01 +v2\\.0\\.0 +failed +2025-03-15 +electricity\\.csv, row 4`));
  });

  test('prints JSON for programs', async () => {
    const { stdout } = await carbonExports('status', '--out', base.published, '--json');
    const { exports } = JSON.parse(stdout) as {
      exports: Record<string, { month: string; status: string }[]>;
    };
    expect(exports[EXPORT_NAME]?.map(({ month, status }) => [month, status])).toEqual(
      MONTHS.map((month) => [month, 'done']),
    );
  });
});

describe('sample', () => {
  const SIZES = [
    '--months',
    '2',
    '--last-month',
    '2025-01',
    '--regions',
    '3',
    '--services',
    '6',
    '--accounts',
    '5',
    '--racks-per-cluster',
    '3',
  ];

  test('writes an estate of the requested sizes, which runs', async () => {
    // Prepare
    const out = join(folder(), 'estate');
    // Act
    const sample = await carbonExports(
      'sample',
      '--out',
      out,
      ...SIZES,
      '--usage-rows-per-month',
      '400',
      '--seed',
      '7',
    );
    const run = await runEstate(out, folder());
    // Assess
    expect(sample.code).toBe(0);
    expect(sample.stdout).toMatch(
      /^Wrote 2 months \(2024-12 to 2025-01\), \d+ clusters, 6 services, 5 accounts, 800 usage rows and 0 real FOCUS rows to /,
    );
    expect(run.code).toBe(0);
    expect(run.months.map(({ month, status }) => [month, status])).toEqual([
      ['2024-12', 'published'],
      ['2025-01', 'published'],
    ]);
  });

  test('writes the same bytes for the same seed, and others for another', async () => {
    const outs = [1, 2, 3].map((number) => join(folder(), String(number)));
    const seeds = ['7', '7', '8'];
    for (const [index, out] of outs.entries()) {
      await carbonExports('sample', '--out', out, ...SIZES, '--seed', seeds[index] ?? '');
    }
    const [one, two, three] = outs.map((out) => hashesOf(out));
    expect(two).toEqual(one);
    expect(three).not.toEqual(one);
  });

  test.each([
    {
      what: 'a size out of bounds',
      options: ['--accounts', '1'],
      message: 'accounts must be a whole number from 4 to 1000000, not 1',
    },
    {
      what: 'an invalid month',
      options: ['--last-month', '2025-13'],
      message: 'lastMonth must be a month YYYY-MM',
    },
  ])('refuses $what', async ({ options, message }) => {
    const { code, stderr } = await carbonExports('sample', '--out', join(folder(), 'x'), ...options);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test('refuses a folder that holds something', async () => {
    const out = folder();
    mkdirSync(join(out, 'x'));
    writeFileSync(join(out, 'x', 'mine'), 'mine');
    const { code } = await carbonExports('sample', '--out', out, ...SIZES);
    expect(code).toBe(2);
    expect(readdirSync(out)).toEqual(['x']);
  });
});
