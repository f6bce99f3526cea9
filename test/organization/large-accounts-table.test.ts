import { readFileSync } from 'node:fs';
import { asAccountId } from '../../shared/base/account-id';
import { join } from 'node:path';
import { asMonth } from '../../shared/base/month';
import type { Account, OrganizationSnapshot } from '../../shared/organization/account';
import { accountsTableKey, writeAccountsTable } from '../../shared/organization/accounts-table';
import { accountsWriter } from '../../shared/organization/large-accounts-table';
import { withSession } from '../../shared/sql/duck-session';
import { FolderStore } from '../../shared/stores/folder-store';
import { scratch } from '../support/scratch';

const folder = scratch();
const MONTH = asMonth('2025-01');

/** Accounts with blanks, quotes, other scripts, a time in each part of a second and none. */
function snapshotOf(count: number): OrganizationSnapshot {
  const accounts = Array.from({ length: count }, (_, index): Account => ({
    accountId: asAccountId(String(index).padStart(12, '0')),
    accountName: index % 3 === 0 ? '' : `Name "${String(index)}",\n\u0000 😀 Zürich 東京`,
    state: index % 2 === 0 ? 'ACTIVE' : 'SUSPENDED',
    ouPath: index % 5 === 0 ? '' : "Root/A'b\\/c",
    tags: index % 7 === 0 ? {} : { team: `t${String(index)}`, '': '"', 'a b': 'é\n\u0001\\ / 😀' },
    joined: index % 4 === 0 ? '' : new Date(1.6e12 + index).toISOString(),
    left: index % 11 === 0,
    ...(index % 13 === 0 && { payerAccountId: asAccountId('000000000043') }),
  }));
  return { asOf: '2025-02-15T00:00:00.000Z', payerAccountId: asAccountId('000000000042'), accounts };
}

async function rowsOf(path: string): Promise<unknown[]> {
  return withSession({}, (session) =>
    session.rows(
      'SELECT * REPLACE (CAST(joined AS VARCHAR) AS joined), typeof(joined) AS type FROM read_parquet($1)',
      [path],
    ),
  );
}

test('the engine writes the same rows and types as the writer without an engine, and the same bytes each time', async () => {
  const snapshot = snapshotOf(5_001);
  const [plain, engine, again] = [folder(), folder(), folder()];
  await writeAccountsTable({ store: new FolderStore(plain), scratch: folder() }, MONTH, snapshot);
  for (const [out, threads] of [
    [engine, 1],
    [again, 3],
  ] as const) {
    const target = { store: new FolderStore(out), scratch: folder(), write: accountsWriter({ threads }) };
    await writeAccountsTable(target, MONTH, snapshot);
  }
  const pathIn = (out: string): string => join(out, accountsTableKey(MONTH));
  const rows = await rowsOf(pathIn(plain));
  expect(rows).toHaveLength(5_001);
  expect(await rowsOf(pathIn(engine))).toEqual(rows);
  expect(readFileSync(pathIn(again))).toEqual(readFileSync(pathIn(engine)));
  expect(readFileSync(pathIn(engine))).not.toEqual(readFileSync(pathIn(plain)));
});

test('names with halves of characters, which the engine reads in no JSON, are written', async () => {
  const { accounts, ...snapshot } = snapshotOf(5_001);
  const halves = accounts.map((account) => ({ ...account, accountName: 'half \ud83d' }));
  const out = folder();
  const target = { store: new FolderStore(out), scratch: folder(), write: accountsWriter({}) };
  await writeAccountsTable(target, MONTH, { ...snapshot, accounts: halves });
  const rows = await rowsOf(join(out, accountsTableKey(MONTH)));
  expect(rows[0]).toMatchObject({ account_name: 'half \ufffd' });
});
