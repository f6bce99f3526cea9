import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { dataKey, asExportMonth } from '../../../shared/exports/layout';
import { withSession } from '../../../shared/sql/duck-session';
import { billCsv, CUR_BILL, curRow, FOCUS_BILL, focusRow, runBills } from '../../support/bills';
import { EXPORT_NAME } from '../../support/export-name';
import { readExportRows } from '../../support/export-reader';
import { copyFolder } from '../../support/folder-contents';
import { scratch } from '../../support/scratch';
import { verifyEstate } from '../../support/verify-command';

/*
 * Months whose usage is bills are verified too; the statement lists what is taken from the run's own reading.
 */

const folder = scratch();

test.each([
  {
    what: 'FOCUS',
    file: FOCUS_BILL,
    rows: [
      focusRow(),
      focusRow({ account: '000000000002', quantity: '3', cost: '1' }),
      focusRow({ service: 'B', cost: '0.1' }),
      focusRow({ service: 'B', account: '000000000002', cost: '0.2' }),
      // What the estate has no service for is Other.
      focusRow({ service: 'Unheard of', cost: '7' }),
      focusRow({ cost: '100' }, { ChargeCategory: 'Tax' }),
    ],
  },
  {
    what: 'CUR 2.0',
    file: CUR_BILL,
    rows: [curRow(), curRow({ account: '000000000002', quantity: '3', cost: '1' })],
  },
])('$what', async ({ file, rows }) => {
  // Prepare
  const { inputs, out, outcomes } = await runBills(folder(), { [file]: billCsv(rows) });
  expect(outcomes['2025-01']?.error).toBeUndefined();
  // Act
  const { code, months } = await verifyEstate(inputs.path, out);
  // Assess
  const [month] = months;
  expect([month?.differences, month?.notRecomputed]).toEqual([[], undefined]);
  expect(month?.values).toBe((month?.rows ?? NaN) * 7);
  expect(month?.exceptions.join()).toContain(
    'is as the run reads them; their sums and all later steps are recomputed',
  );
  expect(code).toBe(0);
});

const tagged = (tags: Record<string, string>): Record<string, string> => ({
  Tags: JSON.stringify(tags),
  ResourceId: '',
});

const runs = new Map<string, ReturnType<typeof runBills>>();

/** Returns the run, once for these options, over an estate whose bill has tags of every spelling, broken down by them. */
function taggedRun(...options: readonly string[]): ReturnType<typeof runBills> {
  const key = options.join(' ');
  const run = runs.get(key) ?? runTagged(...options);
  runs.set(key, run);
  return run;
}

function runTagged(...options: readonly string[]): ReturnType<typeof runBills> {
  const bill = billCsv([
    focusRow({ quantity: '1' }, tagged({ team: '=1+1' })),
    focusRow({ quantity: '2' }, { Tags: JSON.stringify({ 'user:team': 'blue' }), ResourceId: 'i-1' }),
    focusRow({ quantity: '4' }, tagged({ user_team: '\u{1F600}' })),
    focusRow({ quantity: '8' }, tagged({ team: '\uFFFD' })),
    focusRow({ quantity: '0.3' }, tagged({})),
    focusRow({ quantity: '-1' }, tagged({ team: 'blue' })),
    focusRow({ quantity: '-0.1' }, tagged({ team: 'refunded' })),
    focusRow({ service: 'B', account: '000000000002', cost: '0.2' }, { Tags: 'no JSON', ResourceId: 'NULL' }),
  ]);
  const by = ['--by', 'tag:team', '--by', 'resource'];
  return runBills(folder(), { [FOCUS_BILL]: bill }, ...by, ...options);
}

describe.each([
  ['Parquet', []],
  ['CSV', ['--format', 'csv']],
])('broken down, in %s', (_, options) => {
  test.each([
    ['tag-team', 6],
    ['resource', 3],
  ])('by %s', async (by, rows) => {
    const { inputs, out } = await taggedRun(...options);
    const { code, months } = await verifyEstate(inputs.path, out, '--export-name', `${EXPORT_NAME}-by-${by}`);
    expect([months[0]?.differences, months[0]?.notRecomputed]).toEqual([[], undefined]);
    expect(months[0]?.rows).toBe(rows);
    expect(months[0]?.values).toBe(rows * 7);
    expect(code).toBe(0);
  });
});

