import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Category } from '../../shared/method/categories';
import { EXPORT_NAME } from '../support/export-name';
import { columnsOfSums } from '../support/expected-values';
import { type ExportRow, readExportRows, readManifest } from '../support/export-reader';
import { keepDuckDb } from '../support/kept-duckdb';
import { nonEmpty } from '../support/non-empty';
import { runFolders } from '../support/run-export';
import { scratch } from '../support/scratch';

beforeAll(() => keepDuckDb());

/*
 * Golden cases: test/cases/<case>/inputs is an estate; test/cases/<case>/expected/<month>.<version>.json are the results
 * of an independent program (rows in MTCO2e, ledger in kgCO2e): of a program in exact arithmetic outside this project for
 * small and scope-3, of test/cases/work-out.ts for the others. A new folder is a new test.
 */

interface Expected {
  readonly rows: Readonly<Record<string, Readonly<Partial<Record<Category, number>>>>>;
  readonly ledger_kg: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const CASES = __dirname;

const names = readdirSync(CASES, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() && existsSync(join(CASES, entry.name, 'expected')) ? [entry.name] : [],
);

const goldenMonths = names.flatMap((name) =>
  readdirSync(join(CASES, name, 'expected')).map((file) => {
    const match = /^(\d{4}-\d{2})\.(v\d+\.\d+\.\d+)\.json$/.exec(file);
    if (match === null) throw new Error(`${file} is not an expected month`);
    return { name, month: match[1] ?? '', modelVersion: match[2] ?? '', file };
  }),
);

const formats = ['parquet', 'csv'] as const;

const folder = scratch();

test('three cases have golden months', () => {
  expect(names).toEqual(['given-totals', 'scope-3', 'small']);
  expect(goldenMonths).toHaveLength(10);
});

describe.each(goldenMonths)('$name $month $modelVersion', ({ name, month, modelVersion, file }) => {
  test.each(formats)('every row and the ledger, in %s', async (format) => {
    // Prepare
    const expected = JSON.parse(readFileSync(join(CASES, name, 'expected', file), 'utf8')) as Expected;
    const out = folder();
    // Act
    const options = { format, from: month, to: month, model: modelVersion } as const;
    const report = await runFolders(join(CASES, name, 'inputs'), out, options);
    // Assess
    expect(report.months).toMatchObject([{ status: 'published' }]);
    const place = { out, exportName: EXPORT_NAME, month, modelVersion, format };
    const rows = new Map((await readExportRows(place)).map((row) => [keyOf(row), row]));
    expect(rows.size).toBeGreaterThan(0);
    expect([...rows.keys()].sort()).toEqual(Object.keys(expected.rows).sort());
    for (const [key, values] of nonEmpty(Object.entries(expected.rows))) {
      for (const [column, parts] of columnsOfSums(false)) {
        expectClose(Number(rows.get(key)?.[column]), sumOf(parts, values));
      }
    }
    const { ledgerKg, companion } = readManifest(place);
    for (const [category, entries] of nonEmpty(Object.entries(expected.ledger_kg))) {
      for (const [account, kg] of nonEmpty(Object.entries(entries))) {
        expectClose(ledgerKg[account as 'exported'][category as Category] ?? NaN, kg);
      }
    }
    expect(companion?.exportName).toBe(modelVersion === 'v3.0.0' ? `${EXPORT_NAME}-scope-3` : undefined);
    if (companion === undefined) return;
    const parts = await readExportRows({ ...place, exportName: companion.exportName });
    expect(parts.map(keyOf)).toEqual([...rows.keys()]);
    for (const row of parts) {
      for (const [column, categories] of columnsOfSums(true)) {
        expectClose(Number(row[column]), sumOf(categories, expected.rows[keyOf(row)] ?? {}));
      }
    }
  });
});

/** Categories that the expected values do not have are 0. */
function sumOf(categories: readonly Category[], values: Readonly<Partial<Record<Category, number>>>): number {
  return categories.reduce((sum, category) => sum + (values[category] ?? 0), 0);
}

function keyOf(row: ExportRow): string {
  return [row['usage_account_id'], row['region_code'], row['product_code']].join('|');
}

function expectClose(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(Math.abs(expected) * 1e-9);
}
