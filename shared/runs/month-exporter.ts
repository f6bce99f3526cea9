import { defined } from '../base/defined';
import { allocationWork } from '../compute/allocation/allocation-work';
import { readMonthInputs } from '../compute/allocation/month-inputs';
import { splitWork } from '../compute/aws-totals/split-work';
import type { MonthWork } from '../compute/month/month-work';
import { type Estate, openEstate } from '../compute/month/open-estate';
import type { TableReader } from '../estate/read-table';
import { findModelVersion } from '../method/model-version';
import { organizationFor, organizationIfKnown } from '../organization/organization-for';
import type { DuckLimits, DuckSession } from '../sql/duck-session';
import { TrackedCopies } from '../stores/tracked-copies';
import { DUCK_ENGINE } from '../usage/lines/duck-engine';
import type { UsageEngine } from '../usage/lines/usage-engine';
import { exportMonth } from './export-month';
import { type ListingRequest, MonthListing } from './month-listing';
import type { MonthOutcome } from './month-outcome';
import type { PlannedMonth } from './month-versions';

/** What exporting months needs. */
export interface ExporterRequest extends ListingRequest {
  /** The run's as-of instant: last_refresh_timestamp of what it publishes. */
  readonly asOf: Date;
  readonly limits: DuckLimits;
  /** What kept the organization from being read, for months that no snapshot tells about. */
  readonly organizationError?: unknown;
  /** Told what a month failed with. */
  readonly onError?: (error: unknown) => void;
}

/** Exports months of an estate whose tables at the root are read once. */
export class MonthExporter {
  private constructor(
    private readonly request: ExporterRequest,
    private readonly session: DuckSession,
    private readonly estate: Estate,
    /** The inputs as they were listed before anything was read. */
    readonly listing: MonthListing,
  ) {}

  /**
   * Lists the estate and reads its tables at the root.
   *
   * @throws InputError when its settings.json is not sound
   */
  static async open(request: ExporterRequest, session: DuckSession): Promise<MonthExporter> {
    const listing = await MonthListing.take(request);
    const copies = new TrackedCopies(request.inputs);
    try {
      const estate = await openEstate({ store: copies, session }, request.overrides);
      return new MonthExporter(request, session, estate, listing);
    } finally {
      await copies.releaseAll();
    }
  }

  /**
   * Brings a month up to date; see {@link exportMonth}. Local copies of its inputs are gone when it is over.
   *
   * @param engine what reads and sums the month's usage; @default - DuckDB
   */
  async exportMonth(at: PlannedMonth, engine: UsageEngine = DUCK_ENGINE): Promise<MonthOutcome> {
    const { inputs, exports, settings, asOf, limits, onError } = this.request;
    const listing = this.listing.digestOf(at);
    const copies = new TrackedCopies(inputs);
    const reader = { store: copies, session: this.session };
    const target = {
      ...{ exports, settings, at, asOf, limits },
      ...defined({ listing, onError }),
    };
    try {
      return await exportMonth(target, () => this.work(reader, at, engine));
    } finally {
      await copies.releaseAll();
    }
  }

  private async work(reader: TableReader, at: PlannedMonth, engine: UsageEngine): Promise<MonthWork> {
    const { exports, settings, asOf, organizationError } = this.request;
    const version = at.version ?? findModelVersion(at.modelVersion);
    if (settings.totals === 'aws' || version === undefined) {
      const organization = await organizationIfKnown(exports, at.month);
      const known = organization === undefined ? {} : { organization };
      return splitWork({ reader, estate: this.estate, settings, asOf, engine, ...known }, at);
    }
    const organization = await organizationFor(exports, at.month, organizationError);
    const { internalAccounts } = settings;
    const inputs = await readMonthInputs(reader, this.estate, at.month, version, organization, {
      engine,
      ...defined({ internal: internalAccounts }),
    });
    return allocationWork(inputs, version, settings, asOf);
  }
}
