import { defined } from '../../base/defined';
import type { Month } from '../../base/month';
import { accountId, paddedAccountId } from '../../estate/column-types';
import type { EstateSettings } from '../../estate/estate-settings';
import { paddedId } from '../../sql/account-ids';
import { type DuckSession, textIn } from '../../sql/duck-session';
import type { UsageEngine } from '../lines/usage-engine';
import type { UsageSource } from '../lines/usage-source';
import type { BillFacts } from './bill-facts';
import { BILL_FORMATS } from './bill-formats';
import type { BillTable } from './bill-tables';
import { placedLines } from './lines-of-month';

/** Who pays for the accounts of a month, as its bills tell. */
export interface BillPayers {
  /** Who pays for all of them, where it is one; absent where the bills do not tell it. */
  readonly only?: string;
  /** Who pays for each account, where there are several. */
  readonly byAccount: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

/** What is read of the month. */
export interface PayerRequest {
  readonly table: BillTable;
  readonly source: UsageSource;
  readonly facts: readonly BillFacts[];
  readonly month: Month;
  readonly settings: EstateSettings;
  readonly engine: UsageEngine;
}

/**
 * Reads the payers off a month's bills. An account that moved between payers within the month belongs to the one that
 * was billed for its latest usage, and of several such to the one with the smallest id. The tables of the source's
 * context must be loaded.
 */
export async function billPayers(session: DuckSession, request: PayerRequest): Promise<BillPayers> {
  const { settings, facts } = request;
  const told = [...new Set(facts.flatMap(({ payers }) => payers))].sort();
  const valid = told.filter((payer) => payerId(payer, settings) !== undefined);
  const warnings = told
    .filter((payer) => !valid.includes(payer))
    .map((payer) => `the bills name a payer ${payer}, which is no 12-digit account id and is not used`);
  const [only] = valid;
  if (only === undefined) return { byAccount: new Map(), warnings };
  if (valid.length > 1) return { byAccount: await payersByAccount(session, request), warnings };
  const payer = payerId(only, settings);
  return { ...defined({ only: payer }), byAccount: new Map(), warnings };
}

function payerId(told: string, settings: EstateSettings): string | undefined {
  return (settings.pad_account_ids ? paddedAccountId : accountId).safeParse(told).data;
}

async function payersByAccount(
  session: DuckSession,
  { table, source, month, settings, engine }: PayerRequest,
): Promise<Map<string, string>> {
  const format = BILL_FORMATS[table];
  const id = settings.pad_account_ids ? paddedId('account_id') : 'account_id';
  const latestOf = (text: string): string => `
SELECT ${id} AS account, payer_id, max(period_start) AS latest
FROM (${placedLines(format, text, { month, settings }, [])}) l WHERE place = 'here' AND payer_id IS NOT NULL GROUP BY 1, 2`;
  await engine.sum(session, source, {
    table: 'payer_latest',
    overTexts: (texts) => texts.map(latestOf).join('\nUNION ALL\n'),
    context: format.context(settings).map(({ name }) => name),
  });
  const rows = await session.rows(
    'SELECT account, payer_id FROM payer_latest ORDER BY account, latest, payer_id DESC',
  );
  // The last one of an account stands.
  return new Map(
    rows.flatMap((row) => {
      const payer = payerId(textIn(row, 'payer_id'), settings);
      return payer === undefined ? [] : [[textIn(row, 'account'), payer] as const];
    }),
  );
}
