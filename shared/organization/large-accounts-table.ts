import { textLiteral } from '../sql/dialect';
import type { DuckLimits } from '../sql/duck-instance';
import { withSession } from '../sql/duck-session';
import type { Relation } from '../sql/relation';
import { ACCOUNT_COLUMNS } from './account-columns';
import type { OrganizationSnapshot } from './account';
import { type AccountsWriter, accountRow, writeAccounts } from './accounts-table';

/** From here on the engine writes the table: parquetjs-lite takes 35 microseconds an account. */
const LARGE = 5_000;

/** Returns a writer of the accounts table that has the engine write large ones. */
export function accountsWriter(limits: DuckLimits | undefined): AccountsWriter {
  return (path, snapshot) =>
    snapshot.accounts.length < LARGE
      ? writeAccounts(path, snapshot)
      : withSession(limits ?? {}, async (session) => {
          const columns = Object.fromEntries(ACCOUNT_COLUMNS.map(({ name }) => [name, 'VARCHAR' as const]));
          const texts = await session.load({ columns, rows: rowsOf(snapshot) });
          await session.run(`COPY (${selectAccounts(texts)}) TO ${textLiteral(path)} (FORMAT parquet)`);
        });
}

function* rowsOf(snapshot: OrganizationSnapshot): Generator<string[]> {
  for (const account of snapshot.accounts) {
    const row = accountRow(account, snapshot);
    yield ACCOUNT_COLUMNS.map(({ name }) => row[name] ?? '');
  }
}

function selectAccounts({ table }: Relation): string {
  const columns = ACCOUNT_COLUMNS.map(({ name, type }) =>
    type === 'timestamp' ? `CAST(nullif(${name}, '') AS TIMESTAMP_MS) AS ${name}` : name,
  );
  return `SELECT ${columns.join(', ')} FROM ${table} ORDER BY rowid`;
}
