import {
  type Account as ListedAccount,
  type OrganizationsClient,
  paginateListAccounts,
  paginateListAccountsForParent,
  paginateListOrganizationalUnitsForParent,
  paginateListRoots,
  paginateListTagsForResource,
} from '@aws-sdk/client-organizations';
import { CarbonError } from '../base/carbon-error';
import { errorMessage, errorName } from '../base/error-info';
import { compareText } from '../base/group';
import { type Account, ACCOUNT_STATES, type OrganizationSnapshot } from './account';
import { stateOfStatus } from './state-of-status';

/** How an organization is read. */
export interface OrganizationReading {
  readonly client: OrganizationsClient;
  /** ISO 8601 instant the snapshot stands for. */
  readonly asOf: string;
  /** Whether tags are read: one call per account. */
  readonly readTags: boolean;
  /** Told what could not be read and is left blank. */
  readonly warn: (message: string) => void;
}

/** The organization has no accounts, or an account without id or ARN: nothing Organizations ever answers. */
export class OrganizationAnswerError extends CarbonError {
  constructor(message: string, options?: ErrorOptions) {
    super('state', message, options);
  }
}

const ARN_PATTERN = /^arn:[a-z-]+:organizations::(\d{12}):account\//;

/**
 * Reads all accounts of the organization. Paths of organizational units and tags are left blank, with a warning,
 * where the caller may not read them. The management account is the one inside the accounts' ARNs.
 *
 * @throws OrganizationAnswerError when the answer holds no accounts or none that can be used
 */
export async function readOrganization(reading: OrganizationReading): Promise<OrganizationSnapshot> {
  const { client, asOf } = reading;
  const listed: ListedAccount[] = [];
  for await (const page of paginateListAccounts({ client }, {})) listed.push(...(page.Accounts ?? []));
  const ouPaths = await ouPathsByAccount(reading);
  const tags = await tagsByAccount(reading, listed.map(idOf));
  const accounts = listed.map((account): Account => {
    const accountId = idOf(account);
    return {
      accountId,
      accountName: account.Name ?? '',
      // Answers from before State was introduced carry Status alone.
      state: ACCOUNT_STATES.find((state) => state === account.State) ?? stateOfStatus(account.Status),
      ouPath: ouPaths.get(accountId) ?? '',
      tags: tags.get(accountId) ?? {},
      joined: account.JoinedTimestamp?.toISOString() ?? '',
      left: false,
    };
  });
  const [payerAccountId] = listed.flatMap(({ Arn: arn = '' }) => ARN_PATTERN.exec(arn)?.[1] ?? []);
  if (payerAccountId === undefined)
    throw new OrganizationAnswerError('no account has an ARN of Organizations');
  accounts.sort((a, b) => compareText(a.accountId, b.accountId));
  return { asOf, payerAccountId, accounts };
}

function idOf({ Id: id }: ListedAccount): string {
  if (id !== undefined && /^\d{12}$/.test(id)) return id;
  throw new OrganizationAnswerError(`an account has the id ${String(id)}, not 12 digits`);
}

/**
 * Walks the tree from its root: two calls per organizational unit and one per twenty accounts, where asking for every
 * account's parent would be one throttled call per account.
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
        await walk(id, path === '' ? name : `${path}/${name}`);
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
        own.push(
          ...(page.Tags ?? []).map(
            ({ Key: key = '', Value: value = '' }) => [key, value] as [string, string],
          ),
        );
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
