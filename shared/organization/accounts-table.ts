import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ParquetSchema, ParquetWriter } from 'parquetjs-lite';
import type { Month } from '../calendar/month';
import type { ObjectStore } from '../stores/object-store';
import type { OrganizationSnapshot } from './account';

/** The snapshot as a table: nothing but data lies below `accounts/`, since Athena reads every file there. */
export function accountsTableKey(month: Month): string {
  return `accounts/usage_period=${month}/accounts.parquet`;
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
      payer_account_id: snapshot.payerAccountId,
      metadata_as_of: snapshot.asOf,
      has_left: String(account.left),
    });
  }
  await writer.close();
  await store.put(key, await readFile(path));
}
