import type { Fingerprint } from '../../base/fingerprint';
import type { DuckSession } from '../../sql/duck-session';
import type { ComputedMonth, PublishedFile } from './computed-month';

/** A month to be computed, as far as it has to be read to know whether its inputs changed. */
export interface MonthWork {
  readonly fingerprint: Fingerprint;
  /**
   * Reads what is left to read.
   *
   * @throws InputError with all problems of the month's own tables
   */
  readonly load: () => Promise<LoadedWork>;
}

/** A month with everything it is computed from. */
export interface LoadedWork {
  /** Instant of the organization's snapshot that names the month's accounts; blank where there is none. */
  readonly metadataAsOf: string;
  /**
   * Computes the month and writes its data file into the session's scratch folder; nothing is published.
   *
   * @param published what is published of the month so far: rows that come out the same keep their refresh timestamp
   */
  readonly compute: (session: DuckSession, published?: PublishedFile) => Promise<ComputedMonth>;
  /** @throws InputError when an input was replaced since it was read */
  readonly assertUnchanged: () => Promise<void>;
}
