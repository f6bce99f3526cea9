import { readdirSync } from 'node:fs';
import { AWS_ROW, carbonCsv, carbonFile, runSplit } from '../../support/aws-totals';
import { billCsv, type BillRow, CUR_BILL, curRow } from '../../support/bills';
import { readExportRows, readManifest } from '../../support/export-reader';
import { EstateFolder } from '../../support/estate-folder';
import { runCommand } from '../../support/run-command';
import { scratch } from '../../support/scratch';

const folder = scratch();

const NODE = { line_item_resource_id: 'i-node', line_item_usage_type: 'BoxUsage:m5.large' };
const EC2 = { service: 'AmazonEC2', unit: 'Hrs', quantity: '1' };

/** A line with all columns of split cost allocation data, blank where they are not given. */
function line(charge: Parameters<typeof curRow>[0], columns: BillRow): BillRow {
  return curRow(charge, {
    line_item_resource_id: '',
    line_item_usage_type: '',
    resource_tags: '{}',
    split_line_item_parent_resource_id: '',
    split_line_item_public_on_demand_split_cost: '',
    split_line_item_public_on_demand_unused_cost: '',
    ...columns,
  });
}

const node = (cost: string, columns: BillRow = {}): BillRow =>
  line({ ...EC2, cost }, { ...NODE, resource_tags: '{"user_team": "platform"}', ...columns });

function pod(team: string, split: string, unused = '', columns: BillRow = {}): BillRow {
  return line(
    { service: 'AmazonEKS', unit: 'vCPU-Hours', cost: '0' },
    {
      line_item_resource_id: `pod/${team}`,
      line_item_usage_type: 'USE1-EKS-EC2-vCPU-Hours',
      resource_tags: JSON.stringify({ user_team: team, aws_eks_workload_name: `w-${team}` }),
      split_line_item_parent_resource_id: 'i-node',
      split_line_item_public_on_demand_split_cost: split,
      split_line_item_public_on_demand_unused_cost: unused,
      ...columns,
    },
  );
}

interface Parts {
  /** MTCO2e of AmazonEC2, 1 in all, by the value of the breakdown. */
  readonly parts: Record<string, number>;
  readonly warnings: readonly string[];
}

async function partsOf(lines: readonly BillRow[], by = 'tag:team', settings = '{}'): Promise<Parts> {
  const files = {
    [CUR_BILL]: billCsv(lines),
    [carbonFile()]: carbonCsv([AWS_ROW]),
    'settings.json': settings,
  };
  const { code, out } = await runSplit(folder(), files, '--by', by);
  expect(code).toBe(0);
  const [exportName = ''] = readdirSync(out).filter((name) => name.includes('-by-'));
  const at = { out, exportName, month: '2025-01', modelVersion: 'v3.0.0' };
  const rows = await readExportRows({ ...at, format: 'parquet' });
  const values = rows.map((row) => [String(row['split_value']), Number(row['total_mbm_emissions_value'])]);
  return {
    parts: Object.fromEntries(values) as Record<string, number>,
    warnings: readManifest(at).warnings,
  };
}

test('the split and the unused cost of pods is theirs, and the rest stays with the instance', async () => {
  const { parts } = await partsOf([node('10'), pod('red', '4', '1'), pod('blue', '2', '0.5')]);
  expect(parts).toEqual({ red: 0.5, blue: 0.25, platform: 0.25 });
});

test('pods that were allocated all of the cost leave nothing, and parts add up exactly', async () => {
  const { parts } = await partsOf([node('1'), pod('a', '0.1'), pod('b', '0.2'), pod('c', '0.7')]);
  expect(Object.keys(parts).sort()).toEqual(['a', 'b', 'c']);
  expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(1);
});

test('pods that were allocated more than the instance costs share its cost', async () => {
  const { parts } = await partsOf([node('2'), pod('red', '3'), pod('blue', '1')]);
  expect(parts).toEqual({ red: 0.75, blue: 0.25 });
});

test('several lines of an instance are divided alike, and other lines of the resource are not', async () => {
  const { parts } = await partsOf([
    node('4'),
    node('4', { line_item_line_item_type: 'SavingsPlanCoveredUsage' }),
    node('2', { line_item_usage_type: 'DataTransfer-Out-Bytes' }),
    pod('red', '6'),
  ]);
  expect(parts).toEqual({ red: 0.6, platform: 0.4 });
});

test('pods of another month, and pods of an instance that is not in the bill, take nothing', async () => {
  const { parts } = await partsOf([
    node('4'),
    pod('red', '1', '', { line_item_usage_start_date: '2024-12-31 23:00:00' }),
    pod('blue', '1', '', { split_line_item_parent_resource_id: 'i-other' }),
  ]);
  expect(parts).toEqual({ platform: 1 });
});

test('the workload of a pod is a tag of AWS, and its id a resource', async () => {
  const lines = [node('4'), pod('red', '4')];
  expect((await partsOf(lines, 'tag:aws_eks_workload_name')).parts).toEqual({ 'w-red': 1 });
  expect((await partsOf(lines, 'resource')).parts).toEqual({ 'pod/red': 1 });
});

test('quantities are divided as costs are', async () => {
  const lines = [node('10'), pod('red', '7.5'), node('1', { line_item_resource_id: 'i-2' })];
  const { parts } = await partsOf(lines, 'tag:team', '{"bills": {"split_by_quantity": ["AmazonEC2"]}}');
  expect(parts).toEqual({ red: 0.375, platform: 0.625 });
});

test('lines of pods count nowhere else, and a note counts them', async () => {
  const { warnings } = await partsOf([node('4'), pod('red', '4'), pod('red', '0')]);
  expect(warnings.join('\n')).toContain('2 CUR 2.0 lines of split cost allocation');
  expect(warnings.join('\n')).not.toContain('is 0 or blank');
});

test('a task on AWS Fargate has no parent and its own cost', async () => {
  const fargate = pod('red', '3', '', { split_line_item_parent_resource_id: '' });
  const { parts } = await partsOf([
    node('4'),
    { ...fargate, line_item_product_code: 'AmazonEC2', pricing_public_on_demand_cost: '4' },
  ]);
  expect(parts).toEqual({ platform: 0.5, red: 0.5 });
});

test.each([
  ['split', 'split_line_item_public_on_demand_split_cost', pod('red', 'many', '1')],
  ['unused', 'split_line_item_public_on_demand_unused_cost', pod('red', '1', 'many')],
])('an invalid %s cost is an error with file, row and column', async (_, column, invalid) => {
  const files = {
    [CUR_BILL]: billCsv([node('4'), pod('blue', '1'), invalid]),
    [carbonFile()]: carbonCsv([AWS_ROW]),
  };
  const inputs = new EstateFolder(folder());
  for (const [file, content] of Object.entries(files)) inputs.write(file, content);
  const { code, stdout } = await runCommand(inputs.path, folder(), '--by', 'tag:team');
  expect(code).toBe(1);
  expect(stdout).toContain(
    `${CUR_BILL}, row 3, column ${column}: found "many", expected a number or a blank`,
  );
});
