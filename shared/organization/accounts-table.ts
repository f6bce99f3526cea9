import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ParquetSchema, ParquetWriter } from 'parquetjs-lite';
import type { Month } from '../base/month';
import type { ObjectStore } from '../stores/object-store';
import type { OrganizationSnapshot } from './account';
import { ACCOUNT_COLUMNS } from './account-columns';

/** The snapshot as a table: nothing but data lies below `accounts/`, since Athena reads every file there. */
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

/** Writes the table unless it is there: it is made from the record, so that whoever writes it writes the same. */
export async function writeAccountsTable(
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
      payer_account_id: account.payerAccountId ?? snapshot.payerAccountId,
      metadata_as_of: snapshot.asOf,
      has_left: String(account.left),
    });
  }
  await writer.close();
  await store.put(key, await readFile(path));
}
