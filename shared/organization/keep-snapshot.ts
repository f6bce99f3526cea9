import { compareText } from '../base/group';
import type { Month } from '../base/month';
import { type ObjectStore, PreconditionFailedError } from '../stores/object-store';
import type { Account, OrganizationSnapshot } from './account';
import { writeAccountsTable } from './accounts-table';
import { readSnapshot, snapshotKey, snapshotMonths } from './snapshots';

/**
 * Keeps what the organization looks like in the month of the as-of date, once: the first snapshot of a month stays.
 * Nothing is dated back: a run as of an earlier month takes the first snapshot after it.
 * Accounts that the organization no longer lists stay in it by what was last known of them.
 *
 * @param read reads the organization; called only when the month has no snapshot yet
 * @param scratch folder for temporary files
 */
export async function keepSnapshot(
  store: ObjectStore,
  asOf: Date,
  scratch: string,
  read: () => Promise<OrganizationSnapshot>,
): Promise<OrganizationSnapshot> {
  const month = asOf.toISOString().slice(0, 7);
  const present = await readSnapshot(store, month);
  if (present !== undefined) {
    await writeAccountsTable(store, month, present, scratch);
    return present;
  }
  const known = await snapshotMonths(store);
  const laterMonth = known.find((candidate) => candidate > month);
  const later = laterMonth === undefined ? undefined : await readSnapshot(store, laterMonth);
  // What the organization looks like now tells nothing of a month that later snapshots have passed.
  if (later !== undefined) return later;
  const earlierMonth = known.findLast((candidate) => candidate < month);
  const earlier = earlierMonth === undefined ? undefined : await readSnapshot(store, earlierMonth);
  const snapshot = await keepFirst(store, month, withAccountsThatLeft(await read(), earlier));
  await writeAccountsTable(store, month, snapshot, scratch);
  return snapshot;
}

/** Keeps a snapshot, or gives the one that another run kept meanwhile: the table is made from what is on record. */
async function keepFirst(
  store: ObjectStore,
  month: Month,
  snapshot: OrganizationSnapshot,
): Promise<OrganizationSnapshot> {
  try {
    await store.put(snapshotKey(month), `${JSON.stringify(snapshot, undefined, 1)}\n`, { ifNoneMatch: '*' });
    return snapshot;
  } catch (error) {
    if (!(error instanceof PreconditionFailedError)) throw error;
    return (await readSnapshot(store, month)) ?? snapshot;
  }
}

function withAccountsThatLeft(
  now: OrganizationSnapshot,
  earlier: OrganizationSnapshot | undefined,
): OrganizationSnapshot {
  const listed = new Set(now.accounts.map(({ accountId }) => accountId));
  const gone = (earlier?.accounts ?? [])
    .filter(({ accountId }) => !listed.has(accountId))
    .map((account): Account => ({ ...account, left: true }));
  const accounts = [...now.accounts, ...gone].sort((a, b) => compareText(a.accountId, b.accountId));
  return { ...now, accounts };
}
