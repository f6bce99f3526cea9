import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunReport } from '../../shared/runs/run-export';
import { BROKEN, brokenEstate } from '../support/broken-estate';
import { EstateFolder } from '../support/estate-folder';
import { monthlyEstate, MONTHS } from '../support/estates/monthly-estate';
import { EXPORT_NAME } from '../support/export-name';
import { type ExportRow, readExportRows } from '../support/export-reader';
import { hashesOf } from '../support/folder-contents';
import { nonEmpty } from '../support/non-empty';
import { publishedEstate } from '../support/published-estate';
import { carbonExports, runCommand } from '../support/run-command';
import { scratch } from '../support/scratch';

const folder = scratch();
const base = publishedEstate(folder);

/** Places that do not exist. */
const RUN = ['run', '--inputs', 'x', '--out', 'y'];

describe('wrong usage has exit code 2, reports what was wrong and changes nothing', () => {
  test.each([
    { args: [], message: '' },
    { args: ['walk'], message: "error: unknown command 'walk'" },
    { args: ['run'], message: "error: required option '--inputs <location>' not specified" },
    { args: ['run', '--inputs', 'x'], message: "error: required option '--out <location>' not specified" },
    { args: [...RUN, '--wordy'], message: "error: unknown option '--wordy'" },
    {
      args: [...RUN, '--as-of', '2025-02-30'],
      message: 'expected a day YYYY-MM-DD',
    },
    {
      args: [...RUN, '--months', '0'],
      message: 'expected a whole number of at least 1',
    },
    {
      args: [...RUN, '--months', '1.5'],
      message: 'expected a whole number of at least 1',
    },
    { args: [...RUN, '--from', '2025-1'], message: 'expected a month YYYY-MM' },
    {
      args: [...RUN, '--from', '2025-01', '--months', '3'],
      message: "option '--months <n>' cannot be used with option '--from <YYYY-MM>'",
    },
    {
      args: [...RUN, '--model', 'v9.0.0'],
      message: 'expected one of v1.0.0, v2.0.0',
    },
    {
      args: [...RUN, '--format', 'orc'],
      message: 'Allowed choices are parquet, csv, both',
    },
    {
      args: [...RUN, '--export-name', 'a/b'],
      message: 'expected 1 to 128 letters, digits, hyphens or underscores',
    },
    {
      args: [...RUN, '--product-detail', 'some'],
      message: 'Allowed choices are all, ccft',
    },
    { args: ['validate'], message: "error: required option '--inputs <location>' not specified" },
    { args: ['status'], message: "error: required option '--out <location>' not specified" },
    { args: ['sample'], message: "error: required option '--out <dir>' not specified" },
    { args: ['sample', '--out', 'x', '--months', 'many'], message: 'expected a whole number' },
  ])('$args', async ({ args, message }) => {
    // Act
    const { code, stdout, stderr } = await carbonExports(...args);
    // Assess
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(existsSync('x') || existsSync('y')).toBe(false);
  });

  test.each([['--help'], ['run', '--help'], ['--version']])('but %s %s is not wrong', async (...args) => {
    const { code, stdout } = await carbonExports(...args.filter((arg) => typeof arg === 'string'));
    expect(code).toBe(0);
    expect(stdout).not.toBe('');
  });
});

