import {
  AWS_ROW,
  type AwsRow,
  carbonCsv,
  carbonFile,
  runSplit,
  splitManifestOf,
  splitRowsOf,
} from '../../support/aws-totals';
import { billCsv, type BillRow, codedRow, curRow, FOCUS_BILL } from '../../support/bills';
import { scratch } from '../../support/scratch';

const folder = scratch();

const line = (service: string, cost: string, region = 'c1', account = AWS_ROW.account): BillRow =>
  codedRow({ account, region, service, cost });

/** MTCO2e market-based by Region and product. */
async function mbm(carbon: readonly AwsRow[], lines: readonly BillRow[]): Promise<Record<string, unknown>> {
  const { out, outcomes } = await runSplit(folder(), {
    [carbonFile()]: carbonCsv(carbon),
    [FOCUS_BILL]: billCsv(lines),
  });
  expect(outcomes['2025-01']?.error).toBeUndefined();
  const rows = await splitRowsOf(out);
  return Object.fromEntries(
    rows.map((row) => [
      `${String(row['region_code'])} ${String(row['product_code'])}`,
      row['total_mbm_emissions_value'],
    ]),
  );
}

test('a row is split by the list cost of the services in its group', async () => {
  const other = { ...AWS_ROW, product: 'Other', values: { total_mbm_emissions: '8' } };
  expect(
    await mbm(
      [AWS_ROW, other],
      [line('AmazonEC2', '5'), line('AmazonRDS', '3'), line('AWSLambda', '1'), line('AmazonRDS', '3', 'c2')],
    ),
  ).toEqual({ 'c1 AmazonEC2': 1, 'c1 AmazonRDS': 6, 'c1 AWSLambda': 2 });
});

test('Global takes CloudFront of any Region and other services without one', async () => {
  const global = { ...AWS_ROW, region: '', values: { total_mbm_emissions: '4' } };
  expect(
    await mbm(
      [
        { ...global, product: 'AmazonCloudFront' },
        { ...global, product: 'Other' },
      ],
      [
        line('AmazonCloudFront', '1', 'c1'),
        line('AmazonCloudFront', '1', ''),
        line('AmazonRoute53', '1', ''),
        line('awskms', '3', 'global'),
        line('AmazonRDS', '9', 'c1'),
      ],
    ),
  ).toEqual({ 'null AmazonCloudFront': 4, 'null AmazonRoute53': 1, 'null awskms': 3 });
});

test('net-negative cost takes nothing, and a row with no matching cost stays whole', async () => {
  const other = { ...AWS_ROW, product: 'Other', values: { total_mbm_emissions: '8' } };
  expect(
    await mbm(
      [AWS_ROW, other],
      [line('AmazonRDS', '-1'), line('AWSLambda', '2'), line('AmazonEC2', '1', 'c2')],
    ),
  ).toEqual({ 'c1 AWSLambda': 8, 'c1 AmazonEC2': 1 });
});

test('CUR 2.0 names services by their codes', async () => {
  const { out } = await runSplit(folder(), {
    [carbonFile()]: carbonCsv([{ ...AWS_ROW, product: 'Other' }]),
    'cur/data/BILLING_PERIOD=2025-01/bill.csv': billCsv([
      curRow({ region: 'c1', service: 'AmazonRDS', cost: '1' }),
      curRow({ region: 'c1', service: 'AWSLambda', cost: '3' }),
    ]),
  });
  const rows = await splitRowsOf(out);
  expect(rows.map((row) => [row['product_code'], row['total_lbm_emissions_value']])).toEqual([
    ['AWSLambda', 1.5],
    ['AmazonRDS', 0.5],
  ]);
});

test('the ledger says what is split, what is not, and which accounts are in one alone', async () => {
  const { out, code } = await runSplit(folder(), {
    [carbonFile()]: carbonCsv([
      AWS_ROW,
      { ...AWS_ROW, region: 'c9' },
      { ...AWS_ROW, account: '000000000007' },
    ]),
    [FOCUS_BILL]: billCsv([line('AmazonEC2', '5'), line('AmazonEC2', '5', 'c1', '000000000008')]),
  });
  expect(code).toBe(0);
  const { awsTotals, largestResidual, warnings } = splitManifestOf(out);
  expect(largestResidual).toBe(0);
  expect(awsTotals?.totals['total_mbm_emissions_value']).toEqual({ aws: 3, split: 1, unsplit: 2 });
  expect(
    awsTotals?.accounts.map(({ accountId, totals }) => [accountId, totals['total_lbm_emissions_value']]),
  ).toEqual([
    ['000000000001', { aws: 4, split: 2, unsplit: 2 }],
    ['000000000007', { aws: 2, split: 0, unsplit: 2 }],
  ]);
  expect(awsTotals?.withoutBill).toEqual({ count: 1, accountIds: ['000000000007'] });
  expect(awsTotals?.withoutCarbon).toEqual({ count: 1, accountIds: ['000000000008'] });
  expect(warnings[0]).toMatch(/^unsplit: 2 of AWS's 3 rows/);
});
