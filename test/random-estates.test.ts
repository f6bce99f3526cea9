import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { naiveMonth } from '../shared/audit/verify/exact/naive-method';
import { toNumber } from '../shared/audit/verify/exact/rational';
import { CATEGORIES } from '../shared/method/categories';
import { writeEstate } from './support/estates/estate-tables';
import { randomEstate } from './support/estates/random-estate';
import { withScope3 } from './support/estates/random-scope-3';
import { columnsOfSums } from './support/expected-values';
import { EXPORT_NAME } from './support/export-name';
import { type ExportRow, readExportRows, readManifest } from './support/export-reader';
import { keepDuckDb } from './support/kept-duckdb';
import { nonEmpty } from './support/non-empty';
import { repetitions } from './support/repetitions';
import { runFolders } from './support/run-export';
import { scratch } from './support/scratch';

beforeAll(() => keepDuckDb());

/*
 * The product against a second, naive implementation in exact fractions (shared/audit/verify/exact), on random
 * estates that neither was written for. `npm run test:deep` has more of them.
 */

const MONTHS = ['2024-12', '2025-01', '2025-02'];

const seeds = Array.from({ length: repetitions(4) }, (_, index) => 1_000 + index);

const versions = ['v1.0.0', 'v2.0.0'] as const;

const folder = scratch();

describe.each([
  ...seeds.map((seed) => [seed, 'racks alone', false] as const),
  ...seeds.map((seed) => [seed, 'totals from elsewhere', true] as const),
])('random estate %i with %s', (seed, _, totals) => {
  test.each(versions)('every row and the ledger of every month in %s', async (modelVersion) => {
    // Prepare
    const tables = randomEstate(seed, { totals });
    const inputs = join(folder(), 'inputs');
    mkdirSync(inputs);
    writeEstate(tables, inputs);
    const out = folder();
    // Act
    const report = await runFolders(inputs, out, { model: modelVersion });
    // Assess
    expect(report.months.map(({ error }) => error)).toEqual(MONTHS.map(() => undefined));
    for (const month of MONTHS) {
      const place = { out, exportName: EXPORT_NAME, month, modelVersion, format: 'parquet' } as const;
      await expectMonth(place, naiveMonth(tables, month, modelVersion));
    }
  });
});

describe.each([
  ...seeds.map((seed) => [seed, 'racks alone', false] as const),
  ...seeds.map((seed) => [seed, 'totals from elsewhere', true] as const),
])('random estate %i with Scope 3 and %s', (seed, _, totals) => {
  const settings = {
    earlyRetirement: seed % 2 === 0 ? 'continue' : 'write_off',
    scope1Estimate: seed % 3 === 0 ? 'none' : 'growth',
  } as const;

  test.each(['v2.0.0', 'v3.0.0'] as const)(
    'every row and the ledger of every month in %s',
    async (modelVersion) => {
      // Prepare
      const tables = withScope3(randomEstate(seed, { totals }), seed);
      const inputs = join(folder(), 'inputs');
      mkdirSync(inputs);
      writeEstate(tables, inputs, { shuffleSeed: seed });
      writeFileSync(
        join(inputs, 'settings.json'),
        JSON.stringify({
          embodied: { early_retirement: settings.earlyRetirement },
          scope_1_estimate: settings.scope1Estimate,
        }),
      );
      const out = folder();
      // Act
      const report = await runFolders(inputs, out, { model: modelVersion });
      // Assess
      expect(report.months.map(({ error }) => error)).toEqual(MONTHS.map(() => undefined));
      for (const month of MONTHS) {
        const place = { out, exportName: EXPORT_NAME, month, modelVersion, format: 'parquet' } as const;
        await expectMonth(place, naiveMonth(tables, month, modelVersion, settings));
      }
    },
  );
});

async function expectMonth(
  place: Parameters<typeof readExportRows>[0],
  naive: ReturnType<typeof naiveMonth>,
): Promise<void> {
  const rows = await readExportRows(place);
  expectRows(rows, naive, false);
  const { ledgerKg, largestResidual, companion } = readManifest(place);
  expect(largestResidual).toBeLessThanOrEqual(1e-9);
  for (const category of CATEGORIES) {
    const emitted = ledgerKg.in[category];
    // Months before v3.0.0 have no entries of Scope 3.
    if (emitted === undefined) continue;
    for (const [account, kg] of nonEmpty(Object.entries(naive.ledgerKg[category]))) {
      expectClose(ledgerKg[account as 'exported'][category] ?? NaN, toNumber(kg), 1e-9 * emitted);
    }
  }
  expect(companion === undefined).toBe(place.modelVersion !== 'v3.0.0');
  if (companion === undefined) return;
  expectRows(await readExportRows({ ...place, exportName: companion.exportName }), naive, true);
}

function keyOf(row: ExportRow): string {
  return `${row['usage_account_id']}|${row['region_code']}|${row['product_code']}`;
}

function expectRows(
  rows: readonly ExportRow[],
  naive: ReturnType<typeof naiveMonth>,
  isCompanion: boolean,
): void {
  expect(rows.map(keyOf)).toEqual([...naive.rows.keys()].sort());
  for (const row of nonEmpty(rows)) {
    const expected = naive.rows.get(keyOf(row));
    for (const [column, parts] of columnsOfSums(isCompanion)) {
      const kg = parts.map((category) => (expected === undefined ? NaN : toNumber(expected[category])));
      expectClose(
        Number(row[column]),
        kg.reduce((sum, part) => sum + part / 1_000, 0),
      );
    }
  }
}

/** To 1e-9 relative; ledger entries that are differences of large sums are held to the month's emissions. */
function expectClose(actual: number, expected: number, tolerance = Math.abs(expected) * 1e-9): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance);
}
