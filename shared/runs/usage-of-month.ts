import { billUsageSource } from '../bills/bill-usage';
import type { UsageSource } from '../usage/usage-source';
import { usageTableSource } from '../usage/usage-table';
import type { LoadedMonth } from './month-inputs';

/** The month's usage lines, whichever table they come from. */
export function usageOfMonth(inputs: LoadedMonth): UsageSource {
  const { usage, estate, settings } = inputs;
  if (usage.table === 'usage') return usageTableSource(usage.files, settings.pad_account_ids);
  return billUsageSource(usage.table, usage.files, {
    month: estate.month,
    clusters: estate.clusters,
    racks: estate.racks,
    services: inputs.serviceNames,
    settings,
    ...(inputs.rates === undefined ? {} : { rates: inputs.rates }),
  });
}
