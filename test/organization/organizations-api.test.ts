import {
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { mockClient } from 'aws-sdk-client-mock';
import { internalAccountIds } from '../../shared/organization/internal-accounts';
import { readOrganization } from '../../shared/organization/organizations-api';

const PAYER = '111111111111';
const READING = { asOf: '2025-06-20T00:00:00.000Z', readTags: false, warn: () => undefined };

const account = (id: string) => ({
  Id: id,
  Arn: `arn:aws:organizations::${PAYER}:account/o-abcdefghij/${id}`,
  Name: `Account ${id}`,
  State: 'ACTIVE' as const,
});

function api() {
  const client = new OrganizationsClient({ region: 'us-east-1' });
  return { client, mock: mockClient(client) };
}

test('an account that is on two pages counts once', async () => {
  const { client, mock } = api();
  mock
    .on(ListAccountsCommand)
    .resolvesOnce({ Accounts: [account(PAYER), account('222222222222')], NextToken: 'more' })
    .resolvesOnce({ Accounts: [account('222222222222'), account('333333333333')] });
  mock.on(ListRootsCommand).resolves({ Roots: [] });
  const { accounts } = await readOrganization({ ...READING, client });
  expect(accounts.map(({ accountId }) => accountId)).toEqual([PAYER, '222222222222', '333333333333']);
});

describe('an organizational unit whose name has a slash', () => {
  const { client, mock } = api();
  mock.on(ListAccountsCommand).resolves({
    Accounts: [account(PAYER), account('222222222222'), account('333333333333'), account('444444444444')],
  });
  mock.on(ListRootsCommand).resolves({ Roots: [{ Id: 'r-1' }] });
  mock.on(ListOrganizationalUnitsForParentCommand).resolves({ OrganizationalUnits: [] });
  mock.on(ListOrganizationalUnitsForParentCommand, { ParentId: 'r-1' }).resolves({
    OrganizationalUnits: [
      { Id: 'ou-ci', Name: 'CI' },
      { Id: 'ou-cicd', Name: 'CI/CD' },
    ],
  });
  mock.on(ListOrganizationalUnitsForParentCommand, { ParentId: 'ou-ci' }).resolves({
    OrganizationalUnits: [{ Id: 'ou-cd', Name: 'CD' }],
  });
  mock.on(ListAccountsForParentCommand).resolves({ Accounts: [] });
  for (const [unit, id] of [
    ['ou-ci', '222222222222'],
    ['ou-cicd', '333333333333'],
    ['ou-cd', '444444444444'],
  ] as const) {
    mock.on(ListAccountsForParentCommand, { ParentId: unit }).resolves({ Accounts: [account(id)] });
  }

  test('has a path that differs from that of a unit below another', async () => {
    const { accounts } = await readOrganization({ ...READING, client });
    expect(accounts.map(({ accountId, ouPath }) => [accountId, ouPath])).toEqual([
      [PAYER, ''],
      ['222222222222', 'CI'],
      ['333333333333', String.raw`CI\/CD`],
      ['444444444444', 'CI/CD'],
    ]);
  });

  test('is not below a unit whose name it begins with', async () => {
    const organization = await readOrganization({ ...READING, client });
    const internal = (path: string): string[] =>
      internalAccountIds([], organization, { ids: [], ouPaths: [path], tags: {} });
    expect(internal('CI')).toEqual(['222222222222', '444444444444']);
    expect(internal(String.raw`CI\/CD`)).toEqual(['333333333333']);
  });
});
