import { billCsv, CUR_BILL, curRow, FOCUS_BILL, focusRow, runBills, sharesOf } from '../../support/bills';
import { scratch } from '../../support/scratch';

const folder = scratch();
const ONE = '000000000001';
const TWO = '000000000002';

/** 10 euros of account one, 30 dollars of account two. */
const lines = (row: typeof focusRow): string =>
  billCsv([
    row({ account: ONE, service: 'B', cost: '10', currency: 'EUR' }),
    row({ account: TWO, service: 'B', cost: '30', currency: 'USD' }),
  ]);

const rates = (...rows: readonly string[]): string =>
  ['currency,usage_period,rate,source', ...rows, ''].join('\n');

test('bills in several currencies are an error that names them', async () => {
  const { code, outcomes } = await runBills(folder(), { [FOCUS_BILL]: lines(focusRow) });
  expect(code).toBe(1);
  expect(outcomes['2025-01']?.error).toBe(
    'currency_rates.csv: expected one currency, found EUR, USD in the bills of 2025-01; or a table currency_rates with a rate for each',
  );
});

test.each([
  ['FOCUS', FOCUS_BILL, focusRow],
  ['CUR 2.0', CUR_BILL, curRow],
])('with rates, %s costs are compared in one currency', async (_, file, row) => {
  const { code, out } = await runBills(folder(), {
    [file]: lines(row),
    'currency_rates.csv': rates('EUR,2025-01,1.5,test', 'USD,2025-01,1,test', 'EUR,2024-12,9,test'),
  });
  expect(code).toBe(0);
  expect(await sharesOf(out, '2025-01', 'B')).toEqual({ [ONE]: 0.333333333333, [TWO]: 0.666666666667 });
});

test('a currency without a rate for the month is an error that names it', async () => {
  const { code, outcomes } = await runBills(folder(), {
    [FOCUS_BILL]: lines(focusRow),
    'currency_rates.csv': rates('EUR,2024-12,1.5,test', 'USD,2025-01,1,test'),
  });
  expect(code).toBe(1);
  expect(outcomes['2025-01']?.error).toBe(
    'currency_rates.csv, column currency: expected a rate of EUR for 2025-01, since there are EUR, USD in the bills of 2025-01',
  );
});

test('two currencies in two files of a month are seen too', async () => {
  const { outcomes } = await runBills(folder(), {
    [FOCUS_BILL]: billCsv([focusRow({ currency: 'USD' })]),
    'focus/usage_period=2025-01/other.csv': billCsv([focusRow({ currency: 'JPY' })]),
  });
  expect(outcomes['2025-01']?.error).toMatch(/found JPY, USD in the bills/);
});

test('the currency of a purchase, which does not count, needs no rate', async () => {
  const { code } = await runBills(folder(), {
    [FOCUS_BILL]: billCsv([focusRow(), focusRow({ currency: 'EUR' }, { ChargeCategory: 'Purchase' })]),
  });
  expect(code).toBe(0);
});

describe('a line without a currency', () => {
  const withRates = { 'currency_rates.csv': rates('EUR,2025-01,1.5,test', 'USD,2025-01,1,test') };
  const euros = focusRow({ account: ONE, service: 'B', cost: '10', currency: 'EUR' });

  test('has that of its file', async () => {
    const blank = focusRow({ account: ONE, service: 'B', cost: '10', currency: '' });
    const { code, out } = await runBills(folder(), {
      [FOCUS_BILL]: billCsv([euros, blank]),
      'focus/usage_period=2025-01/other.csv': billCsv([
        focusRow({ account: TWO, service: 'B', cost: '30', currency: 'USD' }),
      ]),
      ...withRates,
    });
    expect(code).toBe(0);
    expect(await sharesOf(out, '2025-01', 'B')).toEqual({ [ONE]: 0.5, [TWO]: 0.5 });
  });

  test('is an error where its file has several', async () => {
    const { outcomes } = await runBills(folder(), {
      [FOCUS_BILL]: billCsv([euros, focusRow({ currency: 'USD' }), focusRow({ currency: 'NULL' })]),
      ...withRates,
    });
    expect(outcomes['2025-01']?.error).toBe(
      `${FOCUS_BILL}, row 3, column BillingCurrency: found "", expected a currency, since the bill has several`,
    );
  });

  test('has line_item_currency_code in CUR 2.0, where pricing_currency is blank', async () => {
    const line = (account: string, code: string, pricing: string): ReturnType<typeof curRow> =>
      curRow({ account, service: 'B', cost: '10', currency: pricing }, { line_item_currency_code: code });
    const { code, out } = await runBills(folder(), {
      [CUR_BILL]: billCsv([line(ONE, 'EUR', ''), line(TWO, 'EUR', 'USD')]),
      ...withRates,
    });
    expect(code).toBe(0);
    expect(await sharesOf(out, '2025-01', 'B')).toEqual({ [ONE]: 0.6, [TWO]: 0.4 });
  });
});

test('the currency and the account of another provider do not matter', async () => {
  const azure = focusRow({ payer: 'billing-profile', currency: 'EUR' }, { ProviderName: 'Microsoft' });
  const { code, outcomes } = await runBills(folder(), {
    [FOCUS_BILL]: billCsv([focusRow(), azure]),
    'focus/other/data/BILLING_PERIOD=2025-01/bill.csv': billCsv([azure]),
    'focus/third/data/BILLING_PERIOD=2025-01/bill.csv': billCsv([{ ...azure, ListCost: '7' }]),
  });
  expect(outcomes['2025-01']?.error).toBeUndefined();
  expect(code).toBe(0);
});

test.each(['1e-30', '-2.7755575615628914e-17', '3.0517578125e-13', '0.1234567890123456789012345'])(
  'a cost of %s is a number: digits beyond the 18th are rounded',
  async (cost) => {
    const { code, outcomes } = await runBills(folder(), {
      [FOCUS_BILL]: billCsv([
        focusRow({ service: 'B', cost: '3' }),
        focusRow({ service: 'B', cost, account: TWO }),
      ]),
    });
    expect(outcomes['2025-01']?.error).toBeUndefined();
    expect(code).toBe(0);
  },
);
