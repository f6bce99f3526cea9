import { hashOf } from '../base/fingerprint';
import { addMonths, type Month } from '../base/month';
import { CALCULATION_REVISION } from '../compute/month/calculation-revision';
import type { EstateOverrides } from '../compute/month/estate-overrides';
import type { ExportSettings } from '../exports/export-settings';
import type { ExportMonth } from '../exports/layout';
import { findModelVersion } from '../method/model-version';
import { snapshotKey, snapshotMonthFor, snapshotMonths } from '../organization/snapshots';
import type { ObjectStore, StoredObject } from '../stores/object-store';
import { isBillTable } from '../usage/bills/bill-tables';

const PERIOD = /(?:^|\/)(?:usage_period|BILLING_PERIOD)=(\d{4}-\d{2})\//i;

function isBill(key: string): boolean {
  return isBillTable(key.split('/')[0] ?? '');
}

/** What a month's content depends on. */
export interface ListingRequest {
  readonly inputs: ObjectStore;
  readonly exports: ObjectStore;
  readonly settings: ExportSettings;
  readonly overrides?: EstateOverrides;
}

/** The objects that months are computed from, as the stores list them: names, sizes and versions, no content. */
export class MonthListing {
  private constructor(
    private readonly request: ListingRequest,
    private readonly objects: readonly StoredObject[],
    private readonly snapshots: ReadonlyMap<Month, StoredObject>,
    private readonly snapshotMonths: readonly Month[],
  ) {}

  /** Lists both stores. To be called before anything is read: what changes in between shows in the next listing. */
  static async take(request: ListingRequest): Promise<MonthListing> {
    const months = await snapshotMonths(request.exports);
    const stored = await request.exports.list('organization/');
    const snapshots = new Map(
      months.flatMap((month) =>
        stored.filter(({ key }) => key === snapshotKey(month)).map((o) => [month, o]),
      ),
    );
    return new MonthListing(request, await request.inputs.list(''), snapshots, months);
  }

  /** Objects that can move a number of a month: its own, and all that belong to no month. */
  objectsOf(month: Month): StoredObject[] {
    return this.objects.filter(({ key }) => {
      const period = PERIOD.exec(key)?.[1] ?? month;
      if (period === month) return true;
      // Charges across a month's end stand in a neighbour's bill.
      return isBill(key) && [addMonths(month, -1), addMonths(month, 1)].includes(period);
    });
  }

  /**
   * Equal digests mean that nothing a month depends on was written to since; undefined where the store cannot tell
   * without reading everything.
   */
  digestOf({ month, modelVersion }: ExportMonth): string | undefined {
    const { settings, overrides } = this.request;
    const snapshotMonth = snapshotMonthFor(month, this.snapshotMonths);
    const snapshot = snapshotMonth === undefined ? undefined : this.snapshots.get(snapshotMonth);
    const objects = [...this.objectsOf(month), ...(snapshot === undefined ? [] : [snapshot])];
    if (objects.some((object) => object.version === undefined)) return undefined;
    const listed = objects.map(({ key, size, version: tag }) => [key, size, tag]);
    const version = settings.totals === 'aws' ? undefined : findModelVersion(modelVersion);
    return hashOf([listed, settings, overrides ?? {}, CALCULATION_REVISION, version]);
  }
}
