import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
  paginateListAccounts,
  TagResourceCommand,
} from '@aws-sdk/client-organizations';
import { z } from 'zod';
import type { FaultProxy, SeenRequest } from './fault-proxy';

/** Number of accounts without the management account; together they fill three pages of twenty. */
const MEMBERS = 45;

/** Member account whose answer has only Status, as before AWS introduced State. */
const STATUS_ONLY = 'Member 7';

const STATES: Readonly<Record<string, string>> = {
  'Member 3': 'SUSPENDED',
  'Member 4': 'PENDING_CLOSURE',
  'Member 5': 'CLOSED',
  'Member 6': 'PENDING_ACTIVATION',
};

const listing = z.looseObject({ Accounts: z.array(z.looseObject({ Name: z.string() })) });

/** Sets up an organization with units, tags and 46 accounts. */
export async function createOrganization(client: OrganizationsClient): Promise<void> {
  await client.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
  const { Roots: roots = [] } = await client.send(new ListRootsCommand({}));
  const rootId = roots[0]?.Id ?? '';
  const unit = async (parent: string, name: string): Promise<string> => {
    const command = new CreateOrganizationalUnitCommand({ ParentId: parent, Name: name });
    return (await client.send(command)).OrganizationalUnit?.Id ?? '';
  };
  const platform = await unit(rootId, 'Platform');
  const shared = await unit(platform, 'Shared');
  for (let index = 1; index <= MEMBERS; index += 1) {
    const { CreateAccountStatus: created } = await client.send(
      new CreateAccountCommand({
        AccountName: `Member ${String(index)}`,
        Email: `m${String(index)}@example.com`,
      }),
    );
    const accountId = created?.AccountId ?? '';
    if (index === 1) {
      const move = { AccountId: accountId, SourceParentId: rootId, DestinationParentId: shared };
      await client.send(new MoveAccountCommand(move));
    }
    if (index === 2) {
      const tags = [{ Key: 'cost-center', Value: '4711' }];
      await client.send(new TagResourceCommand({ ResourceId: accountId, Tags: tags }));
    }
  }
}

/** Sets up a small organization of another management account, whose role the client has assumed. Returns the ids of its members. */
export async function createOtherOrganization(client: OrganizationsClient): Promise<string[]> {
  await client.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
  const ids: string[] = [];
  for (const name of ['Elsewhere 1', 'Elsewhere 2']) {
    const command = new CreateAccountCommand({ AccountName: name, Email: `${name.slice(-1)}@example.org` });
    ids.push((await client.send(command)).CreateAccountStatus?.AccountId ?? '');
  }
  return ids;
}

/** Returns a rewrite that sets states which moto does not support, and leaves out accounts that are gone. */
export function withStates(
  gone: readonly string[] = [],
): (request: SeenRequest, body: string) => string | undefined {
  return ({ target }, body) => {
    if (!target.endsWith('.ListAccounts')) return undefined;
    const parsed = listing.parse(JSON.parse(body));
    const accounts = parsed.Accounts.filter(({ Name: name }) => !gone.includes(name)).map((account) => {
      const state = STATES[account.Name];
      if (account.Name === STATUS_ONLY) return { ...account, State: undefined, Status: 'SUSPENDED' };
      return state === undefined ? account : { ...account, State: state };
    });
    return JSON.stringify({ ...parsed, Accounts: accounts });
  };
}

/** Writes the output of `aws organizations list-accounts` to a folder, for the local command. */
export async function writeAccountsJson(endpoint: FaultProxy, folder: string): Promise<void> {
  const client = new OrganizationsClient({ endpoint: endpoint.url });
  const accounts: unknown[] = [];
  for await (const page of paginateListAccounts({ client }, {})) accounts.push(...(page.Accounts ?? []));
  writeFileSync(join(folder, 'accounts.json'), JSON.stringify({ Accounts: accounts }, undefined, 1));
}
