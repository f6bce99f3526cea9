import { defined } from '../../base/defined';
import type { AwsTotals } from '../../exports/aws-totals';
import type { ExportMonth } from '../../exports/layout';
import type { DuckSession } from '../../sql/duck-session';
import { noRows } from '../../sql/relation';
import type { ReadFile } from '../../usage/lines/usage-engine';
import { type BillCosts, billCosts, SERVICE_COST_COLUMNS, type SplitBills } from './bill-costs';
import type { BillCoverage } from '../../usage/bills/bill-coverage';
import { CARBON_TABLE } from './carbon-columns';
import { type CarbonRows, carbonMonth } from './carbon-rows';
import { compareAccounts } from './overlap';
import { splitCoverage } from './split-coverage';
import { type Shares, shares, type SplitRows, splitRows } from './split-sql';

/** The inputs of one version of a month. */
export interface SplitInputs {
  readonly at: ExportMonth;
  readonly carbon: readonly ReadFile[];
  /** True where leading zeros of account ids are restored. */
  readonly isPadded: boolean;
  /** Absent: the month has no bills, and AWS's rows stay whole. */
  readonly bills?: SplitBills;
}

/** What was found while a month was split. */
export type SplitFindings = Pick<AwsTotals, 'withoutBill' | 'withoutCarbon' | 'namedServices'> & {
  readonly unmeasured: BillCosts['unmeasured'];
  /** Payers of AWS's rows without bills. */
  readonly payersWithoutBill: readonly string[];
  /** Lines of usage that count. */
  readonly usageLines: number;
  /** Absent where the month has no bills. */
  readonly coverage?: BillCoverage;
};

/** A month of AWS's totals, split over the accounts' own usage. */
export interface SplitMonth {
  readonly carbon: CarbonRows;
  readonly shares: Shares;
  readonly rows: SplitRows;
  /** Absent where the month has no bills. */
  readonly costs?: BillCosts;
  readonly findings: SplitFindings;
}

const NONE = { count: 0, accountIds: [] };

/**
 * Splits AWS's rows over the accounts' own usage.
 *
 * @throws InputError when rows or lines are invalid, or the bills are of other accounts
 */
export async function splitMonth(session: DuckSession, inputs: SplitInputs): Promise<SplitMonth> {
  const { at, carbon: files, isPadded, bills } = inputs;
  const month = await carbonMonth(session, { files, isPadded }, at);
  const { rows: carbon } = month;
  const costs = bills === undefined ? undefined : await billCosts(session, bills, month);
  const services =
    costs?.services ?? (await session.table(SERVICE_COST_COLUMNS, noRows(SERVICE_COST_COLUMNS)));
  const parts = await shares(session, carbon, services);
  const unshared =
    costs === undefined || costs.lines === 0
      ? { withoutBill: NONE, withoutCarbon: NONE, payersWithoutBill: [] }
      : await compareAccounts(session, carbon, costs.lineCosts, files[0]?.file ?? CARBON_TABLE);
  const coverage =
    bills === undefined || costs === undefined
      ? undefined
      : await splitCoverage(session, costs, month, bills);
  const { lines: usageLines = 0, namedServices = [], unmeasured = [] } = costs ?? {};
  return {
    ...{ carbon, shares: parts, rows: await splitRows(session, carbon, parts) },
    ...defined({ costs }),
    findings: { usageLines, namedServices, unmeasured, ...unshared, ...defined({ coverage }) },
  };
}
