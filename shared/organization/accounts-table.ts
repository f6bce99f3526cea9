import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ParquetSchema, ParquetWriter } from 'parquetjs-lite';
import { defined } from '../base/defined';
import type { Month } from '../base/month';
import type { InputStore, ObjectStore, StoredObject } from '../stores/object-store';
import type { Account, OrganizationSnapshot } from './account';
import { ACCOUNT_COLUMNS } from './account-columns';

/** Returns the key of the snapshot as a table. Athena reads every file below `accounts/`, so nothing but tables is stored there. */
export function accountsTableKey(month: Month): string {
  return `accounts/usage_period=${month}/accounts.parquet`;
}

/** Returns the stored tables, oldest first. */
export function listedAccountsTables(store: InputStore): Promise<StoredObject[]> {
  return store.list('accounts/usage_period=');
}

/** Returns the newest table, or undefined where no organization was read. */
export async function newestAccountsTable(store: InputStore): Promise<StoredObject | undefined> {
  return (await listedAccountsTables(store)).at(-1);
}

const PARQUET_TYPES = { string: 'UTF8', timestamp: 'TIMESTAMP_MILLIS' } as const;

const ACCOUNTS_SCHEMA = new ParquetSchema(
  Object.fromEntries(
    ACCOUNT_COLUMNS.map(({ name, type, optional = false }) => [
      name,
      { type: PARQUET_TYPES[type], optional, compression: 'SNAPPY' as const },
    ]),
  ),
);

/** Writes a snapshot as a Parquet file at a path. The same snapshot makes the same bytes. */
export type AccountsWriter = (path: string, snapshot: OrganizationSnapshot) => Promise<void>;

/** Where and how the table is written. */
export interface TableTarget {
  readonly store: ObjectStore;
  /** Folder for temporary files. */
  readonly scratch: string;
  /** @default - {@link writeAccounts} */
  readonly write?: AccountsWriter | undefined;
  /** True where the snapshot was replaced, and an existing table with it. @default - false */
  readonly replaces?: boolean;
}

/**
 * Writes the table unless it exists. It is made from the stored snapshot, so every run writes the same bytes.
 */
export async function writeAccountsTable(
  { store, scratch, write = writeAccounts, replaces = false }: TableTarget,
  month: Month,
  snapshot: OrganizationSnapshot,
): Promise<void> {
  const key = accountsTableKey(month);
  if (!replaces && (await store.list(key)).length > 0) return;
  const path = join(scratch, 'accounts.parquet');
  await write(path, snapshot);
  await store.put(key, await readFile(path));
}

/** Writes the table without an engine, row by row. */
export const writeAccounts: AccountsWriter = async (path, snapshot) => {
  const writer = await ParquetWriter.openFile(ACCOUNTS_SCHEMA, path);
  for (const account of snapshot.accounts) {
    const { joined = '', ...row } = accountRow(account, snapshot);
    // parquetjs-lite writes 1970 for everything that is not a Date, without an error.
    await writer.appendRow({ ...row, ...defined({ joined: joined === '' ? undefined : new Date(joined) }) });
  }
  await writer.close();
};

/** Returns the texts of an account by column; a blank where the organization did not report a value. */
export function accountRow(
  account: Account,
  { asOf, payerAccountId }: OrganizationSnapshot,
): Record<string, string> {
  return {
    account_id: account.accountId,
    account_name: account.accountName,
    state: account.state,
    ou_path: account.ouPath,
    tags: JSON.stringify(account.tags),
    joined: account.joined,
    payer_account_id: account.payerAccountId ?? payerAccountId,
    metadata_as_of: asOf,
    has_left: String(account.left),
  };
}
