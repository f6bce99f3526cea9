import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verification } from '../../../shared/audit/verify/verification';
import { verifyExport } from '../../../shared/audit/verify/verify-export';
import { dataKey, asExportMonth, exportRecordKey, manifestKey } from '../../../shared/exports/layout';
import { FolderStore } from '../../../shared/stores/folder-store';
import type { LocalCopy } from '../../../shared/stores/object-store';
import { publishedEstate } from '../../support/published-estate';
import { EstateFolder } from '../../support/estate-folder';
import { EXPORT_NAME } from '../../support/export-name';
import { copyFolder } from '../../support/folder-contents';
import { carbonExports, runEstate } from '../../support/run-command';
import { scratch } from '../../support/scratch';

const JANUARY = asExportMonth('2025-01', 'v2.0.0');
const DATA = dataKey(EXPORT_NAME, JANUARY, 'parquet');
const MANIFEST = manifestKey(EXPORT_NAME, JANUARY);
const USAGE = 'usage/usage_period=2025-01/usage-part-1.csv';

const folder = scratch();
const base = publishedEstate(folder);

function verify(inputs: string, exports: FolderStore): Promise<Verification> {
  return verifyExport({
    inputs: () => Promise.resolve(new FolderStore(inputs)),
    exports,
    exportName: EXPORT_NAME,
    overrides: {},
  });
}

function resultsOf({ months }: Verification): (readonly [string, readonly string[]])[] {
  return months.map(({ month, differences }) => [month, differences]);
}

/** A copy of the export whose manifest of January names another data file. */
function copyNaming(dataFile: string): FolderStore {
  const out = copyFolder(base.published, folder());
  const path = join(out, MANIFEST);
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  writeFileSync(path, JSON.stringify({ ...manifest, dataFiles: [dataFile] }));
  return new FolderStore(out);
}

test('an export that was copied from S3 to a disk is verified', async () => {
  const result = await verify(base.inputs, copyNaming(`s3://example-bucket/exports/${DATA}`));
  expect(resultsOf(result)).toEqual([
    ['2024-12', []],
    ['2025-01', []],
    ['2025-02', []],
  ]);
});

test('a manifest that names the file of another month is reported', async () => {
  const result = await verify(base.inputs, copyNaming(`s3://b/${DATA.replace('2025-01', '2025-02')}`));
  expect(resultsOf(result)[1]).toEqual([
    '2025-01',
    [expect.stringMatching(/^manifest, dataFiles: found .*2025-02.*, expected .*2025-01/)],
  ]);
});

test('a file that cannot be read is a difference of its month, and all other months are verified', async () => {
  // Prepare
  class Unreadable extends FolderStore {
    override localCopy(key: string): Promise<LocalCopy> {
      if (key === DATA) return Promise.reject(new Error(`${key}: permission denied`));
      return super.localCopy(key);
    }
  }
  // Act
  const result = await verify(base.inputs, new Unreadable(base.published));
  // Assess
  expect(resultsOf(result)).toEqual([
    ['2024-12', []],
    ['2025-01', [expect.stringContaining(`${DATA}: permission denied`)]],
    ['2025-02', []],
  ]);
  expect(result.months[1]?.notRecomputed).toMatch(/^cannot be read: /);
});

test('inputs that cannot be read are a difference of every month, and the files are checked all the same', async () => {
  // Prepare
  const estate = new EstateFolder(copyFolder(base.inputs, folder()));
  estate.write('settings.json', '{');
  const out = copyFolder(base.published, folder());
  const path = join(out, DATA);
  writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from('x')]));
  // Act
  const { months } = await verify(estate.path, new FolderStore(out));
  // Assess
  expect(months).toHaveLength(3);
  for (const { differences } of months) {
    expect(differences.join()).toMatch(/the inputs cannot be read: settings\.json|: found \d+ bytes/);
  }
  expect(months[1]?.differences.join()).toMatch(/found the SHA-256 /);
});

