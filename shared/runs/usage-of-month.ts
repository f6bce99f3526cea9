import { focusTableSource } from '../usage/focus-table';
import type { UsageSource } from '../usage/usage-source';
import { usageTableSource } from '../usage/usage-table';
import type { LoadedMonth } from './month-inputs';

/** The month's usage lines, whichever table they come from. */
export function usageOfMonth(inputs: LoadedMonth): UsageSource {
  const { usage, estate, settings } = inputs;
  if (usage.table === 'usage') return usageTableSource(usage.files, settings.pad_account_ids);
  return focusTableSource(usage.files, {
    month: estate.month,
    clusters: estate.clusters,
    racks: estate.racks,
    services: inputs.focusServices,
    settings,
  });
}
