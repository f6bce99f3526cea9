import { gzipSync } from 'node:zlib';
import {
  billCsv,
  type BillRow,
  CUR_BILL,
  curRow,
  FOCUS_BILL,
  focusRow,
  rowsOf,
  runBills,
  sharesOf,
  warningsOf,
} from '../../support/bills';
import { runEstate } from '../../support/run-command';
import { scratch } from '../../support/scratch';

const folder = scratch();
const ONE = '000000000001';
const TWO = '000000000002';

/** Account one with one hour, account two with three, and a line that must not change anything. */
const withLine = (line: BillRow, row: typeof focusRow): string =>
  billCsv([row({ account: ONE }), row({ account: TWO, quantity: '3' }), line]);

describe('what counts of a FOCUS bill', () => {
  test.each([
    ['a purchase of a commitment', { ChargeCategory: 'Purchase' }, 'of ChargeCategory Purchase'],
    ['a credit', { ChargeCategory: 'Credit' }, 'of ChargeCategory Credit'],
    ['a tax', { ChargeCategory: 'Tax' }, 'of ChargeCategory Tax'],
    ['an adjustment', { ChargeCategory: 'Adjustment' }, 'of ChargeCategory Adjustment'],
    ['another provider', { ProviderName: 'Other Cloud' }, 'of provider Other Cloud'],
    [
      'the unused part of a commitment',
      { CommitmentDiscountStatus: 'Unused' },
      'of unused commitment discounts',
    ],
  ])('%s does not, and is reported', async (_, columns, reason) => {
    const line = focusRow({ account: ONE, quantity: '100' }, columns);
    const { code, out } = await runBills(folder(), { [FOCUS_BILL]: withLine(line, focusRow) });
    expect(code).toBe(0);
    expect(await sharesOf(out, '2025-01')).toEqual({ [ONE]: 0.25, [TWO]: 0.75 });
    expect(warningsOf(out, '2025-01')).toContain(`1 FOCUS lines ${reason} are not usage`);
  });

  test('usage that a commitment paid for does', async () => {
    const line = focusRow({ account: ONE, quantity: '4' }, { CommitmentDiscountStatus: 'Used' });
    const { out } = await runBills(folder(), { [FOCUS_BILL]: withLine(line, focusRow) });
    expect(await sharesOf(out, '2025-01')).toEqual({ [ONE]: 0.625, [TWO]: 0.375 });
  });

  test.each([
    ['count', 0.625],
    ['leave_out', 0.25],
  ])('what others sell through AWS Marketplace: %s', async (marketplace, share) => {
    const line = focusRow({ account: ONE, quantity: '4' }, { PublisherName: 'Some Vendor Inc.' });
    const { out } = await runBills(folder(), {
      [FOCUS_BILL]: withLine(line, focusRow),
      'settings.json': JSON.stringify({ bills: { marketplace } }),
    });
    expect((await sharesOf(out, '2025-01'))[ONE]).toBe(share);
  });
});

describe('what counts of a CUR 2.0 bill', () => {
  test.each([
    'Fee',
    'RIFee',
    'Tax',
    'Credit',
    'Refund',
    'SavingsPlanNegation',
    'SavingsPlanRecurringFee',
    'SavingsPlanUpfrontFee',
    'BundledDiscount',
    'EdpDiscount',
  ])('line item type %s does not, and is reported', async (type) => {
    const line = curRow({ account: ONE, quantity: '100' }, { line_item_line_item_type: type });
    const { code, out } = await runBills(folder(), { [CUR_BILL]: withLine(line, curRow) });
    expect(code).toBe(0);
    expect(await sharesOf(out, '2025-01')).toEqual({ [ONE]: 0.25, [TWO]: 0.75 });
    expect(warningsOf(out, '2025-01')).toContain(`1 CUR 2.0 lines of line item type ${type} are not usage`);
  });

  test.each(['Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage'])(
    'line item type %s does',
    async (type) => {
      const line = curRow({ account: ONE, quantity: '4' }, { line_item_line_item_type: type });
      const { out } = await runBills(folder(), { [CUR_BILL]: withLine(line, curRow) });
      expect(await sharesOf(out, '2025-01')).toEqual({ [ONE]: 0.625, [TWO]: 0.375 });
    },
  );

  test('takes another cost column where a setting says so', async () => {
    const lines = [
      curRow({ account: ONE, service: 'B', cost: '1' }, { line_item_unblended_cost: '9' }),
      curRow({ account: TWO, service: 'B', cost: '1' }, { line_item_unblended_cost: '1' }),
    ];
    const { out } = await runBills(folder(), {
      [CUR_BILL]: billCsv(lines),
      'settings.json': '{"cur": {"revenue_column": "line_item_unblended_cost"}}',
    });
    expect(await sharesOf(out, '2025-01', 'B')).toEqual({ [ONE]: 0.9, [TWO]: 0.1 });
  });

  test('software of AWS Marketplace moves nothing where a setting says so', async () => {
    const line = curRow({ account: ONE, quantity: '100' }, { bill_billing_entity: 'AWS Marketplace' });
    const { out } = await runBills(folder(), {
      [CUR_BILL]: withLine(line, curRow),
      'settings.json': '{"bills": {"marketplace": "leave_out"}}',
    });
    expect(await sharesOf(out, '2025-01')).toEqual({ [ONE]: 0.25, [TWO]: 0.75 });
    expect(warningsOf(out, '2025-01')).toContain('1 CUR 2.0 lines of AWS Marketplace are not usage');
  });
});

