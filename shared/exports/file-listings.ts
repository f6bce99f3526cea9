import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { parseJson } from '../base/json';
import type { ObjectStore } from '../stores/object-store';
import { type ExportMonth, fileListingKey, stateKey } from './layout';
import type { MonthState } from './month-state';

/*
 * Which files months in a folder were last computed from, by inode, size and times. These differ between copies of a folder,
 * so they are in one object beside the states, which are the same for the same inputs. The object may be lost: the inputs are
 * then read again.
 */

const listingsSchema = z.record(z.string(), z.object({ listing: z.string(), fingerprint: z.string() }));

type Listings = z.infer<typeof listingsSchema>;

/** The files that the months of an export were computed from. */
export class FileListings {
  private constructor(
    private readonly exportName: string,
    private readonly listings: Readonly<Listings>,
  ) {}

  /** Reads what is recorded; nothing is where the record is missing or unreadable. */
  static async read(store: ObjectStore, exportName: string): Promise<FileListings> {
    const stored = await store.get(fileListingKey(exportName));
    return new FileListings(exportName, (stored && parseJson(stored.body, listingsSchema)) ?? {});
  }

  /** Returns true where a month was done with exactly the files that are listed now. */
  isOf(state: MonthState, listing: string | undefined): boolean {
    const known = this.listings[stateKey(this.exportName, state)];
    const isSame = listing !== undefined && known?.listing === listing;
    return isSame && state.status === 'done' && known.fingerprint === state.fingerprint;
  }

  /**
   * Records the files of months that were brought up to date; those of other months stay.
   *
   * @param listingOf digest of the files that a month was computed from; undefined where it is not known
   */
  async keep(
    store: ObjectStore,
    months: readonly MonthState[],
    listingOf: (at: ExportMonth) => string | undefined,
  ): Promise<void> {
    const listings: Listings = { ...this.listings };
    for (const state of months) {
      const { fingerprint, status } = state;
      const listing = status === 'done' ? listingOf(state) : undefined;
      if (listing === undefined || fingerprint === undefined) continue;
      listings[stateKey(this.exportName, state)] = { listing, fingerprint };
    }
    if (isDeepStrictEqual(listings, this.listings)) return;
    await store.put(fileListingKey(this.exportName), `${JSON.stringify(listings)}\n`);
  }
}
