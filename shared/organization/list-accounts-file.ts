import { z } from 'zod';
import { compareText } from '../base/group';
import { InputError, type InputProblem } from '../base/input-problem';
import { accountId } from '../estate/column-types';
import type { ObjectStore } from '../stores/object-store';
import { type Account, ACCOUNT_STATES, type OrganizationSnapshot } from './account';
import { mergeOrganizations } from './merge-organizations';
import { stateOfStatus } from './state-of-status';

/** Where an estate keeps what `aws organizations list-accounts` printed. */
export const LIST_ACCOUNTS_FILE = 'accounts.json';

/** The same of further organizations, such as accounts-emea.json. */
const FURTHER_FILES = /^accounts-[^/]+\.json$/;

const ARN_PATTERN = /^arn:[a-z-]+:organizations::(\d{12}):account\//;

const listedAccount = z.object({
  Id: accountId,
  Arn: z.string().regex(ARN_PATTERN, 'an ARN arn:aws:organizations::<management account>:account/…'),
  Name: z.string().optional(),
  State: z.enum(ACCOUNT_STATES, { error: ACCOUNT_STATES.join(', ') }).optional(),
  Status: z.string().optional(),
  JoinedTimestamp: z.union([z.string(), z.number()]).optional(),
});

const listAccountsOutput = z.object({ Accounts: z.array(z.unknown()) });

/**
 * Reads the accounts of the estate's organization from accounts.json, and those of further organizations beside it.
 *
 * @param asOf ISO 8601 instant the lists stand for
 * @throws InputError as {@link readListAccountsFile} does, and for an account that is in two of them
 */
export async function readListAccountsFiles(store: ObjectStore, asOf: string): Promise<OrganizationSnapshot> {
  const listed = await store.list('accounts-');
  const others = listed.map(({ key }) => key).filter((key) => FURTHER_FILES.test(key));
  const first = await readListAccountsFile(store, asOf, LIST_ACCOUNTS_FILE);
  const snapshots: OrganizationSnapshot[] = [];
  for (const file of others) snapshots.push(await readListAccountsFile(store, asOf, file));
  return mergeOrganizations(first, snapshots);
}

/**
 * Reads the accounts of an organization from what the AWS CLI printed. State is used, and Status where an older CLI
 * left State out. The account inside the ARNs is the management account.
 *
 * @param asOf ISO 8601 instant the list stands for
 * @throws InputError when the file is missing, is no JSON, or holds accounts that are none
 */
async function readListAccountsFile(
  store: ObjectStore,
  asOf: string,
  name: string,
): Promise<OrganizationSnapshot> {
  const fileProblem = (expected: string): InputError => problemOfFile(name, expected);
  const file = await store.get(name);
  if (file === undefined) {
    throw fileProblem('the file to be there: what `aws organizations list-accounts` prints');
  }
  const output = listAccountsOutput.safeParse(parseJson(name, file.body.toString('utf8')));
  if (!output.success) throw fileProblem('an object with a list named Accounts');
  const problems: InputProblem[] = [];
  const accounts: Account[] = [];
  const payers = new Set<string>();
  output.data.Accounts.forEach((raw, index) => {
    const parsed = listedAccount.safeParse(raw);
    if (!parsed.success) {
      problems.push(...parsed.error.issues.map((issue) => problemOf(name, raw, index, issue)));
      return;
    }
    payers.add(ARN_PATTERN.exec(parsed.data.Arn)?.[1] ?? '');
    accounts.push(accountOf(parsed.data));
  });
  problems.push(...duplicateIds(name, accounts));
  const [payerAccountId] = payers;
  if (problems.length > 0) throw new InputError(problems);
  if (payerAccountId === undefined) throw fileProblem('at least one account');
  if (payers.size > 1) {
    throw fileProblem(`one management account in all ARNs, found ${[...payers].sort().join(' and ')}`);
  }
  accounts.sort((a, b) => compareText(a.accountId, b.accountId));
  return { asOf, payerAccountId, accounts };
}

function parseJson(name: string, content: string): unknown {
  try {
    return JSON.parse(content.replace(/^\ufeff/, ''));
  } catch (error) {
    if (error instanceof SyntaxError) throw problemOfFile(name, `JSON (${error.message})`);
    throw error;
  }
}

function problemOfFile(file: string, expected: string): InputError {
  return new InputError([{ table: 'accounts', file, expected }]);
}

function problemOf(
  file: string,
  raw: unknown,
  index: number,
  issue: { path: readonly PropertyKey[]; message: string },
): InputProblem {
  const column = String(issue.path[0] ?? '');
  const value = typeof raw === 'object' && raw !== null ? Reflect.get(raw, column) : raw;
  return {
    table: 'accounts',
    file,
    row: index + 1,
    ...(column === '' ? {} : { column }),
    value: typeof value === 'string' ? value : JSON.stringify(value ?? ''),
    expected: issue.message,
  };
}

function accountOf(listed: z.infer<typeof listedAccount>): Account {
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

/** The CLI prints ISO 8601, or seconds since 1970 where it is told to. */
function joinedInstant(joined: string | number | undefined): string {
  if (joined === undefined) return '';
  const instant = new Date(typeof joined === 'number' ? joined * 1000 : joined);
  return Number.isNaN(instant.getTime()) ? '' : instant.toISOString();
}

function duplicateIds(file: string, accounts: readonly Account[]): InputProblem[] {
  const seen = new Set<string>();
  return accounts.flatMap(({ accountId: id }) => {
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    const expected = 'every account once';
    return [{ table: 'accounts', file, column: 'Id', value: id, expected }];
  });
}
