import { type AccountId, accountIdSchema, isAccountId } from '../../base/account-id';
import { defined } from '../../base/defined';
import { type Warning, warningAbout } from '../../base/warning';
import { paddedAccountId } from '../../estate/column-types';
import type { EstateSettings } from '../../estate/estate-settings';
import { paddedId } from '../../sql/account-ids';
import { type DuckSession, textIn } from '../../sql/duck-session';
import type { UsageEngine } from '../lines/usage-engine';
import { type BillLines, isIn } from './bill-lines';
import { rawSums } from './raw-sums';

/** Who pays for the accounts of a month, according to its bills. */
export interface BillPayers {
  /** Who pays for all of them, where the bills name one payer. */
  readonly only?: AccountId;
  /** Who pays for each account, where the bills name several payers. */
  readonly byAccount: ReadonlyMap<AccountId, AccountId>;
  readonly warnings: readonly Warning[];
}

/**
 * Returns the payers of a month's bills. An account that moved between payers within the month belongs to the payer of its
 * latest usage, and of several such to the one with the smallest id.
 */
export async function billPayers(
  session: DuckSession,
  lines: BillLines,
  engine: UsageEngine,
): Promise<BillPayers> {
  const { files, settings } = lines.bills;
  const named = [...new Set(files.flatMap(({ facts }) => facts?.payers ?? []))].sort();
  const valid = named.filter((payer) => payerId(payer, settings) !== undefined);
  const warnings = warningAbout(
    { severity: 'worth-a-look', code: 'payer-invalid' },
    named.filter((payer) => !valid.includes(payer)),
    (payers) => `the bills name payers that are not 12-digit account ids and are not used: ${payers}`,
  );
  const [only] = valid;
  if (only === undefined) return { byAccount: new Map(), warnings };
  if (valid.length > 1) return { byAccount: await payersByAccount(session, lines, engine), warnings };
  return { ...defined({ only: payerId(only, settings) }), byAccount: new Map(), warnings };
}

function payerId(text: string, settings: EstateSettings): AccountId | undefined {
  return (settings.pad_account_ids ? paddedAccountId : accountIdSchema).safeParse(text).data;
}

async function payersByAccount(
  session: DuckSession,
  lines: BillLines,
  engine: UsageEngine,
): Promise<Map<AccountId, AccountId>> {
  const { settings } = lines.bills;
  const id = settings.pad_account_ids ? paddedId('account_id') : 'account_id';
  const { charges, withCharges } = await rawSums(session, lines, engine, { latest: true });
  const payers = `(SELECT charge_id, payer_id FROM (${lines.placed(charges, ['charge_id'])}) l WHERE ${isIn('here')} AND payer_id IS NOT NULL)`;
  const used = withCharges(['account_id', 'latest'], ['payer_id'], payers);
  const rows = await session.rows(
    `SELECT account, payer_id FROM (SELECT ${id} AS account, payer_id, max(latest) AS latest FROM (${used}) u GROUP BY 1, 2) p
     ORDER BY account, latest, payer_id DESC`,
  );
  // The last row of an account counts.
  return new Map(
    rows.flatMap((row) => {
      const payer = payerId(textIn(row, 'payer_id'), settings);
      const account = textIn(row, 'account');
      return payer === undefined || !isAccountId(account) ? [] : [[account, payer] as const];
    }),
  );
}
