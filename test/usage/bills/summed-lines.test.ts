import fc from 'fast-check';
import {
  billCsv,
  type BillRow,
  type Charge,
  CUR_BILL,
  curRow,
  FOCUS_BILL,
  focusRow,
  runBills,
} from '../../support/bills';
import { asParquet } from '../../support/parquet';
import { scratch } from '../../support/scratch';
import { verifyEstate } from '../../support/verify-command';

/*
 * A run sums lines of the same texts first. `verify` reads them one by one, and adds exact fractions.
 */

const folder = scratch();

const HOUR = 3_600_000;
const at = (time: number): string => new Date(time).toISOString().slice(0, 19).replace('T', ' ');

/** Charges of January 2025 and around its ends, of an hour or of some days, with amounts of few and of many digits. */
function charges(count: number): Partial<Charge>[] {
  const amount = fc.oneof(
    fc.integer({ min: 0, max: 50 }).map(String),
    fc.integer({ min: 1, max: 10 ** 9 }).map((digits) => (digits / 1e15).toFixed(15)),
    fc.integer({ min: 1, max: 10 ** 9 }).map((digits) => String(digits / 7)),
  );
  const hours = fc.record({
    first: fc.integer({ min: -30, max: 32 * 24 }),
    length: fc.constantFrom(0, 1, 1, 1, 24, 72),
  });
  const charge = fc.record({
    account: fc.constantFrom('000000000001', '000000000002'),
    service: fc.constantFrom('A', 'B', 'Unheard of'),
    unit: fc.constantFrom('Hours', 'GB', ''),
    quantity: amount,
    cost: amount,
    hours,
  });
  return fc.sample(charge, { seed: 1, numRuns: count }).map(({ hours: { first, length }, ...others }) => {
    const start = Date.UTC(2025, 0, 1) + first * HOUR;
    return { ...others, start: at(start), end: length === 0 ? '' : at(start + length * HOUR) };
  });
}

const TYPES = {
  focus: {
    ...{ ChargePeriodStart: 'TIMESTAMP', ChargePeriodEnd: 'TIMESTAMP_MS' },
    ...{ ConsumedQuantity: 'DOUBLE', ListCost: 'DECIMAL(38,18)' },
  },
  cur: {
    ...{ line_item_usage_start_date: 'TIMESTAMP', line_item_usage_end_date: 'TIMESTAMP' },
    ...{ line_item_usage_amount: 'DOUBLE', pricing_public_on_demand_cost: 'DOUBLE' },
  },
};

const rowsOf = (row: (charge: Partial<Charge>) => BillRow): string =>
  billCsv(charges(400).map((charge) => row(charge)));

test.each([
  ['FOCUS as CSV', FOCUS_BILL, () => Promise.resolve(rowsOf(focusRow))],
  ['FOCUS as Parquet with texts', FOCUS_BILL, () => asParquet(rowsOf(focusRow))],
  ['FOCUS as Parquet with types', FOCUS_BILL, () => asParquet(rowsOf(focusRow), TYPES.focus)],
  ['CUR 2.0 as CSV', CUR_BILL, () => Promise.resolve(rowsOf(curRow))],
  ['CUR 2.0 as Parquet with types', CUR_BILL, () => asParquet(rowsOf(curRow), TYPES.cur)],
])('%s: sums of lines of the same texts are those of the lines one by one', async (_, file, content) => {
  const bill = await content();
  const name = typeof bill === 'string' ? file : file.replace('.csv', '.parquet');
  const { inputs, out, outcomes } = await runBills(folder(), { [name]: bill });
  expect(outcomes['2025-01']?.error).toBeUndefined();
  const { code, months } = await verifyEstate(inputs.path, out);
  expect(months.length).toBeGreaterThan(0);
  expect(months.flatMap(({ differences }) => differences)).toEqual([]);
  expect(code).toBe(0);
});

test('two files of one form are summed together, and a text that is the same in one of them is not lost', async () => {
  const [first = [], second = []] = [
    [focusRow({ account: '000000000001', quantity: '1' }), focusRow({ account: '000000000002' })],
    [focusRow({ account: '000000000002', quantity: '2' }, { ChargeCategory: 'Tax' })],
  ];
  const types = { ConsumedQuantity: 'DOUBLE', ListCost: 'DOUBLE' };
  const { inputs, out, outcomes } = await runBills(folder(), {
    [FOCUS_BILL.replace('.csv', '-1.parquet')]: await asParquet(billCsv(first), types),
    [FOCUS_BILL.replace('.csv', '-2.parquet')]: await asParquet(billCsv(second), types),
  });
  expect(outcomes['2025-01']?.error).toBeUndefined();
  expect(outcomes['2025-01']?.status).toBe('published');
  const { months } = await verifyEstate(inputs.path, out);
  expect(months.flatMap(({ differences }) => differences)).toEqual([]);
});
