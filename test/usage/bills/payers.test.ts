import { billCsv, curRow, focusRow, rowsOf, runBills, warningsOf } from '../../support/bills';
import { listedAccount } from '../../support/estates/monthly-estate';
import { scratch } from '../../support/scratch';

const folder = scratch();
const ONE = '000000000001';
const TWO = '000000000002';
const PAYER = '000000000042';
const OTHER = '000000000077';
const FOCUS = 'focus/usage_period=2025-01';

async function payersIn(out: string): Promise<Record<string, unknown>> {
  const rows = await rowsOf(out, '2025-01');
  return Object.fromEntries(rows.map((row) => [row['usage_account_id'], row['payer_account_id']]));
}

/** What `aws organizations list-accounts` prints in another organization. */
function otherOrganization(...ids: readonly string[]): string {
  const accounts = ids.map((id) => ({
    ...listedAccount(id),
    Arn: `arn:aws:organizations::${OTHER}:account/o-zyxwvutsrq/${id}`,
  }));
  return JSON.stringify({ Accounts: accounts });
}

test('the payer is who the bill names, not the organization that is read', async () => {
  const { out } = await runBills(folder(), { [`${FOCUS}/bill.csv`]: billCsv([focusRow({ payer: OTHER })]) });
  expect(await payersIn(out)).toEqual({ [ONE]: OTHER });
});

test('a payer that is not an account id is not used, and is reported', async () => {
  const { out } = await runBills(folder(), {
    [`${FOCUS}/bill.csv`]: billCsv([focusRow({ payer: '1234567890123' })]),
  });
  expect(await payersIn(out)).toEqual({ [ONE]: PAYER });
  expect(warningsOf(out, '2025-01')).toContain(
    'the bills name payers that are not 12-digit account ids and are not used: 1234567890123',
  );
});

describe('several payers', () => {
  test('in one bill: each account has its own', async () => {
    const lines = [focusRow({ account: ONE, payer: PAYER }), focusRow({ account: TWO, payer: OTHER })];
    const { out } = await runBills(folder(), { [`${FOCUS}/bill.csv`]: billCsv(lines) });
    expect(await payersIn(out)).toEqual({ [ONE]: PAYER, [TWO]: OTHER });
  });

  test('in a bill each, of CUR 2.0', async () => {
    const { out } = await runBills(folder(), {
      'cur/usage_period=2025-01/a.csv': billCsv([curRow({ account: ONE, payer: PAYER })]),
      'cur/usage_period=2025-01/b.csv': billCsv([curRow({ account: TWO, payer: OTHER })]),
    });
    expect(await payersIn(out)).toEqual({ [ONE]: PAYER, [TWO]: OTHER });
  });

  test('an account that moved belongs to the payer of its latest usage, and has one row', async () => {
    const lines = [
      focusRow({ payer: OTHER, start: '2025-01-20 00:00:00', end: '2025-01-20 01:00:00' }),
      focusRow({ payer: PAYER, start: '2025-01-03 00:00:00', end: '2025-01-03 01:00:00' }),
    ];
    const { out } = await runBills(folder(), { [`${FOCUS}/bill.csv`]: billCsv(lines) });
    expect(await payersIn(out)).toEqual({ [ONE]: OTHER });
    expect((await rowsOf(out, '2025-01')).length).toBe(1);
  });
});

describe('several organizations', () => {
  const usage = 'usage_account_id,cluster_id,product_code,usage_quantity,usage_revenue\n';

  test('accounts of a further list have its management account as payer, names and all', async () => {
    const { out, code } = await runBills(folder(), {
      'usage/usage_period=2025-01/usage.csv': `${usage}${ONE},c1,A,1,\n000000000005,c1,A,1,\n`,
      'accounts-emea.json': otherOrganization('000000000005'),
    });
    expect(code).toBe(0);
    expect(await payersIn(out)).toEqual({ [ONE]: PAYER, '000000000005': OTHER });
  });

  test('an account that two of them list is an error that names both', async () => {
    const { code, problems } = await runBills(folder(), {
      'usage/usage_period=2025-01/usage.csv': `${usage}${ONE},c1,A,1,\n`,
      'accounts-emea.json': otherOrganization(ONE),
    });
    expect(code).toBe(1);
    expect(problems.join('\n')).toContain(
      `accounts, column Id: found "${ONE}", expected an account in one organization; this one is in those of ${PAYER} and ${OTHER}`,
    );
  });
});
