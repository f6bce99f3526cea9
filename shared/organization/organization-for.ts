import { CarbonError } from '../base/carbon-error';
import type { Month } from '../base/month';
import type { InputStore } from '../stores/object-store';
import type { OrganizationSnapshot } from './account';
import { readSnapshot, snapshotMonthFor, snapshotMonths } from './snapshots';

/**
 * Returns the snapshot that describes a month.
 *
 * @param failure the error that kept the organization from being read, if there was one
 * @throws CarbonError when no snapshot is stored; or `failure`
 */
export async function organizationFor(
  exports: InputStore,
  month: Month,
  failure?: unknown,
): Promise<OrganizationSnapshot> {
  const snapshot = await organizationIfKnown(exports, month);
  if (snapshot !== undefined) return snapshot;
  if (failure instanceof Error) throw failure;
  throw new CarbonError('state', 'the organization was never read: no snapshot of its accounts is stored');
}

/**
 * Returns the snapshot that describes a month, or undefined where no snapshot is stored.
 *
 * @throws CarbonError when the snapshot is damaged
 */
export async function organizationIfKnown(
  exports: InputStore,
  month: Month,
): Promise<OrganizationSnapshot | undefined> {
  const snapshotMonth = snapshotMonthFor(month, await snapshotMonths(exports));
  return snapshotMonth === undefined ? undefined : readSnapshot(exports, snapshotMonth);
}
