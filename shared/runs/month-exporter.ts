import { defined } from '../base/defined';
import { type Estate, openEstate } from '../compute/month/open-estate';
import { workOf } from '../compute/work-of';
import type { ExportMonth } from '../exports/layout';
import { type GatheredSnapshot, StoredSnapshots } from '../organization/stored-snapshots';
import type { DuckLimits } from '../sql/duck-instance';
import type { DuckSession } from '../sql/duck-session';
import { TrackedCopies } from '../stores/tracked-copies';
import { DUCK_ENGINE } from '../usage/lines/duck-engine';
import type { UsageEngine } from '../usage/lines/usage-engine';
import { exportMonth } from './export-month';
import type { ListingRequest, MonthListing } from './month-listing';
import type { MonthOutcome } from './month-outcome';

/** What exporting months of one estate needs. */
export interface ExporterRequest extends ListingRequest {
  /** The run's as-of instant: last_refresh_timestamp of what it publishes. */
  readonly asOf: Date;
  readonly limits: DuckLimits;
  /** What reading the organization led to: its error is that of months that no snapshot covers. @default - it was not read */
  readonly gathered?: GatheredSnapshot;
  /** Fails months with a warning that changes numbers. @default - false */
  readonly isStrict?: boolean;
  /** Called with the error that failed a month. */
  readonly onError?: (error: unknown) => void;
}

/** Exports months of an estate; its tables at the root are read once. */
export class MonthExporter {
  private constructor(
    private readonly request: ExporterRequest,
    private readonly session: DuckSession,
    private readonly estate: Estate,
    private readonly listing: MonthListing,
  ) {
    this.organization = new StoredSnapshots(request.exports, request.gathered);
  }

  /** All months share it, so that a snapshot is read once. */
  private readonly organization: StoredSnapshots;

  /**
   * Reads the estate's tables at the root.
   *
   * @param listing the inputs, listed before anything was read
   * @throws InputError when its settings.json is invalid
   */
  static async open(
    request: ExporterRequest,
    session: DuckSession,
    listing: MonthListing,
  ): Promise<MonthExporter> {
    const copies = new TrackedCopies(request.inputs);
    try {
      const estate = await openEstate({ store: copies, session }, request.overrides);
      return new MonthExporter(request, session, estate, listing);
    } finally {
      await copies.releaseAll();
    }
  }

  /**
   * Brings a month up to date; see {@link exportMonth}. Releases the local copies of its inputs at the end.
   *
   * @param engine reads and sums the month's usage; @default - DuckDB
   */
  async exportMonth(at: ExportMonth, engine: UsageEngine = DUCK_ENGINE): Promise<MonthOutcome> {
    const { inputs, exports, settings, asOf, limits, isStrict, onError } = this.request;
    const listing = this.listing.digestOf(at);
    const copies = new TrackedCopies(inputs);
    const reader = { store: copies, session: this.session };
    const context = { reader, estate: this.estate, settings, asOf, engine };
    const target = {
      ...{ exports, settings, at, asOf, limits },
      ...defined({ listing, isStrict, onError }),
    };
    try {
      return await exportMonth(target, () => workOf(at, context, this.organization));
    } finally {
      await copies.releaseAll();
    }
  }
}
