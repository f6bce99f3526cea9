import type { DuckLimits, DuckSession } from '../engine/duck-session';
import type { TableReader } from '../inputs/read-table';
import { TrackedCopies } from '../stores/tracked-copies';
import { findModelVersion } from '../method/model-version';
import { allocationWork } from './allocation-work';
import { exportMonth } from './export-month';
import type { PlannedMonth } from './export-months';
import { organizationFor, organizationIfKnown } from './organization-for';
import { readMonthInputs } from './month-inputs';
import type { Estate } from './month-inputs';
import { MonthListing } from './month-listing';
import type { ListingRequest } from './month-listing';
import type { MonthOutcome } from './month-outcome';
import { openEstate } from './open-estate';
import type { MonthWork } from './month-work';
import { DUCK_ENGINE } from '../usage/duck-engine';
import type { UsageEngine } from '../usage/usage-engine';
import { splitWork } from './split-work';

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
      ...(listing === undefined ? {} : { listing }),
      ...(onError === undefined ? {} : { onError }),
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
      ...(internalAccounts === undefined ? {} : { internal: internalAccounts }),
    });
    return allocationWork(inputs, version, settings, asOf);
  }
}
