import type { Fingerprint } from '../../base/fingerprint';
import type { TableReader } from '../../estate/read-table';
import type { ExportSettings } from '../../exports/export-settings';
import type { DuckSession } from '../../sql/duck-session';
import type { UsageEngine } from '../../usage/lines/usage-engine';
import type { ComputedMonth, PublishedFile } from './computed-month';
import type { Estate } from './open-estate';

/** What every month of a run is read and computed with. */
export interface WorkContext {
  readonly reader: TableReader;
  readonly estate: Estate;
  readonly settings: ExportSettings;
  /** last_refresh_timestamp of rows that are new or changed. */
  readonly asOf: Date;
  /** Reads and sums usage. @default - DuckDB */
  readonly engine?: UsageEngine;
}

/** A month to be computed, read as far as its fingerprint needs. */
export interface MonthWork {
  readonly fingerprint: Fingerprint;
  /**
   * Reads the remaining inputs.
   *
   * @throws InputError with all problems of the month's own tables
   */
  readonly load: () => Promise<LoadedWork>;
}

/** A month with all its inputs. */
export interface LoadedWork {
  /** Instant of the organization's snapshot that names the month's accounts; blank without a snapshot. */
  readonly metadataAsOf: string;
  /**
   * Computes the month and writes its data file into the session's scratch folder; it publishes nothing.
   *
   * @param published the month's published file: unchanged rows keep their refresh timestamp
   */
  readonly compute: (session: DuckSession, published?: PublishedFile) => Promise<ComputedMonth>;
  /** @throws InputError when an input was replaced since it was read */
  readonly assertUnchanged: () => Promise<void>;
}
