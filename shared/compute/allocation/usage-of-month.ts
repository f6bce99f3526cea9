import { defined } from '../../base/defined';
import { InputError } from '../../base/input-problem';
import type { DuckSession } from '../../sql/duck-session';
import type { BillTable } from '../../usage/bills/bill-tables';
import { billUsage } from '../../usage/bills/bill-usage';
import type { LineDetail } from '../../usage/bills/breakdown-value';
import type { MonthUsage } from '../../usage/usage-drivers';
import { usageTableSource } from '../../usage/usage-table';
import type { LoadedMonth } from './month-inputs';

const NO_DETAIL =
  'bills (focus/ or cur/) for a month that is to be broken down: usage/ has no tags and no resources';

/**
 * Returns the month's usage lines, whichever table they come from.
 *
 * @param detailOf what the lines are broken down by, for a table of bills; @default - nothing
 * @throws InputError when usage of the table usage/ is to be broken down
 */
export async function usageOfMonth(
  session: DuckSession,
  inputs: LoadedMonth,
  detailOf?: (table: BillTable) => LineDetail,
): Promise<MonthUsage> {
  const { usage, estate, settings, serviceNames: services, rates } = inputs;
  const { table, files } = usage;
  if (table === 'usage') {
    if (detailOf !== undefined) throw new InputError([{ table: 'usage', expected: NO_DETAIL }]);
    return { source: usageTableSource(files, settings.pad_account_ids) };
  }
  const { month, clusters, racks, givenTotals } = estate;
  const given = new Set(givenTotals.filter(({ by }) => by === 'service').map(({ clusterId }) => clusterId));
  const bills = await billUsage(
    session,
    { table, files, month, settings, ...defined({ detail: detailOf?.(table) }) },
    { clusters, racks, given, services, ...defined({ rates }) },
  );
  return { source: bills.source, bills };
}
