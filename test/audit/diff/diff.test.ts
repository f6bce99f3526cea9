import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ExportDiff } from '../../../shared/audit/diff/diff-exports';
import { EstateFolder } from '../../support/estate-folder';
import { MONTHS } from '../../support/estates/monthly-estate';
import { EXPORT_NAME } from '../../support/export-name';
import { readManifest } from '../../support/export-reader';
import { copyFolder } from '../../support/folder-contents';
import { publishedEstate } from '../../support/published-estate';
import { carbonExports, runEstate } from '../../support/run-command';
import { scratch } from '../../support/scratch';

/*
 * What changed between two model versions, two exports and two executions, and because of which rows of the inputs.
 */

const USAGE = 'usage/usage_period=2025-01/usage-part-1.csv';
const LATER = ['--as-of', '2025-03-16'] as const;
const JANUARY = { exportName: EXPORT_NAME, month: '2025-01', modelVersion: 'v2.0.0' } as const;

const folder = scratch();
const base = publishedEstate(folder);

async function diff(...options: readonly string[]): Promise<ExportDiff> {
  const { code, stdout, stderr } = await carbonExports(
    'diff',
    '--export-name',
    EXPORT_NAME,
    '--json',
    ...options,
  );
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as ExportDiff;
}

/** A copy of what was published, with January restated from changed usage. */
async function restated(): Promise<{ estate: EstateFolder; out: string; replaced: string }> {
  const estate = new EstateFolder(copyFolder(base.inputs, folder()));
  const out = copyFolder(base.published, folder());
  const replaced = readManifest({ out, ...JANUARY }).executionId;
  estate.edit(USAGE, ',3,', ',4,');
  expect((await runEstate(estate.path, out, ...LATER)).code).toBe(0);
  return { estate, out, replaced };
}

test('two executions: what the last restatement changed, and which rows of the inputs did it', async () => {
  // Prepare
  const { estate, out, replaced } = await restated();
  // Act
  const { months } = await diff('--out', out, '--inputs', base.inputs, '--inputs-b', estate.path);
  // Assess
  const [january, ...others] = months;
  expect(others).toEqual([]);
  expect(january).toMatchObject({ month: '2025-01', because: ['usage'] });
  expect(january?.before.executionId).toBe(replaced);
  expect(january?.after.executionId).toBe(readManifest({ out, ...JANUARY }).executionId);
  expect(january?.moved).toMatchObject({ rowsBefore: 3, rowsAfter: 3, rowsChanged: 2 });
  expect(january?.moved.by.accounts.map(({ key }) => key)).toEqual(['000000000001', '000000000002']);
  expect(january?.moved.by.services.map(({ key }) => key)).toEqual(['A']);
  expect(january?.moved.by.regions.map(({ key }) => key)).toEqual(['c1']);
  expect(january?.inputRows).toEqual([
    {
      table: 'usage',
      removed: 1,
      added: 1,
      removedRows: [
        'usage_account_id=000000000001 cluster_id=c1 product_code=A usage_quantity=3 usage_revenue=1.5',
      ],
      addedRows: [
        'usage_account_id=000000000001 cluster_id=c1 product_code=A usage_quantity=4 usage_revenue=1.5',
      ],
    },
  ]);
});

test('account 1 has 3 of 5 parts of what service A left for accounts, then 4 of 6', async () => {
  // Prepare
  const { out } = await restated();
  // Act
  const { months } = await diff('--out', out);
  // Assess
  const account = months[0]?.moved.by.accounts.find(({ key }) => key === '000000000001');
  const { before, after } = account?.figures.total_mbm ?? {};
  expect((after ?? NaN) / (before ?? NaN)).toBeCloseTo(4 / 6 / (3 / 5), 12);
});

test('an execution by its id, in words', async () => {
  // Prepare
  const { out, replaced } = await restated();
  // Act
  const { code, stdout } = await carbonExports(
    ...['diff', '--export-name', EXPORT_NAME, '--out', out, '--execution-a', replaced, '--limit', '1'],
  );
  // Assess
  expect(code).toBe(0);
  expect(stdout).toContain(`A: ${EXPORT_NAME} v2.0.0, as of 2025-03-15, execution ${replaced}`);
  expect(stdout).toContain('Changed inputs: usage\n2 rows changed (3 in A, 3 in B)');
  expect(stdout).toMatch(/000000000001 +155\.2 kg +172\.4 kg +\+17\.24 kg +\+11 %/);
  expect(stdout).toContain('… and 1 more');
});

