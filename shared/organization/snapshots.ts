import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ParquetSchema, ParquetWriter } from 'parquetjs-lite';
import { z } from 'zod';
import type { Month } from '../calendar/month';
import { compareText } from '../method/group';
import type { ObjectStore } from '../stores/object-store';
import { PreconditionFailedError } from '../stores/object-store';
import { ACCOUNT_STATES } from './account';
import type { Account, OrganizationSnapshot } from './account';

const snapshotRecord = z.object({
  asOf: z.string(),
  payerAccountId: z.string(),
  accounts: z.array(
    z.object({
      accountId: z.string(),
      accountName: z.string(),
      state: z.enum(ACCOUNT_STATES),
      ouPath: z.string(),
      tags: z.record(z.string(), z.string()),
      joined: z.string(),
      left: z.boolean(),
    }),
  ),
});

/** The record of a snapshot, which later runs read. */
export function snapshotKey(month: Month): string {
  return `organization/usage_period=${month}/snapshot.json`;
}

/** The snapshot as a table: nothing but data lies below `accounts/`, since Athena reads every file there. */
export function accountsTableKey(month: Month): string {
  return `accounts/usage_period=${month}/accounts.parquet`;
}

/** Months that have a snapshot, oldest first. */
export async function snapshotMonths(store: ObjectStore): Promise<Month[]> {
  const objects = await store.list('organization/usage_period=');
  return objects.flatMap(
    ({ key }) => /^organization\/usage_period=([\d-]+)\/snapshot\.json$/.exec(key)?.[1] ?? [],
  );
}

/** Reads the snapshot of a month, or undefined when there is none. */
export async function readSnapshot(
  store: ObjectStore,
  month: Month,
): Promise<OrganizationSnapshot | undefined> {
  const content = await store.get(snapshotKey(month));
  return content === undefined ? undefined : snapshotRecord.parse(JSON.parse(content.body.toString('utf8')));
}

/**
 * The snapshot that tells about a month: the newest that is not after the month's end, else the first there is.
 * Once a month is closed this answer never changes, because snapshots are immutable and none is dated back.
 */
export function snapshotMonthFor(month: Month, months: readonly Month[]): Month | undefined {
  return months.findLast((candidate) => candidate <= month) ?? months[0];
}

/**
 * Keeps what the organization looks like in the month of the as-of date, once: the first snapshot of a month stays.
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
  const earlierMonth = (await snapshotMonths(store)).findLast((candidate) => candidate < month);
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

const ACCOUNTS_SCHEMA = new ParquetSchema({
  account_id: { type: 'UTF8', compression: 'SNAPPY' },
  account_name: { type: 'UTF8', compression: 'SNAPPY' },
  state: { type: 'UTF8', compression: 'SNAPPY' },
  ou_path: { type: 'UTF8', compression: 'SNAPPY' },
  tags: { type: 'UTF8', compression: 'SNAPPY' },
  joined: { type: 'TIMESTAMP_MILLIS', optional: true, compression: 'SNAPPY' },
  payer_account_id: { type: 'UTF8', compression: 'SNAPPY' },
  metadata_as_of: { type: 'UTF8', compression: 'SNAPPY' },
  has_left: { type: 'UTF8', compression: 'SNAPPY' },
});

/** Writes the table unless it is there: it is made from the record, so that whoever writes it writes the same. */
async function writeAccountsTable(
  store: ObjectStore,
  month: Month,
  snapshot: OrganizationSnapshot,
  scratch: string,
): Promise<void> {
  const key = accountsTableKey(month);
  if ((await store.list(key)).length > 0) return;
  const path = join(scratch, 'accounts.parquet');
  const writer = await ParquetWriter.openFile(ACCOUNTS_SCHEMA, path);
  for (const account of snapshot.accounts) {
    await writer.appendRow({
      account_id: account.accountId,
      account_name: account.accountName,
      state: account.state,
      ou_path: account.ouPath,
      tags: JSON.stringify(account.tags),
      // parquetjs-lite turns other things than a Date into 1970 without a word.
      ...(account.joined === '' ? {} : { joined: new Date(account.joined) }),
      payer_account_id: snapshot.payerAccountId,
      metadata_as_of: snapshot.asOf,
      has_left: String(account.left),
    });
  }
  await writer.close();
  await store.put(key, await readFile(path));
}
