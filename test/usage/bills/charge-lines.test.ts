import { gzipSync } from 'node:zlib';
import {
  billCsv,
  type BillRow,
  CUR_BILL,
  curRow,
  estateWithoutUsage,
  FOCUS_BILL,
  focusRow,
  rowsOf,
  runBills,
  sharesOf,
  warningsOf,
} from '../../support/bills';
import type { ExportRow } from '../../support/export-reader';
import { runEstate } from '../../support/run-command';
import { scratch } from '../../support/scratch';

const folder = scratch();
const ONE = '000000000001';
const TWO = '000000000002';

/** What a run over a bill of January led to. */
interface BillRun {
  readonly code: number;
  /** Share of each account in service A. */
  readonly shares: Record<string, number>;
  readonly warnings: readonly string[];
}

/** Runs a bill in which account one has one hour and account two has three, with these lines added. */
async function runWith(
  file: string,
  row: typeof focusRow,
  lines: readonly BillRow[],
  settings = {},
): Promise<BillRun> {
  const bill = billCsv([row({ account: ONE }), row({ account: TWO, quantity: '3' }), ...lines]);
  const { code, out } = await runBills(folder(), { [file]: bill, 'settings.json': JSON.stringify(settings) });
  const [shares, warnings] = [await sharesOf(out, '2025-01'), warningsOf(out, '2025-01')];
  return { code, shares, warnings };
}

const UNCHANGED = { [ONE]: 0.25, [TWO]: 0.75 };

describe('what counts of a FOCUS bill', () => {
  const others = [
    {
      what: 'a purchase of a commitment',
      columns: { ChargeCategory: 'Purchase' },
      reason: 'of ChargeCategory Purchase',
    },
    { what: 'a credit', columns: { ChargeCategory: 'Credit' }, reason: 'of ChargeCategory Credit' },
    { what: 'a tax', columns: { ChargeCategory: 'Tax' }, reason: 'of ChargeCategory Tax' },
    {
      what: 'an adjustment',
      columns: { ChargeCategory: 'Adjustment' },
      reason: 'of ChargeCategory Adjustment',
    },
    {
      what: 'another provider',
      columns: { ProviderName: 'Other Cloud' },
      reason: 'of provider Other Cloud',
    },
    {
      what: 'the unused part of a commitment',
      columns: { CommitmentDiscountStatus: 'Unused' },
      reason: 'of unused commitment discounts',
    },
  ];
  let run: BillRun;

  beforeAll(async () => {
    const lines = others.map(({ columns }) => focusRow({ account: ONE, quantity: '100' }, columns));
    run = await runWith(FOCUS_BILL, focusRow, lines);
  });

  test('lines that are not usage change no share', () => {
    expect(run).toMatchObject({ code: 0, shares: UNCHANGED });
  });

  test.each(others)('$what does not, and is reported', ({ reason }) => {
    expect(run.warnings).toContain(`1 FOCUS lines ${reason} are not usage`);
  });

  test('usage that a commitment paid for does', async () => {
    const line = focusRow({ account: ONE, quantity: '4' }, { CommitmentDiscountStatus: 'Used' });
    const { shares } = await runWith(FOCUS_BILL, focusRow, [line]);
    expect(shares).toEqual({ [ONE]: 0.625, [TWO]: 0.375 });
  });

  test.each([
    ['count', 0.625],
    ['leave_out', 0.25],
  ])('what others sell through AWS Marketplace: %s', async (marketplace, share) => {
    const line = focusRow({ account: ONE, quantity: '4' }, { PublisherName: 'Some Vendor Inc.' });
    const { shares } = await runWith(FOCUS_BILL, focusRow, [line], { bills: { marketplace } });
    expect(shares[ONE]).toBe(share);
  });
});

