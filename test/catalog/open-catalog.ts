import { join } from 'node:path';
import { asAccountId } from '../../shared/base/account-id';
import { openLocalCatalog } from '../../shared/catalog/local-catalog';
import type { Account } from '../../shared/organization/account';
import { keepSnapshot } from '../../shared/organization/keep-snapshot';
import { DuckSession } from '../../shared/sql/duck-session';
import { FolderStore } from '../../shared/stores/folder-store';

/** The small golden case, which several months and both versions of the method can be run on. */
export const SMALL_INPUTS = join(__dirname, '..', 'cases', 'small', 'inputs');

const sessions = new Map<string, DuckSession>();

afterAll(async () => {
  for (const session of sessions.values()) await session.close();
});

/** Rows of a query over a folder's export, as JSON holds them. What is published after the first query is not seen. */
export async function ask(
  folder: string,
  sql: string,
  exportName = 'carbon',
): Promise<Record<string, unknown>[]> {
  const key = join(folder, exportName);
  let session = sessions.get(key);
  if (session === undefined) {
    session = await DuckSession.open({ isSeparate: true });
    sessions.set(key, session);
    await openLocalCatalog(session, { store: new FolderStore(folder), folder, exportName });
  }
  const { columns, rows } = await session.select(sql);
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])));
}

/** Keeps a snapshot of an organization of these accounts, as a run in that month would. */
export async function organize(
  folder: string,
  day: string,
  accounts: readonly (Partial<Omit<Account, 'accountId'>> & { readonly accountId: string })[],
): Promise<void> {
  const asOf = new Date(`${day}T00:00:00Z`);
  const readOrganization = () =>
    Promise.resolve({
      asOf: asOf.toISOString(),
      payerAccountId: asAccountId('000000000042'),
      accounts: accounts.map(({ accountId, ...account }) => ({
        accountId: asAccountId(accountId),
        accountName: '',
        state: 'ACTIVE' as const,
        ouPath: '',
        tags: {},
        joined: '',
        left: false,
        ...account,
      })),
    });
  await keepSnapshot({ exports: new FolderStore(folder), asOf, scratch: folder, readOrganization });
}