describe('usage more than one month away from its bill counts nowhere, whatever its class', () => {
  const far = { account: ONE, quantity: '100', start: '2024-10-10 00:00:00', end: '2024-10-10 01:00:00' };

  test.each<[string, string, BillRow, typeof focusRow]>([
    ['FOCUS', FOCUS_BILL, focusRow(far), focusRow],
    ['FOCUS', FOCUS_BILL, focusRow(far, { ChargeClass: 'Correction' }), focusRow],
    ['FOCUS', FOCUS_BILL, focusRow(far, { CommitmentDiscountStatus: 'Used' }), focusRow],
    ['CUR 2.0', CUR_BILL, curRow(far), curRow],
    ['CUR 2.0', CUR_BILL, curRow(far, { line_item_line_item_type: 'DiscountedUsage' }), curRow],
    ['CUR 2.0', CUR_BILL, curRow(far, { line_item_line_item_type: 'SavingsPlanCoveredUsage' }), curRow],
  ])('%s, line %#', async (format, file, line, row) => {
    const { code, out } = await runBills(folder(), { [file]: withLine(line, row) });
    expect(code).toBe(0);
    expect(await sharesOf(out, '2025-01')).toEqual({ [ONE]: 0.25, [TWO]: 0.75 });
    expect(warningsOf(out, '2025-01')).toContain(
      `1 ${format} lines are more than one month away from the bill's month and count nowhere`,
    );
  });
});

describe('a month in every form a bill has gives the same rows', () => {
  const charges = [
    { account: ONE, quantity: '1.5', cost: '3.25' },
    { account: TWO, quantity: '0.123456789012', cost: '0.1' },
    { account: ONE, service: 'B', unit: 'Requests', cost: '7' },
    { account: TWO, service: 'B', unit: 'Requests', cost: '-2' },
    { account: TWO, service: 'B', unit: 'Requests', cost: '5' },
  ];
  const focus = charges.map((charge) => focusRow(charge));
  const without = (row: BillRow, ...names: string[]): BillRow =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
  const focus13 = focus.map((row) => ({
    ...without(row, 'ProviderName', 'PublisherName'),
    ServiceProviderName: 'Amazon Web Services',
    HostProviderName: 'Amazon Web Services',
    SkuMeter: 'USE1-BoxUsage:m5.large',
  }));
  const nested = charges.map((charge) =>
    without(
      curRow(charge, { product: JSON.stringify({ region_code: 'c1', product_name: 'x' }) }),
      'product_region_code',
    ),
  );

  const forms: Record<string, Record<string, string | Buffer>> = {
    'FOCUS 1.0': { [FOCUS_BILL]: billCsv(focus) },
    'FOCUS 1.0 with NULL for null': {
      [FOCUS_BILL]: billCsv(focus).replaceAll('""', 'NULL'),
    },
    'FOCUS 1.0 with the least of columns': {
      [FOCUS_BILL]: billCsv(
        focus.map((row) =>
          without(
            row,
            'BillingAccountId',
            'BillingCurrency',
            'ChargeClass',
            'ChargePeriodEnd',
            'CommitmentDiscountStatus',
            'ProviderName',
            'PublisherName',
          ),
        ),
      ),
    },
    'FOCUS 1.0 as gzip in two files': {
      'focus/usage_period=2025-01/a.csv.gz': gzipSync(billCsv(focus.slice(0, 2))),
      'focus/usage_period=2025-01/b.csv.gz': gzipSync(billCsv(focus.slice(2))),
    },
    'FOCUS 1.2 with times of ISO 8601': {
      [FOCUS_BILL]: billCsv(
        focus.map((row) => ({
          ...row,
          ChargePeriodStart: '2025-01-10T00:00:00Z',
          ChargePeriodEnd: '2025-01-10T01:00:00.000Z',
          SkuMeter: 'x',
        })),
      ),
    },
    'FOCUS 1.3': { [FOCUS_BILL]: billCsv(focus13) },
    'CUR 2.0': { [CUR_BILL]: billCsv(charges.map((charge) => curRow(charge))) },
    'CUR 2.0 with the product column nested': { [CUR_BILL]: billCsv(nested) },
  };

  test.each(Object.keys(forms))('%s', async (form) => {
    const { code, out } = await runBills(folder(), forms[form] ?? {});
    const first = await runBills(folder(), forms['FOCUS 1.0'] ?? {});
    expect(code).toBe(0);
    const rows = await rowsOf(out, '2025-01');
    expect(rows.length).toBe(4);
    expect(rows).toEqual(await rowsOf(first.out, '2025-01'));
  });

  test('CUR 2.0 as Parquet, its product column a map', async () => {
    const { inputs, out } = await runBills(folder(), { [CUR_BILL]: billCsv(nested) });
    const fromCsv = await rowsOf(out, '2025-01');
    await inputs.parquet(
      CUR_BILL,
      `SELECT * REPLACE (MAP {'region_code': 'c1'} AS product, CAST(line_item_usage_amount AS DOUBLE) AS line_item_usage_amount, CAST(line_item_usage_start_date AS TIMESTAMP) AS line_item_usage_start_date, CAST(line_item_usage_end_date AS TIMESTAMP) AS line_item_usage_end_date) FROM csv`,
    );
    const fresh = folder();
    const run = await runEstate(inputs.path, fresh);
    expect(run.code).toBe(0);
    expect(await rowsOf(fresh, '2025-01')).toEqual(fromCsv);
  });
});
