import { naiveBreakdownValue } from '../../../shared/audit/verify/exact/breakdown-value';
import { billCsv, type BillRow, CUR_BILL, curRow, FOCUS_BILL, focusRow, runBills } from '../../support/bills';
import { EstateFolder } from '../../support/estate-folder';
import { EXPORT_NAME } from '../../support/export-name';
import { type ExportRow, readExportRows, readManifest } from '../../support/export-reader';
import { nonEmpty } from '../../support/non-empty';
import { carbonExports, runCommand, runEstate, statusesOf } from '../../support/run-command';
import { scratch } from '../../support/scratch';

const folder = scratch();
const ONE = '000000000001';
const TWO = '000000000002';

const tags = (value: Record<string, string>): BillRow => ({ Tags: JSON.stringify(value) });

function rowsIn(
  out: string,
  exportName: string,
  format: 'parquet' | 'csv' = 'parquet',
): Promise<ExportRow[]> {
  return readExportRows({ out, exportName, month: '2025-01', modelVersion: 'v2.0.0', format });
}

const VALUES = ['scope_1', 'scope_2_lbm', 'scope_2_mbm'].map((name) => `total_${name}_emissions_value`);
const keyOf = (row: ExportRow): string =>
  [row['usage_account_id'], row['region_code'], row['product_code']].join(' ');

/** Every row of the export is, in every value, what its parts add up to. */
async function expectSums(out: string, breakdownName: string): Promise<ExportRow[]> {
  const whole = await rowsIn(out, EXPORT_NAME);
  const parts = await rowsIn(out, breakdownName);
  expect(new Set(parts.map(keyOf))).toEqual(new Set(whole.map(keyOf)));
  for (const row of nonEmpty(whole)) {
    for (const value of VALUES) {
      const sum = parts
        .filter((part) => keyOf(part) === keyOf(row))
        .reduce((total, part) => total + Number(part[value]), 0);
      expect(Math.abs(sum - Number(row[value]))).toBeLessThanOrEqual(1e-12 * Number(row[value]));
    }
  }
  return parts;
}

const sharesIn = (parts: readonly ExportRow[], account: string, service: string): Record<string, number> => {
  const own = parts.filter((row) => row['usage_account_id'] === account && row['product_code'] === service);
  const value = (row: ExportRow): number => Number(row['total_lbm_emissions_value']);
  const total = own.reduce((sum, row) => sum + value(row), 0);
  return Object.fromEntries(
    own.map((row) => [String(row['split_value']), Number((value(row) / total).toPrecision(12))]),
  );
};

