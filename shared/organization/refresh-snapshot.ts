import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { CarbonError } from '../base/carbon-error';
import type { Month } from '../base/month';
import { counted } from '../base/people-number';
import type { ObjectStore } from '../stores/object-store';
import type { Account, OrganizationSnapshot } from './account';
import { writeAccountsTable } from './accounts-table';
import { withAccountsThatLeft } from './keep-snapshot';
import { replacedSnapshotKey, snapshotIn, snapshotKey, snapshotText } from './snapshots';

/** What replacing a month's snapshot needs. */
export interface RefreshRequest {
  readonly exports: ObjectStore;
  readonly month: Month;
  /** Folder for temporary files. */
  readonly scratch: string;
  /** The organization as it is now. */
  readonly now: OrganizationSnapshot;
}

/**
 * Replaces the snapshot of a month by the organization as it is now, and keeps the replaced one in history. Accounts that
 * the organization no longer lists stay, marked as left. The next run updates the months that use the snapshot.
 *
 * @returns the differences; undefined where nothing differs and the snapshot stays
 * @throws CarbonError of kind state when the month has no snapshot, or another run replaces it at the same time
 */
export async function refreshSnapshot(request: RefreshRequest): Promise<SnapshotDifference | undefined> {
  const { exports, month, scratch, now } = request;
  const key = snapshotKey(month);
  const stored = await exports.get(key);
  if (stored === undefined) {
    throw new CarbonError(
      'state',
      `${exports.describe(key)}: found no snapshot of ${month}, expected one to replace; a run in that month takes it`,
    );
  }
  const before = snapshotIn(exports, month, stored.body);
  const difference = snapshotDifference(now, before);
  const table = { store: exports, scratch, replaces: true };
  // The table of a replacement that was interrupted may be missing or older than its snapshot.
  if (difference === undefined) {
    await writeAccountsTable(table, month, before);
    return undefined;
  }
  const digest = createHash('sha256').update(stored.body).digest('hex').slice(0, 16);
  await exports.put(replacedSnapshotKey(month, digest), stored.body);
  const snapshot = withAccountsThatLeft(withKnownPlaces(now, before), before);
  await exports.put(key, snapshotText(snapshot), { ifMatch: stored.etag });
  await writeAccountsTable(table, month, snapshot);
  return difference;
}

/** How many accounts differ between a list of accounts and a snapshot. */
export interface SnapshotDifference {
  readonly added: number;
  readonly notListed: number;
  readonly changed: number;
}

/** A list of accounts in a file has no OUs and tags: those of the replaced snapshot stay. */
function withKnownPlaces(now: OrganizationSnapshot, before: OrganizationSnapshot): OrganizationSnapshot {
  const known = new Map(before.accounts.map((account) => [account.accountId, account]));
  const accounts = now.accounts.map((account) => {
    const earlier = known.get(account.accountId);
    const hasPlace = account.ouPath !== '' || Object.keys(account.tags).length > 0;
    if (hasPlace || earlier === undefined) return account;
    return { ...account, ouPath: earlier.ouPath, tags: earlier.tags };
  });
  return { ...now, accounts };
}

/** Compares the organization with a snapshot; undefined where they agree. */
export function snapshotDifference(
  listed: OrganizationSnapshot,
  snapshot: OrganizationSnapshot,
): SnapshotDifference | undefined {
  const now = withKnownPlaces(listed, snapshot);
  const present = new Map(snapshot.accounts.filter(({ left }) => !left).map((one) => [one.accountId, one]));
  const ids = new Set(now.accounts.map(({ accountId }) => accountId));
  const added = now.accounts.filter(({ accountId }) => !present.has(accountId)).length;
  const notListed = [...present.keys()].filter((accountId) => !ids.has(accountId)).length;
  const changed = now.accounts.filter((account) => {
    const before = present.get(account.accountId);
    return before !== undefined && !isSame([before, snapshot], [account, now]);
  }).length;
  return added + notListed + changed === 0 ? undefined : { added, notListed, changed };
}

type Listed = readonly [account: Account, organization: OrganizationSnapshot];

function isSame([a, inA]: Listed, [b, inB]: Listed): boolean {
  return (
    a.accountName === b.accountName &&
    a.state === b.state &&
    (a.payerAccountId ?? inA.payerAccountId) === (b.payerAccountId ?? inB.payerAccountId) &&
    a.ouPath === b.ouPath &&
    isDeepStrictEqual(a.tags, b.tags)
  );
}

/** Returns a difference in words. */
export function differenceInWords({ added, notListed, changed }: SnapshotDifference): string {
  return `${counted(added, 'account')} added, ${String(notListed)} no longer listed, ${String(changed)} changed`;
}
