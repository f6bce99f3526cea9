import type { Verification } from '../../shared/verify/verification';
import { billCsv, curRow, focusRow, runBills } from '../support/bills';
import { carbonExports, NAME, scratch } from '../support/tiny-run';

/*
 * Months whose usage is bills are verified too; what is taken from the run's own reading is told.
 */

const folder = scratch();

test.each([
  {
    what: 'FOCUS',
    file: 'focus/usage_period=2025-01/bill.csv',
    rows: [
      focusRow(),
      focusRow({ account: '000000000002', quantity: '3', cost: '1' }),
      focusRow({ service: 'B', cost: '0.1' }),
      focusRow({ service: 'B', account: '000000000002', cost: '0.2' }),
      // What the estate has no service for is Other.
      focusRow({ service: 'Unheard of', cost: '7' }),
      focusRow({ cost: '100' }, { ChargeCategory: 'Tax' }),
    ],
  },
  {
    what: 'CUR 2.0',
    file: 'cur/usage_period=2025-01/bill.csv',
    rows: [curRow(), curRow({ account: '000000000002', quantity: '3', cost: '1' })],
  },
])('$what', async ({ file, rows }) => {
  // Prepare
  const { inputs, out, outcomes } = await runBills(folder(), { [file]: billCsv(rows) });
  expect(outcomes['2025-01']?.error).toBeUndefined();
  // Act
  const { code, stdout } = await carbonExports(
    ...['verify', '--inputs', inputs.path, '--out', out, '--export-name', NAME, '--json'],
  );
  // Assess
  const { months } = JSON.parse(stdout) as Verification;
  const [month] = months;
  expect([month?.differences, month?.notRecomputed]).toEqual([[], undefined]);
  expect(month?.values).toBe((month?.rows ?? NaN) * 7);
  expect(month?.exceptions.join()).toContain(
    'is as the run reads them; their sums and all that follows are recomputed',
  );
  expect(code).toBe(0);
});
