import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { EstateFolder } from '../support/estate-folder';
import { monthlyEstate, MONTHS } from '../support/estates/monthly-estate';
import { fuelUse } from '../support/estates/tiny-estate';
import { EXPORT_NAME } from '../support/export-name';
import { dataPath, readManifest } from '../support/export-reader';
import { hashesAndTimesOf, hashesOf } from '../support/folder-contents';
import { nonEmpty } from '../support/non-empty';
import { publishedEstate } from '../support/published-estate';
import { carbonExports, runEstate, statusesOf } from '../support/run-command';
import { scratch } from '../support/scratch';
import { runVerify } from '../support/verify-command';

/*
 * A changed input restates its months: what was replaced is kept, readers of data/ see only the new one, and the run
 * says what moved and why.
 */

const LATER = ['--as-of', '2025-03-16'] as const;
const JANUARY = {
  exportName: EXPORT_NAME,
  month: '2025-01',
  modelVersion: 'v2.0.0',
  format: 'parquet',
} as const;
const USAGE = 'usage/usage_period=2025-01/usage-part-1.csv';
const HISTORY = `${EXPORT_NAME}/history/carbon_model_version=v2.0.0/usage_period=2025-01`;

const folder = scratch();
const base = publishedEstate(folder);

test('a changed input keeps what it replaces, byte for byte, beside what readers see', async () => {
  // Prepare
  const { estate, out } = base.again();
  const manifest = readManifest({ out, ...JANUARY });
  const [data, replaced] = [
    readFileSync(dataPath({ out, ...JANUARY })),
    readFileSync(
      join(
        out,
        `${EXPORT_NAME}/metadata/carbon_model_version=v2.0.0/usage_period=2025-01/${EXPORT_NAME}-Manifest.json`,
      ),
    ),
  ];
  estate.edit(USAGE, ',3,', ',4,');
  // Act
  const run = await runEstate(estate.path, out, ...LATER);
  // Assess
  expect(run.code).toBe(0);
  expect(readdirSync(join(out, HISTORY)).sort()).toEqual(
    [`00001-${manifest.executionId}-Manifest.json`, `${manifest.file.sha256}.snappy.parquet`].sort(),
  );
  expect(readFileSync(join(out, HISTORY, `00001-${manifest.executionId}-Manifest.json`))).toEqual(replaced);
  expect(readFileSync(join(out, HISTORY, `${manifest.file.sha256}.snappy.parquet`))).toEqual(data);
  const dataFiles = Object.keys(hashesAndTimesOf(join(out, EXPORT_NAME, 'data')));
  expect(dataFiles).toHaveLength(MONTHS.length);
  expect(nonEmpty(dataFiles).every((name) => name.endsWith(`${EXPORT_NAME}-00001.snappy.parquet`))).toBe(
    true,
  );
  expect(run.outcomes['2025-01']?.restatement).toEqual({
    replaces: manifest.executionId,
    because: ['usage'],
    beforeKg: manifest.ledgerKg.exported,
    afterKg: readManifest({ out, ...JANUARY }).ledgerKg.exported,
    accounts: 2,
    estimatedTurnedActual: [],
  });
  expect(run.outcomes['2025-02']?.restatement).toBeUndefined();
});

test('the run says so in words', async () => {
  // Prepare
  const { estate, out } = base.again();
  estate.edit(USAGE, ',3,', ',4,');
  // Act
  const common = ['--inputs', estate.path, '--out', out, '--export-name', EXPORT_NAME];
  const { stdout } = await carbonExports('run', ...common, ...LATER);
  // Assess
  expect(stdout).toMatch(
    /2025-01 v2\.0\.0 restated because usage changed: scope_1 [\d.,]+ k?[gt] -> [\d.,]+ k?[gt], .*; 2 accounts\./,
  );
});

