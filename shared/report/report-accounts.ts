import { z } from 'zod';
import { asAccountId } from '../base/account-id';
import { CarbonError } from '../base/carbon-error';
import { readJson, whyUnreadable } from '../base/json';
import { newestAccountsTable } from '../organization/accounts-table';
import { literalPath } from '../sql/dialect';
import { type DuckSession, type SqlRow, textIn } from '../sql/duck-session';
import type { ObjectStore } from '../stores/object-store';
import type { ReportData } from './report-data';

/** Tag keys that the page has: those of most accounts. */
const SHOWN_TAGS = 12;

/** Characters of a name, a path or a tag that the page has. */
const TEXT_CHARACTERS = 200;

/** The accounts of the page, and when the organization that names them was read. */
export interface NamedAccounts {
  readonly accounts: ReportData['accounts'];
  /** Blank without a snapshot. */
  readonly asOf: string;
}

/** What the organization says of an account. */
type KnownAccount = Omit<ReportData['accounts'][number], 'id'>;

const UNKNOWN: KnownAccount = { name: '', ou: '', tags: {}, left: false };

/**
 * Returns the accounts with the names, OUs and tags of the newest snapshot of the organization. They are read from its table: the
 * snapshot itself would be parsed as a whole.
 */
export async function namedAccounts(
  session: DuckSession,
  exports: ObjectStore,
  ids: readonly string[],
): Promise<NamedAccounts> {
  const table = await newestAccountsTable(exports);
  const { rows, asOf } = table === undefined ? NO_TABLE : await readTable(session, exports, table.key, ids);
  const file = exports.describe(table?.key ?? '');
  const known = new Map(rows.map((row) => [textIn(row, 'account_id'), knownAccount(row, file)]));
  const keys = tagKeys([...known.values()]);
  return {
    accounts: ids.map((id) => {
      const { name, ou, tags, left } = known.get(id) ?? UNKNOWN;
      return {
        id: asAccountId(id),
        name: shortened(name),
        ou: shortened(ou),
        tags: tagsOf(tags, keys),
        left,
      };
    }),
    asOf,
  };
}

/** The rows of some accounts, and when the organization was read. */
interface TableRows {
  readonly rows: readonly SqlRow[];
  readonly asOf: string;
}

const NO_TABLE: TableRows = { rows: [], asOf: '' };

async function readTable(
  session: DuckSession,
  exports: ObjectStore,
  key: string,
  ids: readonly string[],
): Promise<TableRows> {
  const shown = await session.load({ columns: { id: 'VARCHAR' }, rows: ids.map((id) => [id]) });
  const copy = await exports.localCopy(key);
  try {
    const parameters = [literalPath(copy.path)];
    const table = 'read_parquet($1, hive_partitioning = false)';
    const rows = await session.rows(
      `SELECT account_id, account_name, ou_path, tags, has_left FROM ${table} WHERE account_id IN (SELECT id FROM ${shown.table})`,
      parameters,
    );
    const sql = `SELECT coalesce(max(metadata_as_of), '') AS as_of FROM ${table}`;
    const [newest] = await session.rows(sql, parameters);
    return { rows, asOf: textIn(newest, 'as_of') };
  } finally {
    await copy.release();
  }
}

const TAGS = z.record(z.string(), z.string());

/** @param file the table, as messages show it */
function knownAccount(row: SqlRow, file: string): KnownAccount {
  const tags = readJson(textIn(row, 'tags'), TAGS);
  if (!('value' in tags)) {
    throw new CarbonError(
      'state',
      `${file}: found tags that are not an object of texts (${whyUnreadable(tags)}), expected those of a snapshot; restore the file that was there before`,
    );
  }
  return {
    name: textIn(row, 'account_name'),
    ou: textIn(row, 'ou_path'),
    tags: tags.value,
    left: textIn(row, 'has_left') === 'true',
  };
}

function tagKeys(accounts: readonly KnownAccount[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { tags } of accounts)
    for (const key of Object.keys(tags)) counts.set(key, (counts.get(key) ?? 0) + 1);
  const byCount = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return byCount.slice(0, SHOWN_TAGS).map(([key]) => key);
}

function tagsOf(tags: KnownAccount['tags'], keys: readonly string[]): Record<string, string> {
  const shown = keys.flatMap((key) => {
    const value = tags[key];
    return value === undefined ? [] : [[key, shortened(value)] as const];
  });
  return Object.fromEntries(shown);
}

/** Returns a text with its first 200 characters. */
export function shortened(text: string): string {
  return text.length > TEXT_CHARACTERS ? `${text.slice(0, TEXT_CHARACTERS - 1)}…` : text;
}
