import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { textLiteral } from '../sql/dialect';
import type { DuckLimits } from '../sql/duck-instance';
import { withSession } from '../sql/duck-session';
import { ACCOUNT_COLUMNS, type AccountColumn } from './account-columns';
import { type AccountsWriter, writeAccounts } from './accounts-table';
import { snapshotText } from './snapshots';

/** From here on the engine writes the table: parquetjs-lite takes 35 to 100 microseconds an account. */
const LARGE = 1_000;

/** Half of a character, as JSON writes it: the engine reads no JSON that has one. */
const HALF_CHARACTER = /\\ud[89a-f]/;

/** Returns a writer of the accounts table that has the engine write large ones, from the JSON of the snapshot. */
export function accountsWriter(limits: DuckLimits | undefined): AccountsWriter {
  return async (path, snapshot) => {
    const text = snapshot.accounts.length < LARGE ? undefined : snapshotText(snapshot);
    if (text === undefined || HALF_CHARACTER.test(text)) return writeAccounts(path, snapshot);
    return withSession(limits ?? {}, async (session) => {
      const json = join(session.scratch, 'snapshot.json');
      await writeFile(json, text);
      const parameters = [json, String(Buffer.byteLength(text))];
      await session.run(`COPY (${selectAccounts()}) TO ${textLiteral(path)} (FORMAT parquet)`, parameters);
    });
  };
}

/** SQL of the columns over a snapshot of the organization `s` and an account `a` of it. */
const OF_ACCOUNT: Readonly<Record<string, string>> = {
  account_id: 'a."accountId"',
  account_name: 'a."accountName"',
  state: 'a."state"',
  ou_path: 'a."ouPath"',
  tags: 'CAST(a."tags" AS VARCHAR)',
  joined: `nullif(a."joined", '')`,
  payer_account_id: 'coalesce(a."payerAccountId", s."payerAccountId")',
  metadata_as_of: 's."asOf"',
  has_left: 'CAST(a."left" AS VARCHAR)',
};

const ACCOUNT_TYPE = `STRUCT("accountId" VARCHAR, "accountName" VARCHAR, "state" VARCHAR, "ouPath" VARCHAR, "tags" JSON,
  "joined" VARCHAR, "left" BOOLEAN, "payerAccountId" VARCHAR)[]`;

/** SQL of the table over the JSON in $1, which has at most $2 bytes. */
function selectAccounts(): string {
  const column = ({ name, type }: AccountColumn): string => {
    const value = OF_ACCOUNT[name];
    if (value === undefined) throw new Error(`no rule for the column ${name} of accounts`);
    return `${type === 'timestamp' ? `CAST(${value} AS TIMESTAMP_MS)` : value} AS ${name}`;
  };
  return `SELECT ${ACCOUNT_COLUMNS.map(column).join(', ')}
FROM (
  SELECT s."asOf", s."payerAccountId", unnest(s."accounts") AS a
  FROM read_json($1, format = 'unstructured', maximum_object_size = CAST($2 AS UINTEGER),
    columns = {"asOf": 'VARCHAR', "payerAccountId": 'VARCHAR', "accounts": '${ACCOUNT_TYPE}'}) s
) s
ORDER BY account_id`;
}
