import { awsExportName } from '../../shared/runs/export-months';
import { billCsv, focusRow } from '../support/bills';
import { AWS_ROW, carbonCsv, carbonFile, runSplit } from '../support/aws-carbon';
import { readExportRows } from '../support/export-rows';
import type { ExportRow } from '../support/export-rows';
import { NAME, scratch } from '../support/tiny-run';

const folder = scratch();
const BILL = 'focus/usage_period=2025-01/bill.csv';
const MBM = 'total_mbm_emissions_value';

const line = (service: string, cost: string, columns: Record<string, string>): Record<string, string> =>
  focusRow(
    { account: AWS_ROW.account, region: 'c1', service, cost },
    { x_ServiceCode: service, Tags: '', ResourceId: '', ...columns },
  );

function rowsOf(out: string, suffix: string): Promise<ExportRow[]> {
  const exportName = `${awsExportName(NAME)}${suffix}`;
  return readExportRows({ out, exportName, month: '2025-01', modelVersion: 'v3.0.0', format: 'parquet' });
}

const red = { Tags: '{"team": "red"}', ResourceId: 'i-1' };
const other = { ...AWS_ROW, product: 'Other', values: { total_mbm_emissions: '8' } };

test('AWS’s rows are split by service and tag; what has no tag, and what stays whole, is named as such', async () => {
  const unmatched = { ...AWS_ROW, region: 'c9', values: { total_mbm_emissions: '5' } };
  const { code, out } = await runSplit(
    folder(),
    {
      [carbonFile()]: carbonCsv([AWS_ROW, other, unmatched]),
      [BILL]: billCsv([
        line('AmazonEC2', '3', red),
        line('AmazonEC2', '1', {}),
        line('AmazonRDS', '1', red),
        line('AmazonRDS', '-1', {}),
        line('AWSLambda', '3', {}),
      ]),
    },
    '--by',
    'tag:team',
  );
  expect(code).toBe(0);
  const rows = await rowsOf(out, '-by-tag-team');
  expect(
    rows.map((row) => [
      row['region_code'],
      row['product_code'],
      row['split_by'],
      row['split_value'],
      row[MBM],
    ]),
  ).toEqual([
    ['c1', 'AWSLambda', 'tag:team', '(untagged)', 6],
    ['c1', 'AmazonEC2', 'tag:team', '(untagged)', 0.25],
    ['c1', 'AmazonEC2', 'tag:team', 'red', 0.75],
    ['c1', 'AmazonRDS', 'tag:team', 'red', 2],
    ['c9', 'AmazonEC2', 'tag:team', '(untagged)', 5],
  ]);
});

test('by resource, the parts add up to AWS’s total, in every column', async () => {
  const { out } = await runSplit(
    folder(),
    {
      [carbonFile()]: carbonCsv([other]),
      [BILL]: billCsv(
        Array.from({ length: 40 }, (_, index) =>
          line(`Service${String(index % 7)}`, String(0.1 + index / 3), { ResourceId: `i-${String(index)}` }),
        ),
      ),
    },
    '--by',
    'resource',
  );
  const rows = await rowsOf(out, '-by-resource');
  expect(rows.length).toBe(40);
  const sum = rows.reduce((total, row) => total + Number(row[MBM]), 0);
  expect(Math.abs(sum - 8)).toBeLessThanOrEqual(8e-12);
  expect(rows.every((row) => row['total_lbm_emissions_value'] === null)).toBe(true);
});
