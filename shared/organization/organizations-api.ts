import {
  type Account as ListedAccount,
  type OrganizationsClient,
  paginateListAccounts,
  paginateListAccountsForParent,
  paginateListOrganizationalUnitsForParent,
  paginateListRoots,
  paginateListTagsForResource,
} from '@aws-sdk/client-organizations';
import { type AccountId, isAccountId, managementAccountIn } from '../base/account-id';
import { CarbonError } from '../base/carbon-error';
import { errorMessage, errorName } from '../base/error-info';
import { compareText } from '../base/group';
import { type Account, ACCOUNT_STATES, type OrganizationSnapshot, stateOfStatus } from './account';

/** How an organization is read. */
export interface OrganizationReading {
  readonly client: OrganizationsClient;
  /** ISO 8601 instant that the snapshot gets. */
  readonly asOf: string;
  /** Whether tags are read: one call per account. */
  readonly readTags: boolean;
  /** Called with the reason when values could not be read and are left blank. */
  readonly warn: (message: string) => void;
}

/**
 * Reads all accounts of the organization. Paths of organizational units and tags are left blank, with a warning,
 * where the caller may not read them. The management account is the one inside the accounts' ARNs.
 *
 * @throws CarbonError when the answer has no accounts, or an account without a valid id
 */
export async function readOrganization(reading: OrganizationReading): Promise<OrganizationSnapshot> {
  const { client, asOf } = reading;
  const listed = await listedAccounts(client);
  const ouPaths = await ouPathsByAccount(reading);
  const tags = await tagsByAccount(reading, [...listed.keys()]);
  const accounts = [...listed].map(([accountId, account]): Account => ({
    accountId,
    accountName: account.Name ?? '',
    // Answers from before State was introduced have Status alone.
    state: ACCOUNT_STATES.find((state) => state === account.State) ?? stateOfStatus(account.Status),
    ouPath: ouPaths.get(accountId) ?? '',
    tags: tags.get(accountId) ?? {},
    joined: account.JoinedTimestamp?.toISOString() ?? '',
    left: false,
  }));
  const [payerAccountId] = [...listed.values()].flatMap(
    ({ Arn: arn = '' }) => managementAccountIn(arn) ?? [],
  );
  if (payerAccountId === undefined) {
    throw unusableAnswer('no account with an ARN arn:aws:organizations::<management account>:account/…');
  }
  accounts.sort((a, b) => compareText(a.accountId, b.accountId));
  return { asOf, payerAccountId, accounts };
}

/** Accounts by id. An account that moves while the pages are read may be on two of them. */
async function listedAccounts(client: OrganizationsClient): Promise<Map<AccountId, ListedAccount>> {
  const accounts = new Map<AccountId, ListedAccount>();
  for await (const page of paginateListAccounts({ client }, {})) {
    for (const account of page.Accounts ?? []) {
      const { Id: id = '' } = account;
      if (!isAccountId(id)) throw unusableAnswer(`an account with the id "${id}" instead of 12 digits`);
      accounts.set(id, account);
    }
  }
  return accounts;
}

function unusableAnswer(found: string): CarbonError {
  return new CarbonError('state', `the answer of AWS Organizations has ${found}`);
}

/** Path of an organizational unit. Names may hold a slash, which separates the units of a path: it is escaped. */
function ouPathOf(parent: string, name: string): string {
  const escaped = name.replaceAll(/[\\/]/g, String.raw`\$&`);
  return parent === '' ? escaped : `${parent}/${escaped}`;
}

/**
 * Walks the tree from its root, with two calls per organizational unit and one per twenty accounts. To ask for every
 * account's parent would take one throttled call per account.
 */
async function ouPathsByAccount(reading: OrganizationReading): Promise<Map<string, string>> {
  const { client } = reading;
  const paths = new Map<string, string>();
  const walk = async (parentId: string, path: string): Promise<void> => {
    for await (const page of paginateListAccountsForParent({ client }, { ParentId: parentId })) {
      for (const { Id: id = '' } of page.Accounts ?? []) paths.set(id, path);
    }
    for await (const page of paginateListOrganizationalUnitsForParent({ client }, { ParentId: parentId })) {
      for (const { Id: id = '', Name: name = '' } of page.OrganizationalUnits ?? []) {
        await walk(id, ouPathOf(path, name));
      }
    }
  };
  await whereAllowed(reading, 'organizational units', async () => {
    for await (const page of paginateListRoots({ client }, {})) {
      for (const { Id: id = '' } of page.Roots ?? []) await walk(id, '');
    }
  });
  return paths;
}

async function tagsByAccount(
  reading: OrganizationReading,
  accountIds: readonly string[],
): Promise<Map<string, Record<string, string>>> {
  const { client, readTags } = reading;
  const tags = new Map<string, Record<string, string>>();
  if (!readTags) return tags;
  await whereAllowed(reading, 'tags', async () => {
    for (const accountId of accountIds) {
      const own: [string, string][] = [];
      for await (const page of paginateListTagsForResource({ client }, { ResourceId: accountId })) {
        for (const { Key: key = '', Value: value = '' } of page.Tags ?? []) own.push([key, value]);
      }
      own.sort(([a], [b]) => compareText(a, b));
      tags.set(accountId, Object.fromEntries(own));
    }
  });
  return tags;
}

async function whereAllowed(
  { warn }: OrganizationReading,
  what: string,
  read: () => Promise<void>,
): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (errorName(error) !== 'AccessDeniedException') throw error;
    warn(`${what} may not be read and are left blank: ${errorMessage(error)}`);
  }
}
