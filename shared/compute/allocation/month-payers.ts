import type { AccountId } from '../../base/account-id';
import type { Warning } from '../../base/warning';
import { type AccountPayers, PAYER_COLUMNS } from '../../exports/month-rows';
import type { DuckSession } from '../../sql/duck-session';
import { type BillPayers, billPayers } from '../../usage/bills/account-payers';
import type { MonthUsage } from '../../usage/usage-drivers';
import type { LoadedMonth } from './month-inputs';

/** Who pays for the rows of a month. */
export interface MonthPayers {
  readonly payers: AccountPayers;
  /** Payer of accounts that `payers` does not name. */
  readonly payerAccountId: AccountId;
  readonly warnings: readonly Warning[];
}

/**
 * Returns the payers of a month's accounts: those of the month's bills first, then the organizations that the accounts
 * are members of.
 */
export async function monthPayers(
  session: DuckSession,
  { organization, engine }: LoadedMonth,
  { bills }: MonthUsage,
): Promise<MonthPayers> {
  const ofBills: BillPayers =
    bills === undefined
      ? { byAccount: new Map(), warnings: [] }
      : await billPayers(session, bills.lines, engine);
  const payers = new Map<AccountId, AccountId>();
  if (ofBills.only === undefined) {
    for (const { accountId, payerAccountId } of organization.accounts) {
      if (payerAccountId !== undefined) payers.set(accountId, payerAccountId);
    }
  }
  for (const [accountId, payer] of ofBills.byAccount) payers.set(accountId, payer);
  const rows = [...payers].map(([accountId, payer]) => [BigInt(accountId), payer] as const);
  return {
    payers: await session.load({ columns: PAYER_COLUMNS, rows }),
    payerAccountId: ofBills.only ?? organization.payerAccountId,
    warnings: ofBills.warnings,
  };
}
