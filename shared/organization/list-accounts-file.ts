import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { accountIdProblem, accountIdSchema, managementAccountIn } from '../base/account-id';
import { defined } from '../base/defined';
import { compareText } from '../base/group';
import { InputError, type InputProblem } from '../base/input-problem';
import { readJson } from '../base/json';
import type { InputStore, StoredObject } from '../stores/object-store';
import { type Account, ACCOUNT_STATES, type OrganizationSnapshot, stateOfStatus } from './account';
import { mergeOrganizations } from './merge-organizations';

/** File of an estate with the output of `aws organizations list-accounts`. */
const LIST_ACCOUNTS_FILE = 'accounts.json';

/** The same of further organizations, such as accounts-emea.json. */
const FURTHER_FILES = /^accounts-[^/]+\.json$/;

const listedAccount = z.object({
  // Programs that read the list into a table write ids as numbers.
  Id: z.union([accountIdSchema, z.number().transform(String).pipe(accountIdSchema)], {
    error: ({ input }) => accountIdProblem(String(input)) ?? 'a 12-digit account id',
  }),
  Arn: z.string().refine((arn) => managementAccountIn(arn) !== undefined, {
    error: 'an ARN arn:aws:organizations::<management account>:account/…',
  }),
  Name: z.string().optional(),
  State: z.enum(ACCOUNT_STATES, { error: ACCOUNT_STATES.join(', ') }).optional(),
  Status: z.string().optional(),
  JoinedTimestamp: z.union([z.string(), z.number()]).optional(),
});

type ListedAccount = z.infer<typeof listedAccount>;

const listAccountsOutput = z.object({ Accounts: z.array(z.unknown()), NextToken: z.unknown().optional() });

/**
 * Reads the accounts of the estate's organization from accounts.json, and those of further organizations from
 * `accounts-<name>.json`.
 *
 * @param asOf ISO 8601 instant that the snapshot gets
 * @throws InputError when a file is missing, not JSON, one page of several, or has invalid accounts; and for an account in
 * two organizations
 */
export async function readListAccountsFiles(store: InputStore, asOf: string): Promise<OrganizationSnapshot> {
  const listed = await listedAccountsFiles(store);
  const others = listed.map(({ key }) => key).filter((key) => key !== LIST_ACCOUNTS_FILE);
  const first = await readListAccountsFile(store, asOf, LIST_ACCOUNTS_FILE);
  const snapshots: OrganizationSnapshot[] = [];
  for (const file of others) snapshots.push(await readListAccountsFile(store, asOf, file));
  return mergeOrganizations(first, snapshots);
}

/** Returns the files with the accounts of an estate, as they are listed. */
export async function listedAccountsFiles(store: InputStore): Promise<StoredObject[]> {
  const objects = await store.list('accounts');
  return objects.filter(({ key }) => key === LIST_ACCOUNTS_FILE || FURTHER_FILES.test(key));
}

async function readListAccountsFile(
  store: InputStore,
  asOf: string,
  file: string,
): Promise<OrganizationSnapshot> {
  const listed = listedAccounts(file, await readList(store, file));
  const payers = [...new Set(listed.flatMap(({ Arn: arn }) => managementAccountIn(arn) ?? []))].sort();
  const [payerAccountId] = payers;
  if (payerAccountId === undefined) throw problemOfFile(file, 'at least one account');
  if (payers.length > 1) {
    throw problemOfFile(file, `one management account in all ARNs, found ${payers.join(' and ')}`);
  }
  const accounts = listed.map(accountOf).sort((a, b) => compareText(a.accountId, b.accountId));
  return { asOf, payerAccountId, accounts };
}

async function readList(store: InputStore, file: string): Promise<readonly unknown[]> {
  const content = await store.get(file);
  if (content === undefined) {
    throw problemOfFile(file, 'the file to be there: the output of `aws organizations list-accounts`');
  }
  const reading = readJson(content.body, listAccountsOutput);
  if ('syntaxError' in reading) throw problemOfFile(file, `JSON (${reading.syntaxError})`);
  if ('issues' in reading) throw problemOfFile(file, 'an object with a list named Accounts');
  const { Accounts: accounts, NextToken: nextToken } = reading.value;
  if (nextToken !== undefined && nextToken !== null && nextToken !== '') {
    const expected =
      'all accounts, this is one page of several: run `aws organizations list-accounts` without --max-items and --no-paginate';
    throw new InputError([
      { table: 'accounts', file, column: 'NextToken', value: String(nextToken), expected },
    ]);
  }
  return accounts;
}

/** The accounts of a list. One that is listed twice with the same values counts once. */
function listedAccounts(file: string, list: readonly unknown[]): ListedAccount[] {
  const problems: InputProblem[] = [];
  const accounts = new Map<string, ListedAccount>();
  list.forEach((raw, index) => {
    const parsed = listedAccount.safeParse(raw);
    if (!parsed.success) {
      for (const issue of parsed.error.issues) problems.push(problemOf({ file, raw, index }, issue));
      return;
    }
    const account = parsed.data;
    const earlier = accounts.get(account.Id);
    if (earlier !== undefined && !isDeepStrictEqual(earlier, account)) {
      const expected = 'every account once; it is listed twice with different values';
      problems.push({ table: 'accounts', file, row: index + 1, column: 'Id', value: account.Id, expected });
    }
    accounts.set(account.Id, account);
  });
  if (problems.length > 0) throw new InputError(problems);
  return [...accounts.values()];
}

function problemOfFile(file: string, expected: string): InputError {
  return new InputError([{ table: 'accounts', file, expected }]);
}

function problemOf(
  { file, raw, index }: { readonly file: string; readonly raw: unknown; readonly index: number },
  issue: { readonly path: readonly PropertyKey[]; readonly message: string },
): InputProblem {
  const column = issue.path[0] === undefined ? undefined : String(issue.path[0]);
  const found =
    typeof raw === 'object' && raw !== null && column !== undefined ? Reflect.get(raw, column) : raw;
  return {
    table: 'accounts',
    file,
    row: index + 1,
    ...defined({ column }),
    value: typeof found === 'string' ? found : JSON.stringify(found ?? ''),
    expected: issue.message,
  };
}

function accountOf(listed: ListedAccount): Account {
  return {
    accountId: listed.Id,
    accountName: listed.Name ?? '',
    state: listed.State ?? stateOfStatus(listed.Status),
    ouPath: '',
    tags: {},
    joined: joinedInstant(listed.JoinedTimestamp),
    left: false,
  };
}

/** The CLI prints ISO 8601, or seconds since 1970 with `cli_timestamp_format = none`. */
function joinedInstant(joined: string | number | undefined): string {
  if (joined === undefined) return '';
  const instant = new Date(typeof joined === 'number' ? joined * 1000 : joined);
  return Number.isNaN(instant.getTime()) ? '' : instant.toISOString();
}
