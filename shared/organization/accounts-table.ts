import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ParquetSchema, ParquetWriter } from 'parquetjs-lite';
import { defined } from '../base/defined';
import type { Month } from '../base/month';
import type { ObjectStore } from '../stores/object-store';
import type { Account, OrganizationSnapshot } from './account';
import { ACCOUNT_COLUMNS } from './account-columns';

/** Returns the key of the snapshot as a table. Athena reads every file below `accounts/`, so nothing but tables is stored there. */
export function accountsTableKey(month: Month): string {
  return `accounts/usage_period=${month}/accounts.parquet`;
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

/**
 * Writes the table unless it exists. It is made from the stored snapshot, so every run writes the same bytes.
 *
 * @param replaces true where the snapshot was replaced, and an existing table with it
 */
export async function writeAccountsTable(
  store: ObjectStore,
  month: Month,
  snapshot: OrganizationSnapshot,
  { scratch, replaces = false }: { readonly scratch: string; readonly replaces?: boolean },
): Promise<void> {
  const key = accountsTableKey(month);
  if (!replaces && (await store.list(key)).length > 0) return;
  const path = join(scratch, 'accounts.parquet');
  const writer = await ParquetWriter.openFile(ACCOUNTS_SCHEMA, path);
  for (const account of snapshot.accounts) await writer.appendRow(rowOf(account, snapshot));
  await writer.close();
  await store.put(key, await readFile(path));
}

function rowOf(
  account: Account,
  { asOf, payerAccountId }: OrganizationSnapshot,
): Record<string, string | Date> {
  return {
    account_id: account.accountId,
    account_name: account.accountName,
    state: account.state,
    ou_path: account.ouPath,
    tags: JSON.stringify(account.tags),
    // parquetjs-lite writes 1970 for everything that is not a Date, without an error.
    ...defined({ joined: account.joined === '' ? undefined : new Date(account.joined) }),
    payer_account_id: account.payerAccountId ?? payerAccountId,
    metadata_as_of: asOf,
    has_left: String(account.left),
  };
}
