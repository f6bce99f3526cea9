import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { naiveMonth } from '../shared/audit/verify/exact/naive-method';
import { toNumber } from '../shared/audit/verify/exact/rational';
import { CATEGORIES } from '../shared/method/categories';
import { writeEstate } from './support/estates/estate-tables';
import { randomEstate } from './support/estates/random-estate';
import { EXPORT_NAME } from './support/export-name';
import { readExportRows, readManifest } from './support/export-reader';
import { nonEmpty } from './support/non-empty';
import { repetitions } from './support/repetitions';
import { runFolders } from './support/run-export';
import { scratch } from './support/scratch';

/*
 * The product against a second, naive implementation in exact fractions (shared/audit/verify/exact), on random
 * estates that neither was written for. `npm run test:deep` has more of them.
 */

const MONTHS = ['2024-12', '2025-01', '2025-02'];

const seeds = Array.from({ length: repetitions(6) }, (_, index) => 1_000 + index);

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

async function expectMonth(
  place: Parameters<typeof readExportRows>[0],
  naive: ReturnType<typeof naiveMonth>,
): Promise<void> {
  const rows = await readExportRows(place);
  const keys = rows.map((row) => `${row['usage_account_id']}|${row['region_code']}|${row['product_code']}`);
  expect(keys).toEqual([...naive.rows.keys()].sort());
  nonEmpty(rows).forEach((row, index) => {
    const expected = naive.rows.get(keys[index] ?? '');
    for (const category of CATEGORIES) {
      const mtco2e = expected === undefined ? NaN : toNumber(expected[category]) / 1_000;
      expectClose(Number(row[`total_${category}_emissions_value`]), mtco2e);
    }
  });
  const { ledgerKg, largestResidual } = readManifest(place);
  expect(largestResidual).toBeLessThanOrEqual(1e-9);
  for (const category of CATEGORIES) {
    for (const [account, kg] of nonEmpty(Object.entries(naive.ledgerKg[category]))) {
      expectClose(ledgerKg[account as 'exported'][category], toNumber(kg), 1e-9 * ledgerKg.in[category]);
    }
  }
}

/** To 1e-9 relative; ledger entries that are differences of large sums are held to the month's emissions. */
function expectClose(actual: number, expected: number, tolerance = Math.abs(expected) * 1e-9): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance);
}
