import { SHOWN } from '../../base/shown';
import type { OrganizationSnapshot } from '../../organization/account';
import { accountIdIn } from '../../sql/account-ids';
import { type DuckSession, numberIn } from '../../sql/duck-session';
import type { Drivers } from '../../usage/driver-sql';
import type { UnknownAccounts } from '../month/computed-month';

/** Returns the accounts that have usage and are not in the organization. */
export async function unknownAccounts(
  session: DuckSession,
  drivers: Drivers,
  { accounts }: OrganizationSnapshot,
): Promise<UnknownAccounts> {
  const known = await session.load({
    columns: { account_number: 'BIGINT' },
    rows: accounts.map(({ accountId }) => [BigInt(accountId)]),
  });
  const rows = await session.rows(
    `SELECT lpad(CAST(account_number AS VARCHAR), 12, '0') AS account_id, COUNT(*) OVER () AS n
     FROM (SELECT DISTINCT account_number FROM ${drivers.table}) d
     WHERE account_number NOT IN (SELECT account_number FROM ${known.table})
     ORDER BY 1 LIMIT ${String(SHOWN.accounts)}`,
  );
  const [first] = rows;
  return {
    count: first === undefined ? 0 : numberIn(first, 'n'),
    accountIds: rows.map((row) => accountIdIn(row, 'account_id')),
  };
}
