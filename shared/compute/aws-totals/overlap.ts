import { InputError } from '../../base/input-problem';
import { SHOWN } from '../../base/shown';
import type { AwsTotals } from '../../exports/aws-totals';
import { accountIdIn } from '../../sql/account-ids';
import { type DuckSession, numberIn } from '../../sql/duck-session';
import type { LineCosts } from './bill-costs';
import { CARBON_TABLE } from './carbon-columns';
import type { CarbonRows } from './carbon-rows';

/** Part of AWS's emissions that must be of accounts with usage in the month's bills. */
export const LEAST_OVERLAP = 0.5;

/** Accounts that are in AWS's export or in the bills alone. */
export type Unshared = Pick<AwsTotals, 'withoutBill' | 'withoutCarbon'>;

/**
 * Compares the accounts of AWS's rows with those of the month's usage.
 *
 * @throws InputError when they share so little that the bills must be of another organization
 */
export async function compareAccounts(
  session: DuckSession,
  carbon: CarbonRows,
  costs: LineCosts,
  file: string,
): Promise<Unshared> {
  const [row] = await session.rows(
    `SELECT COUNT(*) AS n, COUNT(*) FILTER (WHERE has_bill) AS shared,
       CAST(coalesce(SUM(amount), 0) AS DOUBLE) AS total,
       CAST(coalesce(SUM(amount) FILTER (WHERE has_bill), 0) AS DOUBLE) AS covered
     FROM (
       SELECT usage_account_id, CAST(SUM(abs(coalesce(total_lbm_emissions_value, total_mbm_emissions_value, 0))) AS DECIMAL(38, 12)) AS amount,
         usage_account_id IN (SELECT account_id FROM ${costs.table}) AS has_bill
       FROM ${carbon.table} GROUP BY usage_account_id
     ) a`,
  );
  const total = numberIn(row, 'total');
  const covered = numberIn(row, 'covered');
  const accounts = numberIn(row, 'n');
  const shared = numberIn(row, 'shared');
  const overlap = total === 0 ? (accounts === 0 ? 1 : shared / accounts) : covered / total;
  if (overlap < LEAST_OVERLAP) {
    const found = `${String(shared)} of ${String(accounts)} accounts, ${(overlap * 100).toFixed(1)} % of the emissions`;
    const expected = `bills of the same organization and month: accounts with at least ${String(LEAST_OVERLAP * 100)} % of AWS's emissions have usage in them; found ${found}`;
    throw new InputError([{ table: CARBON_TABLE, file, expected }]);
  }
  return {
    withoutBill: await accountsOf(
      session,
      `SELECT DISTINCT usage_account_id AS id FROM ${carbon.table} WHERE usage_account_id NOT IN (SELECT account_id FROM ${costs.table})`,
    ),
    withoutCarbon: await accountsOf(
      session,
      `SELECT DISTINCT account_id AS id FROM ${costs.table} WHERE account_id NOT IN (SELECT usage_account_id FROM ${carbon.table})`,
    ),
  };
}

async function accountsOf(session: DuckSession, query: string): Promise<Unshared['withoutBill']> {
  const rows = await session.rows(
    `SELECT id, COUNT(*) OVER () AS n FROM (${query}) q ORDER BY id LIMIT ${String(SHOWN.accounts)}`,
  );
  const [first] = rows;
  return {
    count: first === undefined ? 0 : numberIn(first, 'n'),
    accountIds: rows.map((row) => accountIdIn(row, 'id')),
  };
}
