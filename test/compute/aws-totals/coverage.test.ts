import { AWS_ROW, carbonCsv, carbonFile, runSplit, splitManifestOf } from '../../support/aws-totals';
import { billCsv, type BillRow, codedRow, FOCUS_BILL, focusRow } from '../../support/bills';
import { scratch } from '../../support/scratch';

const folder = scratch();

const line = (code: string, region: string, cost: string): BillRow =>
  codedRow({ service: code, region, cost });

async function manifestOf(
  lines: readonly BillRow[],
  files: Record<string, string> = {},
): Promise<ReturnType<typeof splitManifestOf>> {
  const row = { ...AWS_ROW, product: 'Other' };
  const { code, out } = await runSplit(folder(), {
    [carbonFile()]: carbonCsv([row, { ...row, region: '', product: 'AmazonCloudFront' }]),
    [FOCUS_BILL]: billCsv(lines),
    ...files,
  });
  expect(code).toBe(0);
  return splitManifestOf(out);
}

test('the manifest has the coverage of the bills, and the cost that meets no row of AWS', async () => {
  const { billCoverage } = await manifestOf([
    line('AmazonRDS', 'c1', '10'),
    line('AmazonEC2', 'c1', '2'),
    line('AWSLambda', 'c2', '4'),
    line('AmazonCloudFront', 'c2', '3'),
    focusRow({ service: 'Teleport', cost: '1' }, { x_ServiceCode: '' }),
    focusRow({ service: 'AWS Lambda', cost: '0' }, { x_ServiceCode: '' }),
  ]);
  expect(billCoverage).toEqual({
    lines: 6,
    cost: 20,
    pricedLines: 5,
    ways: {
      own: { lines: 0, cost: 0 },
      code: { lines: 4, cost: 19 },
      shipped: { lines: 1, cost: 0 },
      name: { lines: 0, cost: 0 },
      other: { lines: 1, cost: 1 },
    },
    physical: { lines: 0, counted: 0 },
    withoutQuantity: [],
    unmapped: [{ service: 'Teleport', unit: '', lines: 1, cost: 1 }],
    withoutRow: {
      lines: 2,
      cost: 6,
      places: [
        { region: 'c2', service: 'AWSLambda', lines: 1, cost: 4 },
        { region: 'c1', service: 'AmazonEC2', lines: 1, cost: 2 },
      ],
    },
  });
});

test.each([
  { cost: '9', share: '47.4 %', severity: 'worth-a-look' },
  { cost: '11', share: '52.4 %', severity: 'changes-numbers' },
])('a share of $share is $severity', async ({ cost, share, severity }) => {
  const { warningDetails = [] } = await manifestOf([
    line('AmazonRDS', 'c1', '10'),
    line('AmazonRDS', 'c2', cost),
  ]);
  expect(warningDetails).toContainEqual({
    severity,
    code: 'cost-without-row',
    count: 1,
    message: `${share} of the month's list cost meets no row of AWS and moves nothing: AmazonRDS in c2 ${share}`,
  });
});

test('lines of a service that is split by quantity count by their list cost', async () => {
  const { billCoverage } = await manifestOf([line('AmazonRDS', 'c1', '10'), line('AmazonEC2', 'c1', '5')], {
    'settings.json': '{"bills": {"split_by_quantity": ["AmazonEC2"]}}',
  });
  expect(billCoverage?.withoutRow).toMatchObject({ lines: 1, cost: 5 });
  expect(billCoverage?.physical).toEqual({ lines: 1, counted: 1 });
});

test('bills whose cost meets rows of AWS have nothing to report', async () => {
  const { warnings } = await manifestOf([line('AmazonRDS', 'c1', '10')]);
  expect(warnings.join()).not.toMatch(/meets no row|is 0 or blank/);
});
