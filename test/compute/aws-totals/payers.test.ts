import {
  AWS_NAME,
  AWS_ROW,
  carbonCsv,
  carbonFile,
  runSplit,
  splitManifestOf,
  splitRowsOf,
} from '../../support/aws-totals';
import { scratch } from '../../support/scratch';
import { runVerify } from '../../support/verify-command';
import { billCsv, type BillRow, codedRow, FOCUS_BILL, focusRow } from '../../support/bills';

const folder = scratch();
const FIRST = AWS_ROW.payer;
const SECOND = '000000000043';
const MBM = 'total_mbm_emissions_value';

const line = (service: string, cost: string, payer: string, account = AWS_ROW.account): BillRow =>
  codedRow({ account, service, cost, payer });

const ofPayer = (payer: string, value: string, account = AWS_ROW.account): typeof AWS_ROW => ({
  ...{ ...AWS_ROW, product: 'Other', payer, account },
  values: { total_mbm_emissions: value },
});

const partsOf = async (out: string): Promise<unknown[][]> =>
  (await splitRowsOf(out)).map((row) => [row['payer_account_id'], row['product_code'], row[MBM]]);

async function expectVerified(inputs: string, out: string): Promise<void> {
  expect(await runVerify(inputs, out, '--export-name', AWS_NAME)).toMatchObject({ code: 0 });
}

test('an account with two payers in one month: each row is split by the bill of its payer', async () => {
  const { inputs, out } = await runSplit(folder(), {
    [carbonFile()]: carbonCsv([ofPayer(FIRST, '1'), ofPayer(SECOND, '3')]),
    [FOCUS_BILL]: billCsv([line('AmazonRDS', '1', FIRST), line('AWSLambda', '9', SECOND)]),
  });
  expect(await partsOf(out)).toEqual([
    [FIRST, 'AmazonRDS', 1],
    [SECOND, 'AWSLambda', 3],
  ]);
  expect(splitManifestOf(out).accounts).toBe(1);
  await expectVerified(inputs.path, out);
});

test('lines without a payer count for every payer', async () => {
  const { inputs, out } = await runSplit(folder(), {
    [carbonFile()]: carbonCsv([ofPayer(FIRST, '1'), ofPayer(SECOND, '3')]),
    [FOCUS_BILL]: billCsv([
      line('AmazonRDS', '1', ''),
      line('AmazonRDS', '2', FIRST),
      line('AWSLambda', '2', SECOND),
    ]),
  });
  expect(await partsOf(out)).toEqual([
    [FIRST, 'AmazonRDS', 1],
    [SECOND, 'AWSLambda', 2],
    [SECOND, 'AmazonRDS', 1],
  ]);
  await expectVerified(inputs.path, out);
});

test('a payer without bills is not split, with any part of the emissions, and is named', async () => {
  const other = '000000000009';
  const { inputs, out } = await runSplit(folder(), {
    [carbonFile()]: carbonCsv([ofPayer(FIRST, '1'), ofPayer(SECOND, '99', other)]),
    [FOCUS_BILL]: billCsv([line('AmazonRDS', '1', FIRST)]),
  });
  expect(await partsOf(out)).toEqual([
    [FIRST, 'AmazonRDS', 1],
    [SECOND, 'Other', 99],
  ]);
  expect(splitManifestOf(out).warnings).toContain(`no bills of payer ${SECOND}: its rows stay whole`);
  await expectVerified(inputs.path, out);
});

test('bills of other payers alone are an error', async () => {
  const { outcomes } = await runSplit(folder(), {
    [carbonFile()]: carbonCsv([ofPayer(FIRST, '1')]),
    [FOCUS_BILL]: billCsv([line('AmazonRDS', '1', SECOND)]),
  });
  expect(outcomes['2025-01']?.error).toBe(
    `${carbonFile()}, column payer_account_id: expected bills of the same organization: of payer ${FIRST}; found bills of payer ${SECOND}`,
  );
});

test.each([
  ['no lines', [], "no bills of the month: AWS's rows stay whole"],
  [
    'taxes alone',
    [focusRow({}, { x_ServiceCode: 'x', ChargeCategory: 'Tax' })],
    "the bills have no usage lines of the month: AWS's rows stay whole",
  ],
])('a bill with %s counts as no bill', async (_, lines, warning) => {
  const header = `${billCsv([line('AmazonRDS', '1', FIRST)]).split('\n')[0] ?? ''}\n`;
  const { inputs, code, out } = await runSplit(folder(), {
    [carbonFile()]: carbonCsv([ofPayer(FIRST, '1')]),
    [FOCUS_BILL]: lines.length === 0 ? header : billCsv(lines),
  });
  expect(code).toBe(0);
  expect(await partsOf(out)).toEqual([[FIRST, 'Other', 1]]);
  expect(splitManifestOf(out).warnings).toContain(warning);
  await expectVerified(inputs.path, out);
});
