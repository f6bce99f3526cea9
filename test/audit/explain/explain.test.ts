import { asAccountId } from '../../../shared/base/account-id';
import { asModelVersionId } from '../../../shared/base/model-version-id';
import { asMonth } from '../../../shared/base/month';
import { appendFileSync, copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explanationTree } from '../../../api/explanation-tree';
import { type ExplainedMonth, explainExport } from '../../../shared/audit/explain/explain-export';
import { type Explanation, explanation, largestGap } from '../../../shared/audit/explain/explanation';
import { FolderStore } from '../../../shared/stores/folder-store';
import { writeEstate } from '../../support/estates/estate-tables';
import { randomEstate } from '../../support/estates/random-estate';
import { EXPORT_NAME } from '../../support/export-name';
import { dataPath, readExportRows } from '../../support/export-reader';
import { keepDuckDb } from '../../support/kept-duckdb';
import { nonEmpty } from '../../support/non-empty';
import { runFolders } from '../../support/run-export';
import { scratch } from '../../support/scratch';

beforeAll(() => keepDuckDb());

const MONTH = asMonth('2025-01');

const folder = scratch();

interface Published {
  readonly inputs: string;
  readonly out: string;
  readonly modelVersion: string;
}

async function published(seed: number, modelVersion = 'v2.0.0'): Promise<Published> {
  const inputs = folder();
  const out = folder();
  writeEstate(randomEstate(seed, { months: [MONTH] }), inputs, { filesPerMonth: 2 });
  await runFolders(inputs, out, { model: modelVersion });
  return { inputs, out, modelVersion };
}

function explain({ inputs, out, modelVersion }: Published, accountId: string): Promise<ExplainedMonth> {
  return explainExport({
    inputs: new FolderStore(inputs),
    exports: new FolderStore(out),
    exportName: EXPORT_NAME,
    overrides: {},
    accountId: asAccountId(accountId),
    month: MONTH,
    modelVersion: asModelVersionId(modelVersion),
  });
}

async function rowsOf({ out, modelVersion }: Published): ReturnType<typeof readExportRows> {
  return readExportRows({ out, exportName: EXPORT_NAME, month: MONTH, modelVersion, format: 'parquet' });
}

function leaves(node: Explanation): Explanation[] {
  return node.parts.length === 0 ? [node] : node.parts.flatMap(leaves);
}

describe.each([
  { seed: 11, modelVersion: 'v2.0.0' },
  { seed: 12, modelVersion: 'v2.0.0' },
  { seed: 13, modelVersion: 'v1.0.0' },
  { seed: 14, modelVersion: 'v1.0.0' },
])('the numbers of random estate $seed in $modelVersion', ({ seed, modelVersion }) => {
  test('are those that are published, and every level adds up to the one above', async () => {
    // Prepare
    const estate = await published(seed, modelVersion);
    const rows = await rowsOf(estate);
    const accounts = [...new Set(rows.map((row) => String(row['usage_account_id'])))];
    expect(accounts.length).toBeGreaterThan(0);
    for (const accountId of nonEmpty(accounts.slice(0, 3))) {
      const own = rows.filter((row) => row['usage_account_id'] === accountId);
      // Act
      const explained = await explain(estate, accountId);
      // Assess
      for (const { category, rows: explainedRows } of nonEmpty(explained.categories)) {
        const name = `total_${category}_emissions_value`;
        expect(explainedRows.map((row) => [row.regionCode, row.productCode])).toEqual(
          own.map((row) => [row['region_code'], row['product_code']]),
        );
        nonEmpty(explainedRows).forEach((row, index) => {
          const kg = Number(own[index]?.[name]) * 1_000;
          expect(Math.abs(row.kg - kg)).toBeLessThanOrEqual(Math.abs(kg) * 1e-9);
          expect(largestGap(row.path)).toBeLessThanOrEqual(1e-9);
          expect(largestGap(row.source)).toBeLessThanOrEqual(1e-9);
        });
      }
    }
  });
});

test('what has kg and no parts names the records it comes from', async () => {
  // Prepare
  const estate = await published(15);
  const [row] = await rowsOf(estate);
  // Act
  const explained = await explain(estate, String(row?.['usage_account_id']));
  // Assess
  const ends = explained.categories.flatMap(({ rows }) => rows.flatMap(({ source }) => leaves(source)));
  const withKg = ends.filter(({ kg }) => kg > 0);
  expect(withKg.length).toBeGreaterThan(0);
  expect(withKg.filter(({ inputs }) => inputs.length === 0)).toEqual([]);
  for (const { file, row: record } of nonEmpty(withKg.flatMap(({ inputs }) => inputs))) {
    const lines = readFileSync(join(estate.inputs, file), 'utf8').trimEnd().split('\n');
    expect(record).toBeGreaterThanOrEqual(1);
    expect(record).toBeLessThan(lines.length);
  }
});

test('the tree shows every level with its part of the one above', () => {
  const part = explanation('half', 1, { facts: { mwh: 2 }, inputs: [{ file: 'a.csv', row: 3 }] });
  const tree = explanationTree(explanation('whole', 2, { parts: [part, part] }));
  expect(tree).toBe(
    [
      '2 kg  whole',
      '├─ 1 kg  half  (50.0 %)',
      '│     mwh 2',
      '│     from a.csv row 3',
      '└─ 1 kg  half  (50.0 %)',
      '      mwh 2',
      '      from a.csv row 3',
    ].join('\n'),
  );
});

test('inputs other than those of the export are refused by name', async () => {
  const estate = await published(16);
  appendFileSync(join(estate.inputs, 'internal_accounts.csv'), '999999999999\n');
  await expect(explain(estate, '999999999999')).rejects.toThrow(
    '2025-01 v2.0.0: found other inputs than those it was published from (internal_accounts differ); run the export again',
  );
});

test('a month that is not published is refused', async () => {
  const estate = await published(17);
  await expect(explain({ ...estate, modelVersion: 'v1.0.0' }, '999999999999')).rejects.toThrow(
    'export carbon, 2025-01 v1.0.0: not published; run it first',
  );
});

test('a published file that was changed is refused', async () => {
  // Prepare: the file of another estate in its place
  const estate = await published(18);
  const other = await published(19);
  const place = { exportName: EXPORT_NAME, month: MONTH, modelVersion: 'v2.0.0', format: 'parquet' } as const;
  const [row] = await rowsOf(estate);
  const path = dataPath({ ...place, out: estate.out });
  copyFileSync(dataPath({ ...place, out: other.out }), path);
  // Act and assess
  await expect(explain(estate, String(row?.['usage_account_id']))).rejects.toThrow(
    'the published file was changed',
  );
});
