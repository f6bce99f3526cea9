import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATEGORIES, type Category } from '../../shared/method/categories';
import { EXPORT_NAME } from '../support/export-name';
import { type ExportRow, readExportRows, readManifest } from '../support/export-reader';
import { nonEmpty } from '../support/non-empty';
import { runFolders } from '../support/run-export';
import { scratch } from '../support/scratch';

/*
 * Golden cases: test/cases/<case>/inputs is an estate; test/cases/<case>/expected/<month>.<version>.json are the results
 * of an independent program (rows in MTCO2e, ledger in kgCO2e): of a program in exact arithmetic outside this project for
 * small, of test/cases/work-out.ts for the others. A new folder is a new test.
 */

interface Expected {
  readonly rows: Readonly<Record<string, Readonly<Record<Category, number>>>>;
  readonly ledger_kg: Readonly<Record<Category, Readonly<Record<string, number>>>>;
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

test('two cases have golden months', () => {
  expect(names).toEqual(['given-totals', 'small']);
  expect(goldenMonths).toHaveLength(9);
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
      for (const category of CATEGORIES) {
        expectClose(Number(rows.get(key)?.[`total_${category}_emissions_value`]), values[category]);
      }
    }
    const { ledgerKg } = readManifest(place);
    for (const category of CATEGORIES) {
      for (const [account, kg] of nonEmpty(Object.entries(expected.ledger_kg[category]))) {
        expectClose(ledgerKg[account as 'exported'][category], kg);
      }
    }
  });
});

function keyOf(row: ExportRow): string {
  return [row['usage_account_id'], row['region_code'], row['product_code']].join('|');
}

function expectClose(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(Math.abs(expected) * 1e-9);
}
