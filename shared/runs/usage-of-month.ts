import { billUsageSource } from '../bills/bill-usage';
import { InputError } from '../inputs/input-problem';
import type { UsageSplit } from '../usage/usage-split';
import type { UsageSource } from '../usage/usage-source';
import { usageTableSource } from '../usage/usage-table';
import type { LoadedMonth } from './month-inputs';

const NO_DETAIL =
  'bills (focus/ or cur/) for a month that is to be split: usage/ tells no tags and no resources';

/** The month's usage lines, whichever table they come from. */
export function usageOfMonth(inputs: LoadedMonth, split?: UsageSplit): UsageSource {
  const { usage, estate, settings } = inputs;
  if (usage.table === 'usage') {
    if (split !== undefined) throw new InputError([{ table: 'usage', expected: NO_DETAIL }]);
    return usageTableSource(usage.files, settings.pad_account_ids);
  }
  return billUsageSource(usage.table, usage.files, {
    month: estate.month,
    clusters: estate.clusters,
    racks: estate.racks,
    given: new Set(estate.givenTotals.filter(({ by }) => by === 'service').map(({ clusterId }) => clusterId)),
    services: inputs.serviceNames,
    settings,
    ...(inputs.rates === undefined ? {} : { rates: inputs.rates }),
    ...(split === undefined ? {} : { split }),
  });
}
