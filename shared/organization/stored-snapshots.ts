import { CarbonError } from '../base/carbon-error';
import type { Month } from '../base/month';
import type { InputStore } from '../stores/object-store';
import type { OrganizationSnapshot } from './account';
import { readSnapshot, snapshotMonthFor, snapshotMonths, type StoredSnapshot } from './snapshots';

/** What reading the organization in this run led to. */
export interface GatheredSnapshot {
  /** The error that kept it from being read. */
  readonly failure?: unknown;
  /** The snapshot that describes it. */
  readonly kept?: StoredSnapshot;
}

/** The snapshots that are stored with the exports. They are listed once, and the last one stays in memory: months share it. */
export class StoredSnapshots {
  private months: readonly Month[] | undefined;
  private last: StoredSnapshot | undefined;

  constructor(
    private readonly exports: InputStore,
    private readonly gathered: GatheredSnapshot = {},
  ) {}

  /**
   * Returns the snapshot that describes a month.
   *
   * @throws CarbonError when no snapshot is stored; or the failure
   */
  async required(month: Month): Promise<OrganizationSnapshot> {
    const snapshot = await this.optional(month);
    if (snapshot !== undefined) return snapshot;
    const { failure } = this.gathered;
    if (failure instanceof Error) throw failure;
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
    if (this.last?.month !== found) this.last = await readSnapshot(this.exports, found, this.gathered.kept);
    return this.last?.snapshot;
  }
}
