import { addMonths, type Month } from '../base/month';
import { CALCULATION_REVISION, SPLIT_REVISION } from '../compute/month/calculation-revision';
import type { EstateOverrides } from '../compute/month/estate-overrides';
import type { ExportSettings } from '../exports/export-settings';
import type { ExportMonth } from '../exports/layout';
import { findModelVersion, versionInputs } from '../method/model-version';
import { listedSnapshots, snapshotMonthFor } from '../organization/snapshots';
import {
  type InputStore,
  listingDigest,
  type ObjectStore,
  type StoredObject,
  versionOf,
} from '../stores/object-store';
import { BILL_REVISION } from '../usage/bills/bill-revision';
import { isBillTable } from '../usage/bills/bill-tables';

const PERIOD = /(?:^|\/)(?:usage_period|BILLING_PERIOD)=(\d{4}-\d{2})\//i;

function isBill(key: string): boolean {
  return isBillTable(key.split('/')[0] ?? '');
}

/** What a month's content is computed from. */
export interface ListingRequest {
  readonly inputs: InputStore;
  readonly exports: ObjectStore;
  readonly settings: ExportSettings;
  readonly overrides?: EstateOverrides;
}

/** The objects that months are computed from: names, sizes and versions as the stores list them, without content. */
export class MonthListing {
  private constructor(
    private readonly request: ListingRequest,
    private readonly objects: readonly StoredObject[],
    private readonly snapshots: ReadonlyMap<Month, StoredObject>,
    private readonly snapshotMonths: readonly Month[],
  ) {}

  /** Lists both stores. Call it before reading: an object that changes while it is read differs in the next listing. */
  static async take(request: ListingRequest): Promise<MonthListing> {
    const snapshots = await listedSnapshots(request.exports);
    return new MonthListing(request, await request.inputs.list(''), snapshots, [...snapshots.keys()]);
  }

  /** Objects that can change a number of a month: its own, and those that belong to no month. */
  objectsOf(month: Month): StoredObject[] {
    return this.objects.filter(({ key }) => {
      const period = PERIOD.exec(key)?.[1] ?? month;
      if (period === month) return true;
      // A charge across the end of a month is in the bill of the month before or after.
      return isBill(key) && (period === addMonths(month, -1) || period === addMonths(month, 1));
    });
  }

  /**
   * Returns a digest that changes whenever an input of the month is written; undefined where the store has no object
   * versions.
   */
  digestOf(at: ExportMonth): string | undefined {
    return this.digest(at, ({ version }) => version);
  }

  /** Returns the same for inputs in a folder; undefined where a file was changed just now. */
  fileDigestOf(at: ExportMonth): string | undefined {
    return this.digest(at, versionOf);
  }

  private digest(
    { month, modelVersion }: ExportMonth,
    version: (object: StoredObject) => string | undefined,
  ): string | undefined {
    const { settings, overrides } = this.request;
    const snapshotMonth = snapshotMonthFor(month, this.snapshotMonths);
    const snapshot = snapshotMonth === undefined ? undefined : this.snapshots.get(snapshotMonth);
    const objects = [...this.objectsOf(month), ...(snapshot === undefined ? [] : [snapshot])];
    const known = settings.totals === 'aws' ? undefined : findModelVersion(modelVersion);
    const method = known && versionInputs(known);
    const revisions = [CALCULATION_REVISION, SPLIT_REVISION, BILL_REVISION];
    return listingDigest(objects, [settings, overrides ?? {}, ...revisions, method], version);
  }
}
