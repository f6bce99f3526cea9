import { defined } from '../../base/defined';
import { InputError } from '../../base/input-problem';
import type { Breakdown } from '../../exports/breakdown';
import { billUsageSource } from '../../usage/bills/bill-usage';
import type { UsageSource } from '../../usage/lines/usage-source';
import { usageTableSource } from '../../usage/usage-table';
import type { LoadedMonth } from './month-inputs';

const NO_DETAIL =
  'bills (focus/ or cur/) for a month that is to be broken down: usage/ tells no tags and no resources';

/** The month's usage lines, whichever table they come from. */
export function usageOfMonth(inputs: LoadedMonth, breakdown?: Breakdown): UsageSource {
  const { usage, estate, settings } = inputs;
  if (usage.table === 'usage') {
    if (breakdown !== undefined) throw new InputError([{ table: 'usage', expected: NO_DETAIL }]);
    return usageTableSource(usage.files, settings.pad_account_ids);
  }
  return billUsageSource(usage.table, usage.files, {
    month: estate.month,
    clusters: estate.clusters,
    racks: estate.racks,
    given: new Set(estate.givenTotals.filter(({ by }) => by === 'service').map(({ clusterId }) => clusterId)),
    services: inputs.serviceNames,
    settings,
    ...defined({ rates: inputs.rates, breakdown }),
  });
}
