import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { writeEstate, type WriteOptions } from './support/estates/estate-tables';
import { randomEstate } from './support/estates/random-estate';
import { EXPORT_NAME } from './support/export-name';
import { dataPath } from './support/export-reader';
import { keepDuckDb } from './support/kept-duckdb';
import { runFolders, type RunOptions } from './support/run-export';
import { scratch } from './support/scratch';

beforeAll(() => keepDuckDb());

/*
 * The same inputs and as-of make the same bytes: however rows are ordered, however files are split or compressed, and
 * with any number of threads.
 */

const MONTH = '2025-01';

const folder = scratch();

async function fileOf(seed: number, written: WriteOptions, run: RunOptions): Promise<string> {
  const inputs = folder();
  const out = folder();
  writeEstate(randomEstate(seed, { months: [MONTH], usageRows: 3_000 }), inputs, written);
  const report = await runFolders(inputs, out, run);
  expect(report.months.map(({ status }) => status)).toEqual(['published']);
  const format = run.format ?? 'parquet';
  const place = { out, exportName: EXPORT_NAME, month: MONTH, modelVersion: 'v2.0.0', format };
  return readFileSync(dataPath(place)).toString('latin1');
}

describe.each([
  { format: 'parquet', productDetail: 'all' },
  { format: 'csv', productDetail: 'all' },
  { format: 'parquet', productDetail: 'ccft' },
] as const)('bytes of $format with product detail $productDetail', (settings) => {
  const seed = 2_024;
  let plain: string;

  beforeAll(async () => {
    plain = await fileOf(seed, {}, settings);
  });

  test.each<{ what: string; written: WriteOptions; run: RunOptions }>([
    { what: 'shuffled rows', written: { shuffleSeed: 7 }, run: {} },
    { what: 'files split in five', written: { filesPerMonth: 5, shuffleSeed: 8 }, run: {} },
    { what: 'gzip files', written: { gzip: true }, run: {} },
    { what: 'one thread', written: {}, run: { threads: 1 } },
    { what: 'eight threads', written: { shuffleSeed: 9 }, run: { threads: 8 } },
  ])('do not depend on $what', async ({ written, run }) => {
    const other = await fileOf(seed, written, { ...run, ...settings });
    expect(other === plain).toBe(true);
  });
});

test('a later as-of changes the refresh timestamp, so these bytes differ', async () => {
  const now = await fileOf(5, {}, {});
  const later = await fileOf(5, {}, { asOf: '2025-03-16' });
  expect(later === now).toBe(false);
});

test('the file of a month holds no path of the machine', async () => {
  const file = await fileOf(6, {}, {});
  expect(file).not.toContain(tmpdir());
  expect(file).not.toContain(__dirname);
});
