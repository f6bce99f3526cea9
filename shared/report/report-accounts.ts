import { asAccountId } from '../base/account-id';
import { readSnapshot, snapshotMonths } from '../organization/snapshots';
import type { Account } from '../organization/account';
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

/** Returns the accounts with the names, OUs and tags of the newest snapshot of the organization. */
export async function namedAccounts(exports: ObjectStore, ids: readonly string[]): Promise<NamedAccounts> {
  const newest = (await snapshotMonths(exports)).at(-1);
  const snapshot = newest === undefined ? undefined : await readSnapshot(exports, newest);
  const known = new Map((snapshot?.accounts ?? []).map((account) => [account.accountId as string, account]));
  const keys = tagKeys(ids.flatMap((id) => known.get(id) ?? []));
  return {
    accounts: ids.map((id) => {
      const account = known.get(id);
      return {
        id: asAccountId(id),
        ...{ name: shortened(account?.accountName ?? ''), ou: shortened(account?.ouPath ?? '') },
        tags: tagsOf(account, keys),
        left: account?.left ?? false,
      };
    }),
    asOf: snapshot?.asOf ?? '',
  };
}

function tagKeys(accounts: readonly Account[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { tags } of accounts)
    for (const key of Object.keys(tags)) counts.set(key, (counts.get(key) ?? 0) + 1);
  const byCount = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return byCount.slice(0, SHOWN_TAGS).map(([key]) => key);
}

function tagsOf(account: Account | undefined, keys: readonly string[]): Record<string, string> {
  const tags = keys.flatMap((key) => {
    const value = account?.tags[key];
    return value === undefined ? [] : [[key, shortened(value)] as const];
  });
  return Object.fromEntries(tags);
}

/** Returns a text with its first 200 characters. */
export function shortened(text: string): string {
  return text.length > TEXT_CHARACTERS ? `${text.slice(0, TEXT_CHARACTERS - 1)}…` : text;
}
