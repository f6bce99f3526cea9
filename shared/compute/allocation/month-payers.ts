import type { DuckSession } from '../../sql/duck-session';
import { type BillPayers, billPayers } from '../../usage/bills/account-payers';
import { isBillTable } from '../../usage/bills/bill-tables';
import type { UsageSource } from '../../usage/lines/usage-source';
import type { LoadedMonth } from './month-inputs';

/** Who pays for the rows of a month. */
export interface MonthPayers {
  /** Payer of accounts that the table `account_payer` does not name. */
  readonly payerAccountId: string;
  readonly warnings: readonly string[];
}

/**
 * Fills the table `account_payer` with accounts that somebody else pays for than for most: the month's bills go first,
 * then the organizations that the accounts are members of.
 */
export async function loadPayers(
  session: DuckSession,
  inputs: LoadedMonth,
  source: UsageSource,
): Promise<MonthPayers> {
  const { organization } = inputs;
  const bills = await payersOfBills(session, inputs, source);
  const payers = new Map<string, string>();
  if (bills.only === undefined) {
    for (const { accountId, payerAccountId } of organization.accounts) {
      if (payerAccountId !== undefined) payers.set(accountId, payerAccountId);
    }
  }
  for (const [accountId, payer] of bills.byAccount) payers.set(accountId, payer);
  await session.load(
    'account_payer',
    [
      ['account_number', 'BIGINT'],
      ['payer_account_id', 'VARCHAR'],
    ],
    [...payers].map(([accountId, payer]) => [BigInt(accountId), payer]),
  );
  return { payerAccountId: bills.only ?? organization.payerAccountId, warnings: bills.warnings };
}

function payersOfBills(
  session: DuckSession,
  { usage, estate, settings, engine }: LoadedMonth,
  source: UsageSource,
): Promise<BillPayers> {
  const { table } = usage;
  if (!isBillTable(table)) return Promise.resolve({ byAccount: new Map<string, string>(), warnings: [] });
  const facts = usage.files.flatMap((file) => file.facts ?? []);
  return billPayers(session, { table, source, facts, month: estate.month, settings, engine });
}
