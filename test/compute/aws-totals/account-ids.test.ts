import { AWS_NAME, AWS_ROW, carbonCsv, carbonFile, runSplit, splitRowsOf } from '../../support/aws-totals';
import { scratch } from '../../support/scratch';
import { billCsv, codedRow, FOCUS_BILL } from '../../support/bills';
import { asParquet } from '../../support/parquet';
import { runVerify } from '../../support/verify-command';

const folder = scratch();
const PADDED = { 'settings.json': '{"pad_account_ids": true}' };
const MBM = 'total_mbm_emissions_value';

const carbon = carbonCsv([AWS_ROW]);
const bill = billCsv([codedRow({ service: 'AmazonEC2' })]);

const ROWS = [['000000000001', '000000000042', 'AmazonEC2', 1]];

async function rowsOf(out: string): Promise<unknown[][]> {
  const rows = await splitRowsOf(out);
  return rows.map((row) => [row['usage_account_id'], row['payer_account_id'], row['product_code'], row[MBM]]);
}

test('leading zeros that a spreadsheet removed are restored in AWS’s export too', async () => {
  const { inputs, out } = await runSplit(folder(), {
    ...PADDED,
    [carbonFile()]: carbon.replaceAll(/\b0{5,}(\d+)/g, '$1'),
    [FOCUS_BILL]: bill.replaceAll(/"0{5,}(\d+)"/g, '"$1"'),
  });
  expect(await rowsOf(out)).toEqual(ROWS);
  expect(await runVerify(inputs.path, out, '--export-name', AWS_NAME)).toMatchObject({ code: 0 });
});

test.each(['BIGINT', 'DOUBLE', 'UBIGINT', 'DECIMAL(12,0)'])(
  'ids in columns of %s are read where the setting allows it',
  async (type) => {
    const ids = { usage_account_id: type, payer_account_id: type };
    const { inputs, code, out } = await runSplit(folder(), {
      ...PADDED,
      [carbonFile('2025-01', 'v3.0.0', 'carbon-00001.parquet')]: await asParquet(carbon, ids),
      'focus/usage_period=2025-01/bill.parquet': await asParquet(bill, {
        SubAccountId: type,
        BillingAccountId: type,
      }),
    });
    expect(code).toBe(0);
    expect(await rowsOf(out)).toEqual(ROWS);
    expect(await runVerify(inputs.path, out, '--export-name', AWS_NAME)).toMatchObject({ code: 0 });
  },
);

test.each([
  ['BIGINT', {}],
  ['FLOAT', PADDED],
  ['INTEGER', PADDED],
])('ids in columns of %s are an error otherwise', async (type, settings) => {
  const { outcomes } = await runSplit(folder(), {
    ...settings,
    [carbonFile('2025-01', 'v3.0.0', 'carbon-00001.parquet')]: await asParquet(carbon, {
      usage_account_id: type,
    }),
  });
  expect(outcomes['2025-01']?.error).toMatch(
    new RegExp(`column usage_account_id: found "${type}", expected a text column`),
  );
});