test('broken down by the tags of pods on an instance', async () => {
  const pod = (team: string, split: string): ReturnType<typeof curRow> =>
    curRow(
      { service: 'B', cost: '0', unit: 'vCPU-Hours' },
      {
        line_item_resource_id: `pod/${team}`,
        line_item_usage_type: 'EKS-EC2-vCPU-Hours',
        resource_tags: JSON.stringify({ user_team: team }),
        split_line_item_parent_resource_id: 'i-1',
        split_line_item_public_on_demand_split_cost: split,
      },
    );
  const node = {
    line_item_resource_id: 'i-1',
    line_item_usage_type: 'BoxUsage:m5.large',
    resource_tags: '{}',
    split_line_item_parent_resource_id: '',
    split_line_item_public_on_demand_split_cost: '',
  };
  const rows = [curRow({ cost: '10', quantity: '7' }, node), pod('red', '3'), pod('blue', '0.1')];
  const bill = { [CUR_BILL]: billCsv(rows) };
  const { inputs, out } = await runBills(folder(), bill, '--by', 'tag:team');
  const name = `${EXPORT_NAME}-by-tag-team`;
  const { code, months } = await verifyEstate(inputs.path, out, '--export-name', name);
  expect([months[0]?.differences, months[0]?.notRecomputed]).toEqual([[], undefined]);
  expect(months[0]?.rows).toBe(3);
  expect(code).toBe(0);
});

test('broken down by tags and resources of the allocated charges of FOCUS 1.3', async () => {
  const charge = (quantity: string, AllocatedResourceId: string, AllocatedTags: string) =>
    focusRow(
      { quantity },
      { ResourceId: 'i-1', Tags: '{"team": "platform"}', AllocatedResourceId, AllocatedTags },
    );
  const rows = [charge('3', 'pod/red', '{"team": "red"}'), charge('1', '', '')];
  const bill = { [FOCUS_BILL]: billCsv(rows) };
  const { inputs, out } = await runBills(folder(), bill, '--by', 'tag:team', '--by', 'resource');
  for (const [name, values] of [
    ['tag-team', ['platform', 'red']],
    ['resource', ['i-1', 'pod/red']],
  ] as const) {
    const exportName = `${EXPORT_NAME}-by-${name}`;
    const { code, months } = await verifyEstate(inputs.path, out, '--export-name', exportName);
    expect([months[0]?.differences, months[0]?.notRecomputed, code]).toEqual([[], undefined, 0]);
    const at = { out, exportName, month: '2025-01', modelVersion: 'v2.0.0', format: 'parquet' as const };
    const exported = await readExportRows(at);
    expect(exported.map((row) => row['split_value'])).toEqual(values);
  }
});

test('a breakdown that counts a part to another value is reported', async () => {
  const { inputs, out: published } = await taggedRun();
  const out = copyFolder(published, folder());
  const name = `${EXPORT_NAME}-by-tag-team`;
  const path = join(out, dataKey(name, asExportMonth('2025-01', 'v2.0.0'), 'parquet'));
  await withSession({}, async (session) => {
    const swapped = `* REPLACE (replace(split_value, 'blue', 'pink') AS split_value)`;
    const file = 'read_parquet($1, hive_partitioning = false)';
    await session.run(`COPY (SELECT ${swapped} FROM ${file}) TO $2 (FORMAT parquet)`, [path, `${path}.copy`]);
  });
  renameSync(`${path}.copy`, path);
  const { code, months } = await verifyEstate(inputs.path, out, '--export-name', name);
  expect(months[0]?.differences).toContainEqual(
    'row 000000000001 c1 A pink: found in the file, expected no such row from the inputs',
  );
  expect(months[0]?.differences).toContainEqual(
    'row 000000000001 c1 A blue: not found in the file, expected by the inputs',
  );
  expect(code).toBe(1);
});
