import type { AwsTotals } from '../../exports/aws-totals';
import type { ExportMonth } from '../../exports/layout';
import { duckSumOfArray } from '../../sql/dialect';
import type { DuckSession } from '../../sql/duck-session';
import type { ReadFile } from '../../usage/lines/usage-engine';
import { type BillCosts, loadServiceCosts, type MonthBills } from './bill-costs';
import { CARBON_TABLE } from './carbon-columns';
import { loadCarbonRows } from './carbon-rows';
import { compareAccounts } from './overlap';
import { SHARES, splitRows } from './split-sql';

/** What one version of a month is split from. */
export interface SplitInputs {
  readonly at: ExportMonth;
  readonly carbon: readonly ReadFile[];
  /** Absent: the month has no bills, and AWS's rows stay whole. */
  readonly bills?: MonthBills;
}

/** What was found while a month was split. */
export type SplitFindings = Pick<AwsTotals, 'withoutBill' | 'withoutCarbon' | 'namedServices'> & {
  readonly unmeasured: BillCosts['unmeasured'];
  /** Lines of usage that count. */
  readonly usageLines: number;
};

const NONE = { count: 0, accountIds: [] };

/**
 * Splits AWS's rows over the accounts' own usage into the table `split_row`.
 *
 * @throws InputError when rows or lines are not sound, or the bills are of other accounts
 */
export async function splitMonth(session: DuckSession, inputs: SplitInputs): Promise<SplitFindings> {
  const { at, carbon, bills } = inputs;
  await loadCarbonRows(session, carbon, at);
  const findings =
    bills === undefined ? await withoutBills(session) : await withBills(session, inputs, bills);
  await session.run(`CREATE TEMP TABLE share AS ${SHARES}`);
  await session.run(`CREATE TEMP TABLE split_row AS ${splitRows(duckSumOfArray)}`);
  return findings;
}

async function withoutBills(session: DuckSession): Promise<SplitFindings> {
  await session.run(
    `CREATE TEMP TABLE service_cost AS SELECT '' AS account_id, '' AS place, '' AS service_group, '' AS product_code, '' AS part, CAST(0 AS DECIMAL(38, 18)) AS cost WHERE false`,
  );
  return { usageLines: 0, namedServices: [], unmeasured: [], withoutBill: NONE, withoutCarbon: NONE };
}

async function withBills(
  session: DuckSession,
  { carbon }: SplitInputs,
  bills: MonthBills,
): Promise<SplitFindings> {
  const { lines, ...found } = await loadServiceCosts(session, bills);
  const [first] = carbon;
  const unshared = await compareAccounts(session, first?.file ?? CARBON_TABLE);
  return { usageLines: lines, ...found, ...unshared };
}
