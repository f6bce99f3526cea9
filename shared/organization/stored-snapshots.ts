import { CarbonError } from '../base/carbon-error';
import type { Month } from '../base/month';
import type { InputStore } from '../stores/object-store';
import type { OrganizationSnapshot } from './account';
import { readSnapshot, snapshotMonthFor, snapshotMonths } from './snapshots';

/** The snapshots that are stored with the exports. They are listed once, and the last one stays in memory: months share it. */
export class StoredSnapshots {
  private months: readonly Month[] | undefined;
  private last: { readonly month: Month; readonly snapshot: OrganizationSnapshot | undefined } | undefined;

  /** @param failure the error that kept the organization from being read in this run, if there was one */
  constructor(
    private readonly exports: InputStore,
    private readonly failure?: unknown,
  ) {}

  /**
   * Returns the snapshot that describes a month.
   *
   * @throws CarbonError when no snapshot is stored; or the failure
   */
  async required(month: Month): Promise<OrganizationSnapshot> {
    const snapshot = await this.optional(month);
    if (snapshot !== undefined) return snapshot;
    if (this.failure instanceof Error) throw this.failure;
    throw new CarbonError('state', 'the organization was never read: no snapshot of its accounts is stored');
  }

  /**
   * Returns the snapshot that describes a month, or undefined where no snapshot is stored.
   *
   * @throws CarbonError when the snapshot is damaged
   */
  async optional(month: Month): Promise<OrganizationSnapshot | undefined> {
    this.months ??= await snapshotMonths(this.exports);
    const found = snapshotMonthFor(month, this.months);
    if (found === undefined) return undefined;
    if (this.last?.month !== found) {
      this.last = { month: found, snapshot: await readSnapshot(this.exports, found) };
    }
    return this.last.snapshot;
  }
}