describe('run --by', () => {
  test('a tag whose value has members is not a value, for run and for verify', async () => {
    const text = JSON.stringify({ team: { lead: 'x' } });
    const lines = [
      focusRow({ account: ONE }, { Tags: text }),
      focusRow({ account: ONE }, tags({ team: 'red' })),
    ];
    const { out } = await runBills(folder(), { [FOCUS_BILL]: billCsv(lines) }, '--by', 'tag:team');
    const parts = await rowsIn(out, `${EXPORT_NAME}-by-tag-team`);
    expect(sharesIn(parts, ONE, 'A')).toEqual({ red: 0.5, '(untagged)': 0.5 });
    expect(naiveBreakdownValue({ kind: 'tag', key: 'team' }, new Map([['tags', text]]))).toBe('(untagged)');
  });

  test('tag:KEY breaks down each row by its driver, and names what has no tag', async () => {
    const { code, out } = await runBills(
      folder(),
      {
        [FOCUS_BILL]: billCsv([
          focusRow({ account: ONE, quantity: '1' }, tags({ team: 'red' })),
          focusRow({ account: ONE, quantity: '2' }, tags({ team: 'blue', env: 'x' })),
          focusRow({ account: ONE, quantity: '1' }, tags({ env: 'x' })),
          focusRow({ account: ONE, service: 'B', cost: '3', unit: '' }, tags({ team: 'red' })),
          focusRow({ account: TWO, quantity: '9' }, { Tags: '' }),
        ]),
      },
      '--by',
      'tag:team',
    );
    expect(code).toBe(0);
    const parts = await expectSums(out, `${EXPORT_NAME}-by-tag-team`);
    expect(sharesIn(parts, ONE, 'A')).toEqual({ red: 0.25, blue: 0.5, '(untagged)': 0.25 });
    expect(sharesIn(parts, ONE, 'B')).toEqual({ red: 1 });
    expect(sharesIn(parts, TWO, 'A')).toEqual({ '(untagged)': 1 });
    expect(new Set(parts.map((row) => row['split_by']))).toEqual(new Set(['tag:team']));
    const manifest = readManifest({
      out,
      exportName: `${EXPORT_NAME}-by-tag-team`,
      month: '2025-01',
      modelVersion: 'v2.0.0',
    });
    expect(manifest.columns.slice(-2).map(({ name }) => name)).toEqual(['split_by', 'split_value']);
    expect(manifest.file.rows).toBe(parts.length);
  });

  test('a part that is net-negative counts as 0, and the row is divided among the others', async () => {
    const { out } = await runBills(
      folder(),
      {
        [FOCUS_BILL]: billCsv([
          focusRow({ service: 'B', unit: '', cost: '3' }, tags({ team: 'red' })),
          focusRow({ service: 'B', unit: '', cost: '-1' }, tags({ team: 'blue' })),
          focusRow({ service: 'B', unit: '', cost: '1' }, tags({ team: 'green' })),
        ]),
      },
      '--by',
      'tag:team',
    );
    const parts = await expectSums(out, `${EXPORT_NAME}-by-tag-team`);
    expect(sharesIn(parts, ONE, 'B')).toEqual({ red: 0.75, green: 0.25 });
  });

  test.each([
    ['resource', { line_item_resource_id: 'i-1' }, 'resource', 'i-1', '(no resource)'],
    [
      'tag:Cost Center',
      { resource_tags: '{"user_cost_center": "42"}' },
      'tag-Cost-Center-cea4b793',
      '42',
      '(untagged)',
    ],
    [
      'cost-category:Unit',
      { cost_category: '{"unit": "north"}' },
      'cost-category-Unit',
      'north',
      '(no category)',
    ],
  ])('%s of CUR 2.0', async (by, columns, slug, value, none) => {
    const empty = Object.fromEntries(Object.keys(columns).map((name) => [name, '']));
    const { code, out } = await runBills(
      folder(),
      { [CUR_BILL]: billCsv([curRow({ quantity: '3' }, columns), curRow({}, empty)]) },
      '--by',
      by,
    );
    expect(code).toBe(0);
    const parts = await expectSums(out, `${EXPORT_NAME}-by-${slug}`);
    expect(sharesIn(parts, ONE, 'A')).toEqual({ [value]: 0.75, [none]: 0.25 });
  });

  test('cost categories of FOCUS 1.0', async () => {
    const { out } = await runBills(
      folder(),
      { [FOCUS_BILL]: billCsv([focusRow({}, { x_CostCategories: '{"Unit": "north"}' })]) },
      '--by',
      'cost-category:Unit',
    );
    expect(sharesIn(await expectSums(out, `${EXPORT_NAME}-by-cost-category-Unit`), ONE, 'A')).toEqual({
      north: 1,
    });
  });

  test('values are data: quotes, commas and SQL are unchanged, in CSV with an apostrophe before formulas', async () => {
    const values = [`'; DROP TABLE driver; --`, '=HYPERLINK("x")', 'a,"b"\nc', '{"nested": 1}', 'ü'];
    const lines = values.map((value) => focusRow({}, tags({ [`it's "k"`]: value })));
    const { code, out } = await runBills(
      folder(),
      { [FOCUS_BILL]: billCsv(lines) },
      '--by',
      `tag:it's "k"`,
      '--format',
      'csv',
    );
    expect(code).toBe(0);
    const parts = await rowsIn(out, `${EXPORT_NAME}-by-tag-it-s-k-e0dd2621`, 'csv');
    const inCsv = [`''; DROP TABLE driver; --`, `'=HYPERLINK("x")`, ...values.slice(2)];
    expect(parts.map((row) => row['split_value']).sort()).toEqual(inCsv.sort());
  });

  test('a rerun changes nothing; a tag with other signs has a separate export', async () => {
    const bill = billCsv([focusRow({}, tags({ team: 'red' }))]);
    const { inputs, out } = await runBills(folder(), { [FOCUS_BILL]: bill }, '--by', 'tag:team');
    const { stdout } = await runCommand(inputs.path, out, '--json', '--by', 'tag:team');
    const reports = (JSON.parse(stdout) as { exports: Parameters<typeof statusesOf>[0][] }).exports;
    expect(reports.map(statusesOf)).toEqual([{ '2025-01': 'unchanged' }, { '2025-01': 'unchanged' }]);
    await expect(runEstate(inputs.path, out, '--by', 'tag-team')).rejects.toThrow('expected tag:KEY');
    const other = await runCommand(inputs.path, out, '--json', '--by', 'tag:.team');
    expect(other.stdout).toContain(`"${EXPORT_NAME}-by-tag-team-372395ad"`);
  });

  test('an export that holds another breakdown is reported, and the breakdowns after it are made', async () => {
    const bill = billCsv([focusRow({}, { ...tags({ team: 'red' }), ResourceId: 'i-1' })]);
    const { inputs, out } = await runBills(folder(), { [FOCUS_BILL]: bill }, '--by', 'tag:team');
    const record = `${EXPORT_NAME}-by-tag-team/state/export.json`;
    const exports = new EstateFolder(out);
    exports.edit(record, '"tag:team"', '"tag:other"');
    const { code, stdout } = await runCommand(inputs.path, out, '--json', '--by', 'tag:team', 'resource');
    expect(code).toBe(1);
    expect(stdout).toContain('holds another breakdown than tag:team');
    expect(await rowsIn(out, `${EXPORT_NAME}-by-resource`)).toHaveLength(1);
  });

  test('needs bills: a month of usage/ is an error that says so', async () => {
    const usage = `usage_account_id,cluster_id,product_code,usage_quantity,usage_revenue\n${ONE},c1,A,1,\n`;
    const { code, inputs, out } = await runBills(folder(), { 'usage/usage_period=2025-01/usage.csv': usage });
    expect(code).toBe(0);
    const run = await runCommand(inputs.path, out, '--json', '--by', 'resource');
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('expected bills (focus/ or cur/) for a month that is to be broken down');
  });

  test('is queried as carbon_by_tag, by name of the breakdown', async () => {
    const { inputs, out } = await runBills(
      folder(),
      {
        [FOCUS_BILL]: billCsv([
          focusRow({}, { ...tags({ team: 'red' }), ResourceId: 'i-1' }),
          focusRow({ quantity: '3' }),
        ]),
      },
      '--by',
      'tag:team',
      'resource',
    );
    expect(inputs.path).not.toBe('');
    const sql = `SELECT split_by, split_value, round(sum(total_lbm_emissions_value) / (SELECT sum(total_lbm_emissions_value) FROM carbon_latest), 9) AS share FROM carbon_by_tag GROUP BY 1, 2 ORDER BY 1, 2`;
    const { stdout } = await carbonExports(
      'query',
      sql,
      '--out',
      out,
      '--export-name',
      EXPORT_NAME,
      '--format',
      'csv',
    );
    expect(stdout.trim().split(/\r?\n/)).toEqual([
      'split_by,split_value,share',
      'resource,(no resource),0.75',
      'resource,i-1,0.25',
      'tag:team,(untagged),0.75',
      'tag:team,red,0.25',
    ]);
  });
});