test('the command verifies files also where settings.json is damaged', async () => {
  // Prepare
  const estate = new EstateFolder(copyFolder(base.inputs, folder()));
  estate.write('settings.json', '{');
  const places = ['--inputs', estate.path, '--out', base.published, '--export-name', EXPORT_NAME];
  // Act
  const { code, stdout } = await carbonExports('verify', ...places);
  // Assess
  expect(code).toBe(1);
  expect(
    stdout.match(/not recomputed: the inputs cannot be read: settings\.json: expected JSON/g),
  ).toHaveLength(3);
  expect(stdout).toContain('NOT VERIFIED');
});

test('an estate without clusters.csv has one difference for each month', async () => {
  const estate = new EstateFolder(copyFolder(base.inputs, folder()));
  estate.remove('clusters.csv');
  const { months } = await verify(estate.path, new FolderStore(base.published));
  expect(months).toHaveLength(3);
  for (const { differences } of months) {
    expect(differences).toEqual([
      expect.stringMatching(/cannot be computed from the inputs: clusters\.csv: /),
    ]);
  }
});

test('a damaged record of the export is reported, and all months are verified', async () => {
  const out = copyFolder(base.published, folder());
  writeFileSync(join(out, exportRecordKey(EXPORT_NAME)), '{');
  const result = await verify(base.inputs, new FolderStore(out));
  expect(result.problems).toEqual([expect.stringMatching(/export\.json: found .*, expected the record/)]);
  expect(resultsOf(result).map(([, differences]) => differences)).toEqual([[], [], []]);
});

test.each([
  ['semicolons', (text: string): string => text.replaceAll(',', ';')],
  ['tabs', (text: string): string => text.replaceAll(',', '\t')],
  ['one column name in capitals', (text: string): string => text.replace('cluster_id', 'CLUSTER_ID')],
  ['a header in capitals', (text: string): string => text.replace(/^.*/, (line) => line.toUpperCase())],
])('tables with %s are verified', async (_, change) => {
  // Prepare
  const files = ['clusters.csv', 'sites.csv', 'racks/usage_period=2025-01/racks-part-1.csv', USAGE];
  const estate = new EstateFolder(copyFolder(base.inputs, folder()));
  for (const file of files) estate.write(file, change(estate.read(file)));
  const out = folder();
  expect((await runEstate(estate.path, out)).code).toBe(0);
  // Act
  const result = await verify(estate.path, new FolderStore(out));
  // Assess
  expect(resultsOf(result)).toEqual([
    ['2024-12', []],
    ['2025-01', []],
    ['2025-02', []],
  ]);
});

test('the progress is shown month by month', async () => {
  const places = ['--inputs', base.inputs, '--out', base.published, '--export-name', EXPORT_NAME];
  const { stderr } = await carbonExports('verify', ...places);
  expect(stderr).toBe(
    '[1/3] 2024-12 v1.0.0 verified\n[2/3] 2025-01 v2.0.0 verified\n[3/3] 2025-02 v2.0.0 verified\n',
  );
});

test('numbers of every spelling are summed exactly', async () => {
  // Prepare
  const numbers = ['1e-12', '.000000000000000001', '2.5E3', '+7', '123456789012.000000000001', '0.1', '-.05'];
  const estate = new EstateFolder(copyFolder(base.inputs, folder()));
  const lines = numbers.map((number) => `000000000001,c1,A,${number},`);
  const header = 'usage_account_id,cluster_id,product_code,usage_quantity,usage_revenue';
  estate.write(USAGE, [header, ...lines].join('\n'));
  const out = folder();
  expect((await runEstate(estate.path, out)).outcomes['2025-01']?.error).toBeUndefined();
  // Act
  const { months } = await verify(estate.path, new FolderStore(out));
  // Assess
  const [, january] = months;
  expect([january?.differences, january?.usageLines]).toEqual([[], numbers.length]);
});
