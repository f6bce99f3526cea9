import { CarbonError } from '../base/carbon-error';
import type { Month } from '../base/month';
import type { ObjectStore } from '../stores/object-store';
import type { OrganizationSnapshot } from './account';
import { readSnapshot, snapshotMonthFor, snapshotMonths } from './snapshots';

/** Nothing is known of the organization: no snapshot was ever kept. */
export class NoSnapshotError extends CarbonError {
  constructor(message: string, options?: ErrorOptions) {
    super('state', message, options);
  }
}

/**
 * The snapshot that tells about a month.
 *
 * @param failure what kept the organization from being read, if anything did
 * @throws NoSnapshotError when there is none at all, or what kept the first from being taken
 */
export async function organizationFor(
  exports: ObjectStore,
  month: Month,
  failure?: unknown,
): Promise<OrganizationSnapshot> {
  const snapshotMonth = snapshotMonthFor(month, await snapshotMonths(exports));
  const snapshot = snapshotMonth === undefined ? undefined : await readSnapshot(exports, snapshotMonth);
  if (snapshot !== undefined) return snapshot;
  if (failure instanceof Error) throw failure;
  throw new NoSnapshotError('the organization was never read: there is no snapshot of its accounts');
}

/** The snapshot that tells about a month, where there is any; what is wrong with one is not kept back. */
export async function organizationIfKnown(
  exports: ObjectStore,
  month: Month,
): Promise<OrganizationSnapshot | undefined> {
  try {
    return await organizationFor(exports, month);
  } catch (error) {
    if (error instanceof NoSnapshotError) return undefined;
    throw error;
  }
}