describe('what counts of a CUR 2.0 bill', () => {
  const others = [
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
  ];
  let run: BillRun;

  const ofType = (type: string, quantity: string): BillRow =>
    curRow({ account: ONE, quantity }, { line_item_line_item_type: type });

  beforeAll(async () => {
    run = await runWith(
      CUR_BILL,
      curRow,
      others.map((type) => ofType(type, '100')),
    );
  });

  test('lines that are not usage change no share', () => {
    expect(run).toMatchObject({ code: 0, shares: UNCHANGED });
  });

  test.each(others)('line item type %s does not, and is reported', (type) => {
    expect(run.warnings).toContain(`1 CUR 2.0 lines of line item type ${type} are not usage`);
  });

  test('line item types Usage, DiscountedUsage and SavingsPlanCoveredUsage do', async () => {
    // Every sum of some of these quantities is another share.
    const lines = [
      ofType('Usage', '4'),
      ofType('DiscountedUsage', '8'),
      ofType('SavingsPlanCoveredUsage', '16'),
    ];
    const { shares } = await runWith(CUR_BILL, curRow, lines);
    expect(shares).toEqual({ [ONE]: 0.90625, [TWO]: 0.09375 });
  });

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

  test('software of AWS Marketplace changes nothing where a setting says so', async () => {
    const line = curRow({ account: ONE, quantity: '100' }, { bill_billing_entity: 'AWS Marketplace' });
    const settings = { bills: { marketplace: 'leave_out' } };
    const { shares, warnings } = await runWith(CUR_BILL, curRow, [line], settings);
    expect(shares).toEqual(UNCHANGED);
    expect(warnings).toContain('1 CUR 2.0 lines of AWS Marketplace are not usage');
  });
});

describe('usage more than one month away from its bill does not count, in any class', () => {
  const far = { account: ONE, quantity: '100', start: '2024-10-10 00:00:00', end: '2024-10-10 01:00:00' };

  test.each<[string, string, typeof focusRow, readonly BillRow[]]>([
    [
      'FOCUS',
      FOCUS_BILL,
      focusRow,
      [{}, { ChargeClass: 'Correction' }, { CommitmentDiscountStatus: 'Used' }],
    ],
    [
      'CUR 2.0',
      CUR_BILL,
      curRow,
      [
        {},
        { line_item_line_item_type: 'DiscountedUsage' },
        { line_item_line_item_type: 'SavingsPlanCoveredUsage' },
      ],
    ],
  ])('in %s', async (format, file, row, classes) => {
    const lines = classes.map((columns) => row(far, columns));
    const { code, shares, warnings } = await runWith(file, row, lines);
    expect({ code, shares }).toEqual({ code: 0, shares: UNCHANGED });
    expect(warnings).toContain(
      `3 ${format} lines are more than one month away from the bill's month and count nowhere`,
    );
  });
});

describe('a month in every format of a bill has the same rows', () => {
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

  let expected: ExportRow[];

  beforeAll(async () => {
    const { code, out } = await runBills(folder(), { [FOCUS_BILL]: billCsv(focus) });
    expect(code).toBe(0);
    expected = await rowsOf(out, '2025-01');
    expect(expected).toHaveLength(4);
  });

  test.each(Object.keys(forms))('%s', async (form) => {
    const { code, out } = await runBills(folder(), forms[form] ?? {});
    expect(code).toBe(0);
    expect(await rowsOf(out, '2025-01')).toEqual(expected);
  });

  test('CUR 2.0 as Parquet, its product column a map', async () => {
    const inputs = estateWithoutUsage(folder());
    inputs.write(CUR_BILL, billCsv(nested));
    await inputs.parquet(
      CUR_BILL,
      `SELECT * REPLACE (MAP {'region_code': 'c1'} AS product, CAST(line_item_usage_amount AS DOUBLE) AS line_item_usage_amount, CAST(line_item_usage_start_date AS TIMESTAMP) AS line_item_usage_start_date, CAST(line_item_usage_end_date AS TIMESTAMP) AS line_item_usage_end_date) FROM csv`,
    );
    const fresh = folder();
    const run = await runEstate(inputs.path, fresh);
    expect(run.code).toBe(0);
    expect(await rowsOf(fresh, '2025-01')).toEqual(expected);
  });
});
