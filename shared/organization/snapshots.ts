import { createHash } from 'node:crypto';
import { z } from 'zod';
import { accountIdSchema } from '../base/account-id';
import { CarbonError } from '../base/carbon-error';
import { readJson, whyUnreadable } from '../base/json';
import { isMonth, type Month } from '../base/month';
import type { InputStore } from '../stores/object-store';
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

/** Months that have a snapshot, oldest first. */
export async function snapshotMonths(store: InputStore): Promise<Month[]> {
  const objects = await store.list('organization/usage_period=');
  return objects
    .map(({ key }) => /^organization\/usage_period=([\d-]+)\/snapshot\.json$/.exec(key)?.[1] ?? '')
    .filter(isMonth);
}

/**
 * Returns the snapshot of a month, or undefined where it is missing.
 *
 * @throws CarbonError when it is damaged: months cannot be exported without the accounts they belong to
 */
export async function readSnapshot(
  store: InputStore,
  month: Month,
): Promise<OrganizationSnapshot | undefined> {
  const content = await store.get(snapshotKey(month));
  return content && snapshotIn(store, month, content.body);
}

/** The last snapshot that was parsed, while it is in use: to parse one of 200,000 accounts takes two seconds. */
let last: { readonly digest: string; readonly snapshot: WeakRef<OrganizationSnapshot> } | undefined;

function digestOf(body: Buffer | string): string {
  return createHash('sha256').update(body).digest('base64');
}

/** Returns what is stored of a snapshot. */
export function snapshotText(snapshot: OrganizationSnapshot): string {
  const text = `${JSON.stringify(snapshot, undefined, 1)}\n`;
  last = { digest: digestOf(text), snapshot: new WeakRef(snapshot) };
  return text;
}

/**
 * Returns the snapshot of a month in what is stored under its key.
 *
 * @throws CarbonError when it is damaged
 */
export function snapshotIn(store: InputStore, month: Month, body: Buffer): OrganizationSnapshot {
  const digest = digestOf(body);
  const known = last?.digest === digest ? last.snapshot.deref() : undefined;
  if (known !== undefined) return known;
  const reading = readJson(body, snapshotRecord);
  if ('value' in reading) {
    last = { digest, snapshot: new WeakRef(reading.value) };
    return reading.value;
  }
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
