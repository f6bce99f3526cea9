import { compareText } from '../base/group';
import { type Month, monthOfInstant } from '../base/month';
import { type ObjectStore, PreconditionFailedError } from '../stores/object-store';
import type { Account, OrganizationSnapshot } from './account';
import { type AccountsWriter, writeAccountsTable } from './accounts-table';
import { readSnapshot, snapshotKey, snapshotMonths, snapshotText, type StoredSnapshot } from './snapshots';

/** What keeping a snapshot needs. */
export interface SnapshotRequest {
  readonly exports: ObjectStore;
  /** The run's as-of instant; the snapshot is that of its month. */
  readonly asOf: Date;
  /** Folder for temporary files. */
  readonly scratch: string;
  /** Reads the organization as it is now; called only when the month has no snapshot yet. */
  readonly readOrganization: (asOf: string) => Promise<OrganizationSnapshot>;
  /** Writes the table of the accounts. @default - a writer that needs no engine */
  readonly writeAccounts?: AccountsWriter;
}

/** The snapshot that describes the organization in a run. */
export interface KeptSnapshot extends StoredSnapshot {
  /** True where this run stored it. */
  readonly isNew: boolean;
}

/**
 * Stores the organization as a snapshot of the as-of month, once: the first snapshot of a month stays. Snapshots are not
 * dated back: a run as of an earlier month returns the first snapshot after it. Accounts that the organization no longer
 * lists stay in the snapshot with their last known values.
 */
export async function keepSnapshot(request: SnapshotRequest): Promise<KeptSnapshot> {
  const { exports, asOf } = request;
  const target = { store: exports, scratch: request.scratch, write: request.writeAccounts };
  const month = monthOfInstant(asOf);
  const present = await readSnapshot(exports, month);
  if (present !== undefined) {
    await writeAccountsTable(target, month, present.snapshot);
    return { ...present, isNew: false };
  }
  const known = await snapshotMonths(exports);
  const later = await snapshotOf(
    exports,
    known.find((candidate) => candidate > month),
  );
  // The organization of today says nothing about a month before the latest snapshot.
  if (later !== undefined) return { ...later, isNew: false };
  const now = await request.readOrganization(asOf.toISOString());
  const stored = await storeFirst(exports, month, await withEarlierAccounts(exports, month, now));
  await writeAccountsTable(target, month, stored.snapshot);
  return stored;
}

/** Adds the accounts of the snapshot before a month that the organization no longer lists. */
async function withEarlierAccounts(
  exports: ObjectStore,
  month: Month,
  now: OrganizationSnapshot,
): Promise<OrganizationSnapshot> {
  const known = await snapshotMonths(exports);
  const earlier = await snapshotOf(
    exports,
    known.findLast((candidate) => candidate < month),
  );
  return withAccountsThatLeft(now, earlier?.snapshot);
}

async function snapshotOf(
  exports: ObjectStore,
  month: Month | undefined,
): Promise<StoredSnapshot | undefined> {
  return month === undefined ? undefined : readSnapshot(exports, month);
}

/** Stores a snapshot and returns it; or returns the one that another run stored at the same time. */
async function storeFirst(
  exports: ObjectStore,
  month: Month,
  snapshot: OrganizationSnapshot,
): Promise<KeptSnapshot> {
  try {
    const etag = await exports.put(snapshotKey(month), snapshotText(snapshot), { ifNoneMatch: '*' });
    return { month, etag, snapshot, isNew: true };
  } catch (error) {
    if (!(error instanceof PreconditionFailedError)) throw error;
    const first = await readSnapshot(exports, month);
    if (first === undefined) throw error;
    return { ...first, isNew: false };
  }
}

/** Adds the accounts of an earlier snapshot that the organization no longer lists, marked as left. */
export function withAccountsThatLeft(
  now: OrganizationSnapshot,
  earlier: OrganizationSnapshot | undefined,
): OrganizationSnapshot {
  if (earlier === undefined) return now;
  const listed = new Set(now.accounts.map(({ accountId }) => accountId));
  const gone = earlier.accounts
    .filter(({ accountId }) => !listed.has(accountId))
    .map((account): Account => ({ ...account, left: true }));
  const accounts = [...now.accounts, ...gone].sort((a, b) => compareText(a.accountId, b.accountId));
  return { ...now, accounts };
}
