import type { ExplainedMonth } from '../../../shared/audit/explain/explain-export';
import { largestGap } from '../../../shared/audit/explain/explanation';
import { AWS_NAME, AWS_ROW, carbonCsv, carbonFile, runSplit, splitRowsOf } from '../../support/aws-totals';
import { billCsv, type BillRow, type Charge, codedRow } from '../../support/bills';
import { nonEmpty } from '../../support/non-empty';
import { carbonExports, runEstate } from '../../support/run-command';
import { scratch } from '../../support/scratch';

/*
 * A number that is split from AWS's is broken down into AWS's row, its share of the cost, and the lines of the bills.
 */

const folder = scratch();
const OTHER = '000000000002';
const OTHER_PAYER = '000000000043';
const MBM = 'total_mbm_emissions_value';

const line = (service: string, cost: string, more: Partial<Charge> = {}): BillRow =>
  codedRow({ account: AWS_ROW.account, service, cost, ...more }, { ResourceId: 'i-1' });

const global = { ...AWS_ROW, region: '', product: 'AmazonCloudFront', values: { total_mbm_emissions: '2' } };
const FILES = {
  [carbonFile()]: carbonCsv([
    AWS_ROW,
    { ...AWS_ROW, product: 'Other', values: { total_mbm_emissions: '8' } },
    { ...AWS_ROW, payer: OTHER_PAYER, product: 'Other', values: { total_mbm_emissions: '4' } },
    { ...AWS_ROW, region: 'c9', values: { total_mbm_emissions: '5' } },
    global,
    { ...AWS_ROW, account: OTHER, values: { total_mbm_emissions: '1' } },
  ]),
  'focus/usage_period=2025-01/part-1.csv': billCsv([
    line('AmazonRDS', '1'),
    line('AWSLambda', '1'),
    line('AmazonRDS', '1', { account: OTHER }),
    line('AmazonRDS', '0.5'),
    line('AmazonRDS', '7', { region: 'c2' }),
  ]),
  'focus/usage_period=2025-01/part-2.csv': billCsv([
    line('AmazonCloudFront', '3'),
    line('AmazonRDS', '1.5', { start: '2025-01-31 23:00:00', end: '2025-02-01 01:00:00' }),
    line('AmazonRDS', '9', { payer: OTHER_PAYER }),
    line('AWSLambda', '4', { payer: OTHER_PAYER }),
  ]),
};

async function explained(
  inputs: string,
  out: string,
  ...options: readonly string[]
): Promise<{ code: number; stderr: string; month?: ExplainedMonth }> {
  const { code, stdout, stderr } = await carbonExports(
    ...['explain', '--inputs', inputs, '--out', out, '--month', '2025-01', '--account', AWS_ROW.account],
    ...['--export-name', AWS_NAME, '--json', ...options],
  );
  return { code, stderr, ...(stdout === '' ? {} : { month: JSON.parse(stdout) as ExplainedMonth }) };
}

test('every value of the account, each adding up, with file and row', async () => {
  // Prepare
  const { inputs, out } = await runSplit(folder(), FILES);
  // Act
  const { month } = await explained(inputs.path, out);
  // Assess
  const categories = month?.categories ?? [];
  expect(categories.map(({ category }) => category)).toEqual(['total_mbm', 'total_lbm']);
  const rows = categories.find(({ category }) => category === 'total_mbm')?.rows ?? [];
  const published = (await splitRowsOf(out)).filter((row) => row['usage_account_id'] === AWS_ROW.account);
  expect(rows).toHaveLength(published.length);
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  expect(sum(rows.map(({ kg }) => kg))).toBeCloseTo(sum(published.map((row) => Number(row[MBM]))) * 1000, 9);
  for (const { path, source } of nonEmpty(rows)) {
    expect(largestGap(path)).toBeLessThanOrEqual(1e-12);
    expect(largestGap(source)).toBeLessThanOrEqual(1e-12);
    expect(path.inputs[0]?.file).toBe(carbonFile());
  }
});

test('the lines that a share comes from, and the part of a charge that is in the month', async () => {
  const { inputs, out } = await runSplit(folder(), FILES);
  const { month } = await explained(inputs.path, out, '--service', 'AmazonRDS', '--category', 'total_mbm');
  const [first, second] = month?.categories[0]?.rows ?? [];
  // Costs are 1 + 0.5 + half of 1.5 of RDS, and 1 of Lambda; the other payer's row is split by its own bill.
  expect(first?.kg).toBeCloseTo((8000 * 2.25) / 3.25, 9);
  expect(second?.kg).toBeCloseTo((4000 * 9) / 13, 9);
  expect(first?.source.parts.map(({ facts, inputs: places }) => [facts, places])).toEqual([
    [
      { list_cost: 1.5, usage_lines: 2 },
      [
        { file: 'focus/usage_period=2025-01/part-1.csv', row: 1 },
        { file: 'focus/usage_period=2025-01/part-1.csv', row: 4 },
      ],
    ],
    [{ list_cost: 0.75, usage_lines: 1 }, [{ file: 'focus/usage_period=2025-01/part-2.csv', row: 2 }]],
  ]);
});

test('CloudFront, whose lines have a Region, and a row that stays whole', async () => {
  const { inputs, out } = await runSplit(folder(), FILES);
  const cloudFront = await explained(inputs.path, out, '--service', 'AmazonCloudFront');
  expect(cloudFront.month?.categories[0]?.rows[0]?.source.parts).toHaveLength(1);
  const whole = await explained(inputs.path, out, '--region', 'c9');
  expect(whole.month?.categories[0]?.rows[0]?.path.parts[0]?.label).toBe(
    'stays whole: no cost above 0 in AmazonEC2, c9',
  );
});

test('what cannot be explained is an error with its reason', async () => {
  const { inputs, out } = await runSplit(folder(), FILES, '--by', 'resource');
  const noScope = await explained(inputs.path, out, '--category', 'scope_1');
  expect(noScope.stderr).toContain("AWS's export of 2025-01: found no values of scope_1");
  const further = await explained(inputs.path, out, '--export-name', `${AWS_NAME}-by-resource`);
  expect(further.stderr).toContain('found rows of a breakdown, expected rows of services');
  inputs.edit(carbonFile(), ',MTCO2e,8,', ',MTCO2e,9,');
  const changed = await explained(inputs.path, out);
  expect(changed.stderr).toContain('found other inputs than those it was published from (aws_carbon differ)');
  expect([noScope.code, further.code, changed.code]).toEqual([1, 1, 1]);
});

test('an export is explained from the inputs it was published from, and from no others', async () => {
  const { inputs, out } = await runSplit(folder(), FILES);
  const later = folder();
  inputs.edit(carbonFile(), ',MTCO2e,8,', ',MTCO2e,9,');
  expect((await runEstate(inputs.path, later)).code).toBe(0);
  expect((await explained(inputs.path, out)).code).toBe(1);
  expect((await explained(inputs.path, later)).code).toBe(0);
});
