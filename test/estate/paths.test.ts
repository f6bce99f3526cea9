import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { withSession } from '../../shared/sql/duck-session';
import { writeEstate } from '../support/estates/estate-tables';
import { randomEstate } from '../support/estates/random-estate';
import { EXPORT_NAME } from '../support/export-name';
import { dataPath, readExportRows } from '../support/export-reader';
import { keepDuckDb } from '../support/kept-duckdb';
import { runFolders } from '../support/run-export';
import { scratch } from '../support/scratch';

beforeAll(() => keepDuckDb());

/* The path of a file defines its table and month, and nothing else: only its content counts. */

const MONTH = '2025-01';

const folder = scratch();

async function rowsOf(inputs: string): Promise<unknown> {
  const out = folder();
  const report = await runFolders(inputs, out);
  expect(report.months.map(({ error }) => error)).toEqual([undefined]);
  const place = { out, exportName: EXPORT_NAME, month: MONTH, modelVersion: 'v2.0.0' };
  expect(dataPath({ ...place, format: 'parquet' })).toContain(MONTH);
  return readExportRows({ ...place, format: 'parquet' });
}

async function asParquet(folder: string, name: string): Promise<void> {
  await withSession({}, async (session) => {
    await session.run(
      'COPY (SELECT * FROM read_csv($1, all_varchar = true, header = true, hive_partitioning = false)) TO $2',
      [join(folder, `${name}.csv`), join(folder, `${name}.parquet`)],
    );
  });
  renameSync(join(folder, `${name}.csv`), join(folder, `.${name}.csv`));
}

test('a folder above the estate that looks like a partition is not a column of its tables', async () => {
  // Prepare
  const plain = folder();
  const odd = join(folder(), 'year=2031', 'usage_period=2025-03', 'estate');
  mkdirSync(odd, { recursive: true });
  for (const inputs of [plain, odd]) writeEstate(randomEstate(61, { months: [MONTH] }), inputs);
  await asParquet(odd, 'electricity');
  await asParquet(odd, 'grid_factors');
  // Act and assess
  expect(await rowsOf(odd)).toEqual(await rowsOf(plain));
});

test('a file name with the characters of a pattern is that one file', async () => {
  // Prepare
  const plain = folder();
  const odd = folder();
  for (const inputs of [plain, odd]) {
    writeEstate(randomEstate(62, { months: [MONTH] }), inputs, { filesPerMonth: 2 });
  }
  const usage = join(odd, 'usage', `usage_period=${MONTH}`);
  renameSync(join(usage, 'usage-part-1.csv'), join(usage, 'usage-part*.csv'));
  // Act and assess
  expect(await rowsOf(odd)).toEqual(await rowsOf(plain));
});