test('inputs that change and move no number keep the replaced manifest alone, and restate nothing', async () => {
  // Prepare
  const { estate, out } = base.again();
  const { executionId } = readManifest({ out, ...JANUARY });
  const [header = '', first = '', ...rest] = estate.read(USAGE).trimEnd().split('\n');
  estate.write(USAGE, `${[header, ...rest, first].join('\n')}\n`);
  // Act
  const run = await runEstate(estate.path, out, ...LATER);
  // Assess
  expect(statusesOf(run)['2025-01']).toBe('unchanged');
  expect(run.outcomes['2025-01']?.restatement).toBeUndefined();
  expect(readdirSync(join(out, HISTORY))).toEqual([`00001-${executionId}-Manifest.json`]);
});

test.each([
  {
    what: 'compressed and renamed',
    change: (estate: EstateFolder) => {
      const content = estate.read(USAGE);
      estate.remove(USAGE);
      estate.write('usage/usage_period=2025-01/other.csv.gz', gzipSync(content, { level: 9 }));
    },
  },
  {
    what: 'compressed once more, at another level',
    change: (estate: EstateFolder) => {
      estate.gzip('racks/usage_period=2025-01/racks-part-1.csv');
      estate.gzip('electricity.csv');
    },
  },
  {
    what: 'written again',
    change: (estate: EstateFolder) => {
      estate.write(USAGE, estate.read(USAGE));
    },
  },
])('equal content that is $what restates nothing and keeps nothing', async ({ change }) => {
  // Prepare
  const { estate, out } = base.again();
  const before = hashesOf(out);
  change(estate);
  // Act
  const run = await runEstate(estate.path, out, ...LATER);
  // Assess
  expect(statusesOf(run)).toEqual(Object.fromEntries(MONTHS.map((month) => [month, 'unchanged'])));
  expect(hashesOf(out)).toEqual(before);
  expect(existsSync(join(out, EXPORT_NAME, 'history'))).toBe(false);
});

test('what was restated twice and back is kept once each', async () => {
  // Prepare
  const { estate, out } = base.again();
  const good = estate.read(USAGE);
  // Act
  for (const [day, quantity] of [
    ['16', '4'],
    ['17', '5'],
    ['18', '3'],
    ['19', '4'],
  ] as const) {
    estate.write(USAGE, good.replace(',3,', `,${quantity},`));
    expect((await runEstate(estate.path, out, '--as-of', `2025-03-${day}`)).code).toBe(0);
  }
  // Assess: as of each day the rows are refreshed anew, so all four files differ
  const kept = readdirSync(join(out, HISTORY));
  expect(kept.filter((name) => name.endsWith('-Manifest.json'))).toHaveLength(4);
  expect(kept.filter((name) => name.endsWith('.parquet'))).toHaveLength(4);
});

test("late actuals of last year's fuel restate that year's months, estimated turned actual", async () => {
  // Prepare: fuel of 2025 is not in yet
  const estimated = monthlyEstate(MONTHS, { fuel_use: [fuelUse('2024', '366')] });
  const estate = EstateFolder.of(estimated, join(folder(), 'inputs'));
  const out = folder();
  const first = await runEstate(estate.path, out);
  expect(MONTHS.map((month) => first.outcomes[month]?.summary?.estimatedClusters)).toEqual([0, 1, 1]);
  estate.append('fuel_use.csv', 's1,2025,oil,730,litre');
  // Act
  const run = await runEstate(estate.path, out, '--as-of', '2026-02-15');
  // Assess
  expect(statusesOf(run)).toEqual({ '2024-12': 'unchanged', '2025-01': 'published', '2025-02': 'published' });
  for (const month of ['2025-01', '2025-02']) {
    const restatement = run.outcomes[month]?.restatement;
    expect(restatement).toMatchObject({ because: ['fuel_use'], estimatedTurnedActual: ['c1'], accounts: 2 });
    // 366 kg over the 366 days of 2024, estimated to go on; 730 kg over the 365 days of 2025
    expect((restatement?.afterKg.scope_1 ?? 0) / (restatement?.beforeKg.scope_1 ?? 0)).toBeCloseTo(
      730 / 366,
      9,
    );
    expect(restatement?.afterKg.scope_2_lbm).toBe(restatement?.beforeKg.scope_2_lbm);
  }
  const verified = await runVerify(estate.path, out);
  expect(verified.code).toBe(0);
});
