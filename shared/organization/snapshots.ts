import { z } from 'zod';
import { accountIdSchema } from '../base/account-id';
import { CarbonError } from '../base/carbon-error';
import { readJson, whyUnreadable } from '../base/json';
import { isMonth, type Month } from '../base/month';
import type { InputStore, StoredObject } from '../stores/object-store';
import { ACCOUNT_STATES, type OrganizationSnapshot } from './account';

const snapshotRecord = z.object({
  asOf: z.string(),
  payerAccountId: accountIdSchema,
  accounts: z.array(
    z.object({
      accountId: accountIdSchema,
      accountName: z.string(),
      state: z.enum(ACCOUNT_STATES),
      ouPath: z.string(),
      tags: z.record(z.string(), z.string()),
      joined: z.string(),
      left: z.boolean(),
      payerAccountId: accountIdSchema.exactOptional(),
    }),
  ),
});

/** Returns the key of a month's snapshot, which later runs read. */
export function snapshotKey(month: Month): string {
  return `organization/usage_period=${month}/snapshot.json`;
}

/** Key of a snapshot that was replaced. */
export function replacedSnapshotKey(month: Month, digest: string): string {
  return `organization/history/usage_period=${month}/snapshot-${digest}.json`;
}

/** Returns the stored snapshots by month, oldest first. */
export async function listedSnapshots(store: InputStore): Promise<Map<Month, StoredObject>> {
  const objects = await store.list('organization/usage_period=');
  const snapshots = new Map<Month, StoredObject>();
  for (const object of objects) {
    const month = /^organization\/usage_period=([\d-]+)\/snapshot\.json$/.exec(object.key)?.[1] ?? '';
    if (isMonth(month)) snapshots.set(month, object);
  }
  return snapshots;
}

/** Returns the months that have a snapshot, oldest first. */
export async function snapshotMonths(store: InputStore): Promise<Month[]> {
  return [...(await listedSnapshots(store)).keys()];
}

/** A snapshot as it is stored. */
export interface StoredSnapshot {
  readonly month: Month;
  /** Tag of its content in the store. */
  readonly etag: string;
  readonly snapshot: OrganizationSnapshot;
}

/**
 * Returns the snapshot of a month, or undefined where it is missing.
 *
 * @param known a snapshot that was read before: it is returned while the store still has its content, because parsing 200,000
 *   accounts takes two seconds
 * @throws CarbonError when it is damaged: months cannot be exported without the accounts they belong to
 */
export async function readSnapshot(
  store: InputStore,
  month: Month,
  known?: StoredSnapshot,
): Promise<StoredSnapshot | undefined> {
  const content = await store.get(snapshotKey(month));
  if (content === undefined) return undefined;
  const { body, etag } = content;
  if (known?.month === month && known.etag === etag) return known;
  return { month, etag, snapshot: snapshotIn(store, month, body) };
}

/** Returns what is stored of a snapshot. */
export function snapshotText(snapshot: OrganizationSnapshot): string {
  return `${JSON.stringify(snapshot, undefined, 1)}\n`;
}

/**
 * Returns the snapshot of a month in what is stored under its key.
 *
 * @throws CarbonError when it is damaged
 */
export function snapshotIn(store: InputStore, month: Month, body: Buffer): OrganizationSnapshot {
  const reading = readJson(body, snapshotRecord);
  if ('value' in reading) return reading.value;
  const file = store.describe(snapshotKey(month));
  throw new CarbonError(
    'state',
    `${file}: expected a snapshot of the organization (${whyUnreadable(reading)}); restore the file that was there before`,
  );
}

/**
 * Returns the month of the snapshot that describes a month: the newest that is not after it, else the oldest.
 * The result for a closed month stays the same: snapshots are not dated back, and only refreshSnapshot replaces them.
 */
export function snapshotMonthFor(month: Month, months: readonly Month[]): Month | undefined {
  return months.findLast((candidate) => candidate <= month) ?? months[0];
}
