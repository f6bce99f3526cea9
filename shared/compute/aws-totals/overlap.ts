import { InputError } from '../../base/input-problem';
import { SHOWN } from '../../base/shown';
import type { AwsTotals } from '../../exports/aws-totals';
import { accountIdIn } from '../../sql/account-ids';
import { type DuckSession, numberIn, textIn } from '../../sql/duck-session';
import type { LineCosts } from './bill-costs';
import { CARBON_TABLE } from './carbon-columns';
import type { CarbonRows } from './carbon-rows';

/** Part of AWS's emissions that must be of accounts with usage in the month's bills. */
export const LEAST_OVERLAP = 0.5;

/** Accounts that are in AWS's export or in the bills alone, and payers of AWS's export without bills. */
export type Unshared = Pick<AwsTotals, 'withoutBill' | 'withoutCarbon'> & {
  readonly payersWithoutBill: readonly string[];
};

/**
 * Compares the accounts of AWS's rows with those of the month's usage. Accounts of a payer without bills are not compared:
 * their rows stay whole.
 *
 * @throws InputError when no payer has bills, or the accounts of those that have share so little with the bills that they
 *   must be of another organization
 */
export async function compareAccounts(
  session: DuckSession,
  carbon: CarbonRows,
  costs: LineCosts,
  file: string,
): Promise<Unshared> {
  const payersWithoutBill = await payersWithout(session, carbon, costs);
  const rows = `(SELECT * FROM ${carbon.table} a WHERE ${hasPayerBills(costs)})`;
  await assertPayers(session, { carbon, costs, file }, payersWithoutBill);
  await assertOverlap(session, rows, costs, file);
  return {
    payersWithoutBill,
    withoutBill: await accountsOf(
      session,
      `SELECT DISTINCT usage_account_id AS id FROM ${rows} a WHERE NOT ${hasBill(costs)}`,
    ),
    withoutCarbon: await accountsOf(
      session,
      `SELECT DISTINCT account_id AS id FROM ${costs.table} WHERE account_id NOT IN (SELECT usage_account_id FROM ${carbon.table})`,
    ),
  };
}

/** SQL that is true for a row `a` of AWS whose payer has bills. Bills that name no payer are bills of all. */
function hasPayerBills({ table }: LineCosts): string {
  return `(a.payer_account_id IN (SELECT payer_id FROM ${table} WHERE payer_id IS NOT NULL)
    OR EXISTS (SELECT 1 FROM ${table} WHERE payer_id IS NULL))`;
}

/** SQL that is true for a row `a` of AWS whose account has usage in bills of its payer. */
function hasBill({ table }: LineCosts): string {
  return `(a.usage_account_id IN (SELECT account_id FROM ${table} WHERE payer_id IS NULL)
    OR (a.usage_account_id, a.payer_account_id) IN (SELECT (account_id, payer_id) FROM ${table} WHERE payer_id IS NOT NULL))`;
}

async function payersWithout(
  session: DuckSession,
  { table }: CarbonRows,
  costs: LineCosts,
): Promise<string[]> {
  const rows = await session.rows(
    `SELECT DISTINCT payer_account_id AS id FROM ${table} a WHERE NOT ${hasPayerBills(costs)} ORDER BY id`,
  );
  return rows.map((row) => textIn(row, 'id'));
}

/** What is compared, and the file of AWS's export that messages name. */
interface Compared {
  readonly carbon: CarbonRows;
  readonly costs: LineCosts;
  readonly file: string;
}

/** @throws InputError when AWS has rows and the bills have lines, and no payer has both */
async function assertPayers(
  session: DuckSession,
  { carbon, costs, file }: Compared,
  without: readonly string[],
): Promise<void> {
  if (without.length === 0) return;
  const [row] = await session.rows(
    `SELECT COUNT(*) AS n FROM ${carbon.table} a WHERE ${hasPayerBills(costs)}`,
  );
  if (numberIn(row, 'n') > 0) return;
  const named = await session.rows(
    `SELECT DISTINCT payer_id AS id FROM ${costs.table} ORDER BY id LIMIT ${String(SHOWN.accounts)}`,
  );
  const found = named.map((payer) => textIn(payer, 'id')).join(', ');
  const expected = `bills of the same organization: of payer ${without.join(', ')}; found bills of payer ${found}`;
  throw new InputError([{ table: CARBON_TABLE, file, column: 'payer_account_id', expected }]);
}

async function assertOverlap(
  session: DuckSession,
  carbonRows: string,
  costs: LineCosts,
  file: string,
): Promise<void> {
  const [row] = await session.rows(
    `SELECT COUNT(*) AS n, COUNT(*) FILTER (WHERE has_bill) AS shared,
       CAST(coalesce(SUM(amount), 0) AS DOUBLE) AS total,
       CAST(coalesce(SUM(amount) FILTER (WHERE has_bill), 0) AS DOUBLE) AS covered
     FROM (
       SELECT usage_account_id, CAST(SUM(abs(coalesce(total_lbm_emissions_value, total_mbm_emissions_value, 0))) AS DECIMAL(38, 12)) AS amount,
         bool_or(${hasBill(costs)}) AS has_bill
       FROM ${carbonRows} a GROUP BY usage_account_id
     ) a`,
  );
  const total = numberIn(row, 'total');
  const covered = numberIn(row, 'covered');
  const accounts = numberIn(row, 'n');
  const shared = numberIn(row, 'shared');
  const overlap = total === 0 ? (accounts === 0 ? 1 : shared / accounts) : covered / total;
  if (overlap >= LEAST_OVERLAP) return;
  const found = `${String(shared)} of ${String(accounts)} accounts, ${(overlap * 100).toFixed(1)} % of the emissions`;
  const expected = `bills of the same organization and month: accounts with at least ${String(LEAST_OVERLAP * 100)} % of AWS's emissions have usage in them; found ${found}`;
  throw new InputError([{ table: CARBON_TABLE, file, expected }]);
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
