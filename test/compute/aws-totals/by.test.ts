import { awsExportName } from '../../../shared/runs/month-versions';
import { AWS_ROW, carbonCsv, carbonFile, runSplit } from '../../support/aws-totals';
import { billCsv, codedRow, FOCUS_BILL } from '../../support/bills';
import { EXPORT_NAME } from '../../support/export-name';
import { type ExportRow, readExportRows, readManifest } from '../../support/export-reader';
import { nonEmpty } from '../../support/non-empty';
import { scratch } from '../../support/scratch';
import { runVerify } from '../../support/verify-command';

const folder = scratch();
const MBM = 'total_mbm_emissions_value';

const line = (service: string, cost: string, columns: Record<string, string>): Record<string, string> =>
  codedRow(
    { account: AWS_ROW.account, region: 'c1', service, cost },
    { Tags: '', ResourceId: '', ...columns },
  );

function rowsOf(out: string, suffix: string): Promise<ExportRow[]> {
  const exportName = `${awsExportName(EXPORT_NAME)}${suffix}`;
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
      [FOCUS_BILL]: billCsv([
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
      [FOCUS_BILL]: billCsv(
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
  expect(nonEmpty(rows).every((row) => row['total_lbm_emissions_value'] === null)).toBe(true);
});

describe('by quantity, as bills.split_by_quantity says', () => {
  const usage = (columns: Record<string, string>): Record<string, string> =>
    codedRow(
      { account: AWS_ROW.account, region: 'c1', service: 'AmazonEC2', cost: '1' },
      { Tags: '', x_UsageType: '', ...columns },
    );
  const team = (name: string): string => JSON.stringify({ team: name });
  const bill = billCsv([
    usage({
      x_UsageType: 'BoxUsage:m5.large',
      ConsumedQuantity: '2',
      ConsumedUnit: 'Hrs',
      Tags: team('red'),
    }),
    usage({ x_UsageType: 'BoxUsage:m5.2xlarge', ConsumedQuantity: '1.5', Tags: team('blue') }),
    // Half of these two hours is in the month.
    usage({
      x_UsageType: 'BoxUsage:m5.small',
      ConsumedQuantity: '8',
      Tags: team('red'),
      ChargePeriodStart: '2025-01-31 23:00:00',
      ChargePeriodEnd: '2025-02-01 01:00:00',
    }),
    usage({
      x_UsageType: 'EBS:VolumeUsage',
      ConsumedQuantity: '900',
      ConsumedUnit: 'GB-Mo',
      Tags: team('disks'),
    }),
    line('AmazonRDS', '3', red),
    line('AWSLambda', '1', {}),
  ]);
  const run = (quantity: string): ReturnType<typeof runSplit> =>
    runSplit(
      folder(),
      {
        [carbonFile()]: carbonCsv([AWS_ROW, other]),
        [FOCUS_BILL]: bill.replace('"1.5"', JSON.stringify(quantity)),
        'settings.json': JSON.stringify({ bills: { split_by_quantity: ['AmazonEC2', 'AmazonS3'] } }),
      },
      ...['--by', 'tag:team'],
    );

  test('EC2 goes by hours and size, other services by list cost; lines of other units receive nothing, and are reported', async () => {
    const { code, inputs, out } = await run('1.5');
    expect(code).toBe(0);
    const rows = await rowsOf(out, '-by-tag-team');
    // 2 hours of large (4) and 4 of small (1) are 12, as are 1.5 hours of 2xlarge (16) twice that.
    expect(rows.map((row) => [row['product_code'], row['split_value'], row[MBM]])).toEqual([
      ['AWSLambda', '(untagged)', 2],
      ['AmazonEC2', 'blue', expect.closeTo(24 / 36, 12) as number],
      ['AmazonEC2', 'red', expect.closeTo(12 / 36, 12) as number],
      ['AmazonRDS', 'red', 6],
    ]);
    const exportName = awsExportName(EXPORT_NAME);
    const { warnings } = readManifest({ out, exportName, month: '2025-01', modelVersion: 'v3.0.0' });
    expect(warnings).toContain('split by quantity instead of list cost: AmazonEC2, AmazonS3');
    expect(warnings).toContain(
      '1 lines of AmazonEC2 have no quantity in its unit and get no part of it: it is split by quantity (bills.split_by_quantity)',
    );
    const verified = await runVerify(inputs.path, out, '--export-name', `${exportName}-by-tag-team`);
    expect(verified.code).toBe(0);
  });

  test('a quantity that is not a number is an error that names it', async () => {
    const { outcomes } = await run('many');
    expect(outcomes['2025-01']?.error).toBe(
      `${FOCUS_BILL}, row 2, column ConsumedQuantity: found "many", expected a number or a blank`,
    );
  });
});
