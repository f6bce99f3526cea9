import { SHOWN } from '../../base/shown';
import type { AwsTotals } from '../../exports/aws-totals';
import type { Breakdown } from '../../exports/breakdown';
import { KG_PER_MTCO2E } from '../../exports/columns';
import { EMISSIONS, valueColumn } from '../../exports/emissions';
import type { ExportFormat } from '../../exports/layout';
import { type ByCategory, byCategory } from '../../method/categories';
import { closeLedger, type Ledger } from '../../method/ledger';
import { MethodError } from '../../method/method-error';
import type { OrganizationSnapshot } from '../../organization/account';
import { duckSumOfArray } from '../../sql/dialect';
import type { DuckSession } from '../../sql/duck-session';
import { leftOutLines } from '../../usage/bills/left-out-lines';
import {
  type ComputedMonth,
  type PublishedFile,
  type UnknownAccounts,
  writeRefreshed,
} from '../month/computed-month';
import { writeSplitFile } from './split-file';
import { readSplitLedger, SPLIT_LIMIT, type SplitLedger } from './split-ledger';
import { type SplitFindings, type SplitInputs, splitMonth } from './split-month';

/** What a split month is written with. */
export interface SplitTarget {
  readonly format: ExportFormat;
  readonly asOf: Date;
  /** What of the month's deliveries was passed over. */
  readonly notes: readonly string[];
  readonly organization?: OrganizationSnapshot;
  /** What services are broken down by. @default - nothing */
  readonly breakdown?: Breakdown;
}

/**
 * Splits AWS's totals of a month and writes its data file into the session's scratch folder.
 *
 * @throws InputError when inputs are not sound or do not belong together
 * @throws MethodError when the parts do not add up to AWS's totals
 */
export async function computeSplit(
  session: DuckSession,
  inputs: SplitInputs,
  { format, asOf, notes, organization, breakdown }: SplitTarget,
  published?: PublishedFile,
): Promise<ComputedMonth> {
  const { at, bills } = inputs;
  const findings = await splitMonth(session, inputs);
  const { month, modelVersion } = at;
  const file = await writeRefreshed(asOf, published, (refreshed) =>
    writeSplitFile(session, { month, modelVersion, asOf: refreshed }, format, breakdown),
  );
  const ledger = await readSplitLedger(session, file.path, duckSumOfArray);
  if (!(ledger.largestResidual <= SPLIT_LIMIT)) {
    throw new MethodError(
      `the parts do not add up to AWS's totals: the largest difference is ${String(ledger.largestResidual)} of a total, above ${String(SPLIT_LIMIT)}`,
    );
  }
  const leftOut = bills === undefined ? [] : await leftOutLines(session, bills.table);
  const { usageLines, withoutBill, withoutCarbon, namedServices } = findings;
  const told = { withoutBill, withoutCarbon, namedServices };
  const kg = kgOf(ledger);
  return {
    file,
    totals: { rows: ledger.fileRows, accounts: ledger.accounts.length, kg },
    ledger: asLedger(kg),
    largestResidual: ledger.largestResidual,
    estimatedClusters: [],
    usageLines,
    unknownAccounts: unknownAmong(ledger, organization),
    awsTotals: { totals: ledger.totals, accounts: ledger.accounts, rows: ledger.rows, ...told },
    warnings: [...warningsOf(inputs, ledger, findings), ...notes, ...leftOut],
  };
}

/** AWS's totals by scope; 0 for a scope that AWS's export does not have. */
function kgOf({ totals }: SplitLedger): ByCategory {
  return byCategory((category) => (totals[`total_${category}_emissions_value`]?.aws ?? 0) * KG_PER_MTCO2E);
}

/** What AWS tells is exported in full: nothing stays with an operator. */
function asLedger(kg: ByCategory): Ledger {
  const none = byCategory(() => 0);
  const retained = {
    retained_internal: none,
    retained_unused: none,
    retained_overhead: none,
    retained_unclaimed: none,
  };
  return closeLedger(kg, kg, retained, []);
}

function unknownAmong({ accounts }: SplitLedger, organization?: OrganizationSnapshot): UnknownAccounts {
  if (organization === undefined) return { count: 0, accountIds: [] };
  const known = new Set(organization.accounts.map(({ accountId }) => accountId));
  const unknown = [...new Set(accounts.map(({ accountId }) => accountId))].filter((id) => !known.has(id));
  return { count: unknown.length, accountIds: unknown.slice(0, SHOWN.accounts) };
}

function warningsOf(
  { at, bills }: SplitInputs,
  { totals, rows }: SplitLedger,
  { withoutBill, withoutCarbon, namedServices, unmeasured }: SplitFindings,
): string[] {
  const columns = EMISSIONS.map(valueColumn).filter((column) => totals[column] === undefined);
  const missing =
    rows.aws === 0 || columns.length === 0
      ? []
      : [`AWS's export of ${at.month} does not have ${columns.join(', ')}`];
  if (bills === undefined) return [`no bills of ${at.month}: AWS's rows stay whole`, ...missing];
  const listed = ({ count, accountIds }: AwsTotals['withoutBill']): string =>
    `${String(count)} (${accountIds.slice(0, SHOWN.examples).join(', ')}${count > SHOWN.examples ? ', …' : ''})`;
  const measured = bills.settings.bills.split_by_quantity;
  const mbm = totals[valueColumn('total_mbm_emissions')];
  return [
    ...(rows.unsplit > 0
      ? [
          `unsplit: ${String(rows.unsplit)} of AWS's ${String(rows.aws)} rows, ${(mbm?.unsplit ?? 0).toPrecision(6)} of ${(mbm?.aws ?? 0).toPrecision(6)} MTCO2e market-based, have no matching cost and stay under AWS's product`,
        ]
      : []),
    ...(withoutBill.count > 0
      ? [`accounts in AWS's export and not in the bills: ${listed(withoutBill)}`]
      : []),
    ...(withoutCarbon.count > 0
      ? [`accounts in the bills and not in AWS's export: ${listed(withoutCarbon)}`]
      : []),
    ...(measured.length > 0 ? [`split by quantity instead of list cost: ${measured.join(', ')}`] : []),
    ...unmeasured.map(
      ({ productCode, lines }) =>
        `${String(lines)} lines of ${productCode} tell no quantity in its unit and take nothing of it: it is split by quantity (bills.split_by_quantity)`,
    ),
    ...(namedServices.length > 0
      ? [
          `services without a code, under their own name: ${String(namedServices.length)} (${namedServices.slice(0, SHOWN.examples).join(', ')}${namedServices.length > SHOWN.examples ? ', …' : ''})`,
        ]
      : []),
    ...missing,
  ];
}