describe('run', () => {
  test('has exit code 0 when all is done, and plain lines where there is no terminal', async () => {
    // Act
    const { code, stdout, stderr } = await runCommand(base.inputs, folder());
    // Assess
    expect(code).toBe(0);
    expect(stderr).toBe(
      '[1/3] 2024-12 v1.0.0 published, 3 rows\n[2/3] 2025-01 v2.0.0 published, 3 rows\n[3/3] 2025-02 v2.0.0 published, 3 rows\n',
    );
    expect(stdout).toContain('Export carbon, as of 2025-03-15: 3 published, 0 unchanged, 0 failed.');
    // Colours and cursor moves would spoil a log.
    expect(stdout + stderr).not.toContain('\u001b');
  });

  test('has exit code 0 when there is nothing to do', async () => {
    const { code, stdout } = await runCommand(base.inputs, base.published);
    expect(code).toBe(0);
    expect(stdout).toContain('0 published, 3 unchanged, 0 failed.');
  });

  test('has exit code 1 when a month failed, and lists what failed and why', async () => {
    const { code, stdout, stderr } = await runCommand(brokenEstate(folder()).path, folder());
    expect(code).toBe(1);
    expect(stderr).toContain(`[2/3] 2025-01 v2.0.0 failed: ${BROKEN}\n`);
    expect(stdout).toContain('2 published, 0 unchanged, 1 failed.');
    expect(stdout).toContain(
      `2025-01 v2.0.0 failed; nothing of it was published, and what was published before is unchanged:\n${BROKEN}`,
    );
  });

  test('has exit code 2 where the estate does not exist', async () => {
    const missing = join(folder(), 'missing');
    expect((await runCommand(missing, folder())).code).toBe(2);
  });

  test('closes with a table of totals, rows, estimates, what was retained, residuals and unknown accounts', async () => {
    const { stdout } = await runCommand(base.inputs, base.published);
    const [header = '', , ...lines] = stdout.split('\n');
    expect(header.split(/ {2,}/)).toEqual([
      'month',
      'version',
      'status',
      'rows',
      'accounts',
      'LBM CO2e',
      'MBM CO2e',
      'retained MBM',
      'estimated',
      'residual',
      'unknown accounts',
    ]);
    expect(lines[1]).toMatch(
      /^2025-01 +v2\.0\.0 +unchanged +3 +2 +379\.3 kg +418\.9 kg +57\.12 kg +0 +\d+e[-+]\d+ +0$/,
    );
    expect(stdout).toMatch(/Largest residual of any ledger: \d\.\de-\d+ of the emissions \(limit 1e-9\)/);
  });

  test('prints with --json what programs read, and nothing else', async () => {
    // Act
    const { code, stdout, stderr } = await runCommand(brokenEstate(folder()).path, folder(), '--json');
    // Assess
    expect(code).toBe(1);
    expect(stderr).toBe('');
    const { exports } = JSON.parse(stdout) as { exports: RunReport[] };
    expect(exports).toMatchObject([
      {
        exportName: EXPORT_NAME,
        asOf: '2025-03-15T00:00:00.000Z',
        notAvailable: [],
        problems: [],
        months: [
          {
            month: '2024-12',
            modelVersion: 'v1.0.0',
            status: 'published',
            summary: { rows: 3, accounts: 2 },
          },
          { month: '2025-01', modelVersion: 'v2.0.0', status: 'failed', error: BROKEN },
          { month: '2025-02', modelVersion: 'v2.0.0', status: 'published' },
        ],
      },
    ]);
    expect(Object.keys(exports[0]?.months[0]?.summary ?? {}).sort()).toEqual([
      'accounts',
      'estimatedClusters',
      'largestResidual',
      'retainedMbm',
      'rows',
      'totalLbm',
      'totalMbm',
      'unknownAccounts',
      'warnings',
    ]);
  });

  test('writes with --format both two exports with the same rows, CSV under a separate name', async () => {
    // Prepare
    const out = folder();
    // Act
    const { code, stdout } = await runCommand(base.inputs, out, '--format', 'both', '--json');
    // Assess
    expect(code).toBe(0);
    const { exports } = JSON.parse(stdout) as { exports: RunReport[] };
    expect(exports.map(({ exportName }) => exportName)).toEqual([EXPORT_NAME, `${EXPORT_NAME}-csv`]);
    for (const month of MONTHS) {
      const place = { out, month, modelVersion: month < '2025' ? 'v1.0.0' : 'v2.0.0' };
      const parquet = await readExportRows({ ...place, exportName: EXPORT_NAME, format: 'parquet' });
      const csv = await readExportRows({ ...place, exportName: `${EXPORT_NAME}-csv`, format: 'csv' });
      expect(csv).toEqual(parquet);
    }
    const files = Object.keys(hashesOf(out)).filter((path) => path.includes('/data/'));
    expect(
      nonEmpty(files).every((path) =>
        /\/(carbon-00001\.snappy\.parquet|carbon-csv-00001\.csv\.gz)$/.test(path),
      ),
    ).toBe(true);
  });

  test('folds with --product-detail ccft into the four products of the AWS tool, with the same sums', async () => {
    // Prepare
    const estate = EstateFolder.of(monthlyEstate(['2025-01']), join(folder(), 'inputs'));
    const codes = ['AmazonEC2', 'AmazonS3', 'AmazonCloudFront', 'AmazonRDS', 'AWSLambda'];
    const services = codes.map((code) => `${code},${code},physical\n`).join('');
    estate.write('services.csv', `product_code,service_name,basis\n${services}`);
    const at = (table: string): string => `${table}/usage_period=2025-01/${table}-part-1.csv`;
    estate.write(
      at('rack_use'),
      `rack_id,product_code,share\n${codes.map((code) => `r1,${code},0.15\n`).join('')}`,
    );
    estate.write(at('service_use'), 'cluster_id,provider_code,consumer_code,share\n');
    const lines = codes.flatMap((code) => [`000000000001,c1,${code},3,\n`, `000000000002,c1,${code},1,\n`]);
    estate.write(
      at('usage'),
      `usage_account_id,cluster_id,product_code,usage_quantity,usage_revenue\n${lines.join('')}`,
    );
    const rowsOf = async (...options: readonly string[]): Promise<ExportRow[]> => {
      const out = folder();
      expect((await runCommand(estate.path, out, ...options)).code).toBe(0);
      return readExportRows({
        out,
        exportName: EXPORT_NAME,
        month: '2025-01',
        modelVersion: 'v2.0.0',
        format: 'parquet',
      });
    };
    const sumOf = (rows: readonly ExportRow[], account: string): number =>
      rows
        .filter((row) => row['usage_account_id'] === account)
        .reduce((sum, row) => sum + Number(row['total_mbm_emissions_value']), 0);
    // Act
    const all = await rowsOf();
    const folded = await rowsOf('--product-detail', 'ccft');
    // Assess
    expect(all).toHaveLength(10);
    expect(folded.slice(0, 4).map((row) => row['product_code'])).toEqual([
      'AmazonCloudFront',
      'AmazonEC2',
      'AmazonS3',
      'Other',
    ]);
    expect(folded).toHaveLength(8);
    for (const account of ['000000000001', '000000000002']) {
      expect(sumOf(folded, account)).toBeCloseTo(sumOf(all, account), 12);
    }
  });
});