test('two model versions of a month differ because of the method', async () => {
  // Prepare
  const out = copyFolder(base.published, folder());
  expect(
    (await runEstate(base.inputs, out, '--model', 'v1.0.0', '--from', '2025-01', '--to', '2025-01')).code,
  ).toBe(0);
  // Act
  const { months } = await diff(
    '--out',
    out,
    '--model-a',
    'v1.0.0',
    '--model-b',
    'v2.0.0',
    '--month',
    '2025-01',
  );
  // Assess
  expect(months.map(({ month, because }) => [month, because])).toEqual([['2025-01', ['method']]]);
  expect(months[0]?.moved.totals.total_mbm.after).toBeGreaterThan(
    months[0]?.moved.totals.total_mbm.before ?? NaN,
  );
});

test('two exports of the same inputs do not differ', async () => {
  // Prepare: another format and another name
  const other = folder();
  expect((await runEstate(base.inputs, other, '--format', 'csv')).code).toBe(0);
  // Act
  const { months, onlyBefore, onlyAfter } = await diff('--out', base.published, '--out-b', other);
  // Assess
  expect(months.map(({ month, because, moved }) => [month, because, moved.rowsChanged])).toEqual(
    MONTHS.map((month) => [month, [], 0]),
  );
  expect([onlyBefore, onlyAfter]).toEqual([[], []]);
});

test('rows that only one side has count as 0 on the other', async () => {
  // Prepare
  const estate = new EstateFolder(copyFolder(base.inputs, folder()));
  estate.append(USAGE, '000000000042,c1,B,,1');
  const other = folder();
  expect((await runEstate(estate.path, other, '--to', '2025-01')).code).toBe(0);
  // Act
  const { months, onlyBefore } = await diff('--out', base.published, '--out-b', other);
  // Assess
  const january = months.find(({ month }) => month === '2025-01');
  const added = january?.moved.by.accounts.find(({ key }) => key === '000000000042');
  expect(added?.figures.total_lbm.before).toBe(0);
  expect(added?.figures.total_lbm.after).toBeGreaterThan(0);
  expect(onlyBefore).toEqual(['2025-02']);
});

const PRESENT = `B is the present execution of each month of ${EXPORT_NAME}: found 2024-12, 2025-01, 2025-02`;

describe('what is not there is an error', () => {
  test.each([
    {
      what: 'no previous execution',
      options: [],
      says: `A is the previous execution of each month of ${EXPORT_NAME}: found no month; ${PRESENT}; expected a month that is in both. A month has a previous execution once it was published again with other numbers. To compare something else, set --model-a and --model-b, --out-b, or --export-name-b.`,
    },
    {
      what: 'no such execution',
      options: ['--execution-a', 'x'],
      says: `A is execution x of ${EXPORT_NAME}: found no month; ${PRESENT}; expected a month that is in both. Set --execution-a or --execution-b to the executionId of a manifest below metadata/ or history/ of the export.`,
    },
    {
      what: 'no such model version',
      options: ['--model-a', 'v7.0.0', '--model-b', 'v2.0.0', '--month', '2025-01'],
      says: `A is the present execution of each month of ${EXPORT_NAME}, v7.0.0: found no month; B is the present execution of each month of ${EXPORT_NAME}, v2.0.0: found 2025-01; expected 2025-01 in both. To list the months and model versions of an export: carbon-exports status.`,
    },
  ])('$what', async ({ options, says }) => {
    const { code, stderr } = await carbonExports(
      'diff',
      '--export-name',
      EXPORT_NAME,
      '--out',
      base.published,
      ...options,
    );
    expect([code, stderr]).toEqual([1, `${says}\n`]);
  });

  test('a replaced data file that is lost', async () => {
    // Prepare
    const { out, replaced } = await restated();
    const { sha256 } = readManifest({ out: base.published, ...JANUARY }).file;
    rmSync(
      join(
        out,
        `${EXPORT_NAME}/history/carbon_model_version=v2.0.0/usage_period=2025-01/${sha256}.snappy.parquet`,
      ),
    );
    // Act
    const { code, stderr } = await carbonExports(
      'diff',
      '--export-name',
      EXPORT_NAME,
      '--out',
      out,
      '--execution-a',
      replaced,
    );
    // Assess
    expect(code).toBe(1);
    expect(stderr).toContain(`execution ${replaced}, is neither published nor kept in history`);
  });

  test('inputs of one side alone', async () => {
    const { code, stderr } = await carbonExports('diff', '--out', base.published, '--inputs', base.inputs);
    expect(code).toBe(2);
    expect(stderr).toContain('expected both --inputs and --inputs-b, or neither');
  });
});
