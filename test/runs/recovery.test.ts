import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataKey, asExportMonth, manifestKey, stateKey } from '../../shared/exports/layout';
import { EstateFolder } from '../support/estate-folder';
import { MONTHS } from '../support/estates/monthly-estate';
import { EXPORT_NAME } from '../support/export-name';
import { readManifest } from '../support/export-reader';
import { hashesOf } from '../support/folder-contents';
import { everyMonth, LATER, publishedEstate, refreshTimestamp } from '../support/published-estate';
import { runEstate, statusesOf } from '../support/run-command';
import { scratch } from '../support/scratch';

const JANUARY = asExportMonth('2025-01', 'v2.0.0');

const folder = scratch();
const base = publishedEstate(folder);

/** Returns a function that removes these files and folders of an output folder. */
const remove =
  (...files: readonly string[]) =>
  (out: string): void => {
    for (const file of files) rmSync(join(out, file), { recursive: true });
  };

/** Returns a function that cuts a file of an output folder off after some bytes. */
const cut =
  (file: string, bytes: number) =>
  (out: string): void => {
    truncateSync(join(out, file), bytes);
  };

describe('the next run repairs a killed run', () => {
  const data = dataKey(EXPORT_NAME, JANUARY, 'parquet');
  const manifest = manifestKey(EXPORT_NAME, JANUARY);
  const state = stateKey(EXPORT_NAME, JANUARY);

  test.each([
    {
      what: 'before the manifest',
      harm: remove(manifest),
      status: 'published',
    },
    {
      what: 'before the data file',
      harm: remove(manifest, data),
      status: 'published',
    },
    {
      what: 'and a disk that lost the data file',
      harm: remove(data),
      status: 'published',
    },
    {
      what: 'and a disk that cut the data file off',
      harm: cut(data, 100),
      status: 'published',
    },
    {
      what: 'within the manifest',
      harm: cut(manifest, 100),
      status: 'published',
    },
    {
      what: 'while it was running',
      harm: (out: string) => {
        rmSync(join(out, manifest));
        const record = JSON.parse(readFileSync(join(out, state), 'utf8')) as Record<string, unknown>;
        const { month, modelVersion, asOf } = record;
        writeFileSync(join(out, state), JSON.stringify({ month, modelVersion, asOf, status: 'running' }));
      },
      status: 'published',
    },
    {
      what: 'before the state record: the manifest replaces it',
      harm: remove(state),
      status: 'unchanged',
    },
    {
      what: 'within the state record',
      harm: cut(state, 20),
      status: 'unchanged',
    },
    {
      what: 'while it created the state record',
      harm: cut(state, 0),
      status: 'unchanged',
    },
    {
      what: 'and left an upload',
      harm: (out: string) => {
        new EstateFolder(out).write('.uploads/half', 'half');
      },
      status: 'unchanged',
    },
    {
      what: 'before it wrote the table of accounts',
      harm: remove('accounts'),
      status: 'unchanged',
    },
  ])('$what', async ({ harm, status }) => {
    // Prepare
    const { estate, out } = base.again();
    harm(out);
    // Act
    const run = await runEstate(estate.path, out);
    // Assess
    expect(run.code).toBe(0);
    expect(statusesOf(run)).toEqual({ ...everyMonth('unchanged'), '2025-01': status });
    expect(hashesOf(out)).toEqual(hashesOf(base.published));
    expect(existsSync(join(out, '.uploads'))).toBe(false);
  });
});

describe('a month that failed', () => {
  const USAGE = 'usage/usage_period=2025-01/usage-part-1.csv';

  test('is tried again by every run and computed once its inputs are fixed', async () => {
    // Prepare
    const { estate, out } = base.again();
    const good = estate.read(USAGE);
    estate.write(USAGE, good.replace('c1', 'c9'));
    const first = await runEstate(estate.path, out);
    const second = await runEstate(estate.path, out);
    estate.write(USAGE, good.replace(',3,', ',4,'));
    // Act
    const third = await runEstate(estate.path, out, ...LATER);
    // Assess
    expect([first, second, third].map((run) => [run.code, run.outcomes['2025-01']?.status])).toEqual([
      [1, 'failed'],
      [1, 'failed'],
      [0, 'published'],
    ]);
    expect(await refreshTimestamp(out)).toBe('2025-03-16T00:00:00.000Z');
  });

  test('whose inputs are restored is done again, with its earlier refresh timestamp', async () => {
    // Prepare
    const { estate, out } = base.again();
    const good = estate.read(USAGE);
    estate.write(USAGE, good.replace('c1', 'c9'));
    await runEstate(estate.path, out, ...LATER);
    estate.write(USAGE, good);
    // Act
    const run = await runEstate(estate.path, out, '--as-of', '2025-03-17');
    // Assess
    expect(run.code).toBe(0);
    expect(statusesOf(run)).toEqual(everyMonth('unchanged'));
    expect(await refreshTimestamp(out)).toBe('2025-03-15T00:00:00.000Z');
    expect(hashesOf(out)).toEqual(hashesOf(base.published));
  });
});

test('every step of the ledger of every month is within its limit', () => {
  for (const month of MONTHS) {
    const modelVersion = month < '2025' ? 'v1.0.0' : 'v2.0.0';
    const { largestResidual, ledgerKg } = readManifest({
      out: base.published,
      exportName: EXPORT_NAME,
      month,
      modelVersion,
    });
    expect(largestResidual).toBeLessThanOrEqual(1e-9);
    expect(ledgerKg.steps.map(({ step }) => step)).toEqual(['clusters', 'racks', 'services', 'accounts']);
  }
});
