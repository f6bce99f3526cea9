import type { AccountId } from '../../base/account-id';
import { defined } from '../../base/defined';
import { asMtco2e, toKg } from '../../base/mass';
import { SHOWN } from '../../base/shown';
import type { Warning } from '../../base/warning';
import type { ExportSettings } from '../../exports/export-settings';
import { BASE_CATEGORIES, byCategory, type KgByCategory, ZERO } from '../../method/categories';
import { closeLedger, type Ledger } from '../../method/ledger';
import { MethodError } from '../../method/method-error';
import type { OrganizationSnapshot } from '../../organization/account';
import type { DuckSession } from '../../sql/duck-session';
import { type KeySearch, missingKey } from '../../usage/known-keys';
import {
  type ComputedMonth,
  type PublishedFile,
  type UnknownAccounts,
  writeRefreshed,
} from '../month/computed-month';
import { writeSplitFile } from './split-file';
import { readSplitLedger, SPLIT_LIMIT, type SplitLedger } from './split-ledger';
import { type SplitInputs, splitMonth } from './split-month';
import { splitWarnings } from './split-warnings';

/** What a month is split from, and how it is written. */
export interface SplitRequest {
  readonly inputs: SplitInputs;
  readonly settings: Pick<ExportSettings, 'format' | 'breakdown'>;
  /** last_refresh_timestamp of rows that changed. */
  readonly asOf: Date;
  /** Where a key that the month lacks is looked for. */
  readonly keySearch: KeySearch;
  /** Notes about the month's deliveries, for the report. */
  readonly notes: readonly Warning[];
  readonly organization?: OrganizationSnapshot;
  /** The published file, if any: rows that come out the same keep their refresh timestamp. */
  readonly published?: PublishedFile;
}

/**
 * Splits AWS's totals of a month and writes its data file into the session's scratch folder.
 *
 * @throws InputError when inputs are invalid or do not belong together
 * @throws MethodError when the parts do not add up to AWS's totals
 */
export async function computeSplit(session: DuckSession, request: SplitRequest): Promise<ComputedMonth> {
  const { inputs, settings, asOf, keySearch, notes, organization, published } = request;
  const { at, bills } = inputs;
  const split = await splitMonth(session, inputs);
  const missing = await missingKey(session, keySearch, {
    ...{ breakdown: settings.breakdown, bills, sums: split.costs?.sums },
  });
  const file = await writeRefreshed(session, asOf, published, (refreshed) =>
    writeSplitFile(session, split, { ...at, asOf: refreshed }, settings),
  );
  const ledger = await readSplitLedger(session, split, file.path);
  assertBalanced(ledger);
  const { findings, costs } = split;
  const { usageLines, withoutBill, withoutCarbon, namedServices } = findings;
  const found = { withoutBill, withoutCarbon, namedServices };
  const kg = kgOf(ledger);
  return {
    file,
    totals: { rows: ledger.fileRows, accounts: accountsIn(ledger).length, kg },
    ledger: asLedger(kg),
    categories: BASE_CATEGORIES,
    largestResidual: ledger.largestResidual,
    estimatedClusters: [],
    usageLines,
    ...defined({ billCoverage: findings.coverage }),
    unknownAccounts: unknownAmong(ledger, organization),
    awsTotals: { totals: ledger.totals, accounts: ledger.accounts, rows: ledger.rows, ...found },
    warnings: [...splitWarnings(inputs, ledger, findings), ...missing, ...notes, ...(costs?.notes ?? [])],
  };
}

function assertBalanced({ largestResidual }: SplitLedger): void {
  if (largestResidual <= SPLIT_LIMIT) return;
  throw new MethodError(
    `the parts do not add up to AWS's totals: the largest difference is ${String(largestResidual)} of a total, above ${String(SPLIT_LIMIT)}`,
  );
}

/** AWS's totals by scope; 0 for a scope that AWS's export does not have. */
function kgOf({ totals }: SplitLedger): KgByCategory {
  return byCategory((category) => toKg(totals[`total_${category}_emissions_value`]?.aws ?? asMtco2e(0)));
}

/** AWS's totals are exported in full: nothing stays with an operator. */
function asLedger(kg: KgByCategory): Ledger {
  const retained = {
    retained_internal: ZERO,
    retained_unused: ZERO,
    retained_overhead: ZERO,
    retained_unclaimed: ZERO,
  };
  return closeLedger(kg, kg, retained, []);
}

/** Accounts of AWS's rows; one with two payers in the month is one account. */
function accountsIn({ accounts }: SplitLedger): AccountId[] {
  return [...new Set(accounts.map(({ accountId }) => accountId))];
}

function unknownAmong(ledger: SplitLedger, organization?: OrganizationSnapshot): UnknownAccounts {
  if (organization === undefined) return { count: 0, accountIds: [] };
  const known = new Set(organization.accounts.map(({ accountId }) => accountId));
  const unknown = accountsIn(ledger).filter((id) => !known.has(id));
  return { count: unknown.length, accountIds: unknown.slice(0, SHOWN.accounts) };
}
