import {
  ListAccountsCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
  OrganizationsClient,
  OrganizationsServiceException,
} from '@aws-sdk/client-organizations';
import { mockClient } from 'aws-sdk-client-mock';
import { rolesToAssume } from '../../lambdas/organization-roles';
import { isTransient } from '../../shared/base/retry';
import { readOrganizations } from '../../shared/organization/read-organizations';

const ONE = '111111111111';
const TWO = '222222222222';

/** An organization with its own client, and the answers of its API. */
function organization(payer: string, members: readonly string[]) {
  const client = new OrganizationsClient({ region: 'us-east-1' });
  const api = mockClient(client);
  const accounts = [payer, ...members].map((id) => ({
    Id: id,
    Arn: `arn:aws:organizations::${payer}:account/o-${payer}/${id}`,
    Name: `Account ${id}`,
    State: 'ACTIVE' as const,
  }));
  api.on(ListAccountsCommand).resolves({ Accounts: accounts });
  api.on(ListRootsCommand).resolves({ Roots: [] });
  api.on(ListTagsForResourceCommand).resolves({ Tags: [{ Key: 'of', Value: payer }] });
  return { api, source: { client, name: `role of ${payer}` } };
}

function failure(name: string): OrganizationsServiceException {
  const status = name === 'TooManyRequestsException' ? 429 : 400;
  return new OrganizationsServiceException({
    ...{ name, message: 'not you', $fault: 'client' },
    $metadata: { httpStatusCode: status },
  });
}

const warnings: string[] = [];
const READING = {
  asOf: '2025-03-15T00:00:00.000Z',
  readTags: true,
  warn: (message: string) => {
    warnings.push(message);
  },
};

test('two organizations are one list, in which accounts of the other payer have its id', async () => {
  const one = organization(ONE, ['333333333333']);
  const two = organization(TWO, ['000000000004']);
  const { payerAccountId, accounts, asOf } = await readOrganizations([one.source, two.source], READING);
  expect([payerAccountId, asOf]).toEqual([ONE, READING.asOf]);
  expect(accounts.map(({ accountId, payerAccountId: payer, tags }) => [accountId, payer, tags])).toEqual([
    ['000000000004', TWO, { of: TWO }],
    [ONE, undefined, { of: ONE }],
    [TWO, TWO, { of: TWO }],
    ['333333333333', undefined, { of: ONE }],
  ]);
});

test('the management account of the first organization is the payer of accounts that are not listed', async () => {
  const [one, two] = [organization(ONE, []), organization(TWO, [])];
  const { payerAccountId } = await readOrganizations([two.source, one.source], READING);
  expect(payerAccountId).toBe(TWO);
});

test('the second organization is read after the first', async () => {
  const [one, two] = [organization(ONE, ['333333333333']), organization(TWO, [])];
  let askedOfFirst = 0;
  two.api.on(ListAccountsCommand).callsFake(() => {
    askedOfFirst = one.api.calls().length;
    throw failure('AccessDeniedException');
  });
  await expect(readOrganizations([one.source, two.source], READING)).rejects.toThrow();
  // Accounts, roots, and tags of two accounts.
  expect(askedOfFirst).toBe(4);
});

test('an account in two organizations is bad input', async () => {
  const [one, two] = [organization(ONE, ['333333333333']), organization(TWO, ['333333333333'])];
  await expect(readOrganizations([one.source, two.source], READING)).rejects.toMatchObject({
    name: 'InputError',
    message: expect.stringContaining(`this one is in those of ${ONE} and ${TWO}`) as unknown,
  });
});

test.each([
  ['AccessDeniedException', false],
  ['TooManyRequestsException', true],
])(
  'an organization that cannot be read (%s) is an error with its name; a retry may help: %s',
  async (name, mayPass) => {
    const [one, two] = [organization(ONE, []), organization(TWO, [])];
    two.api.on(ListAccountsCommand).rejects(failure(name));
    const error: unknown = await readOrganizations([one.source, two.source], READING).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({
      kind: 'state',
      message: `role of ${TWO}: ${name}: not you`,
    });
    expect(isTransient(error)).toBe(mayPass);
  },
);

test('a warning names the organization where there are several', async () => {
  const [one, two] = [organization(ONE, []), organization(TWO, [])];
  two.api.on(ListRootsCommand).rejects(failure('AccessDeniedException'));
  await readOrganizations([one.source, two.source], READING);
  await readOrganizations([two.source], READING);
  const text = 'organizational units may not be read and are left blank: not you';
  expect(warnings.splice(0)).toEqual([`role of ${TWO}: ${text}`, text]);
});

describe('the roles of the function', () => {
  const ROLE = `arn:aws:iam::${ONE}:role/reader`;

  test('are empty without the variable', () => {
    expect(rolesToAssume(undefined)).toEqual([]);
    expect(rolesToAssume(JSON.stringify([ROLE]))).toEqual([ROLE]);
  });

  test.each(['', ROLE, '[]', '["reader"]', `["arn:aws:iam::${ONE}:user/reader"]`, '{}'])(
    'cannot be %j',
    (text) => {
      expect(() => rolesToAssume(text)).toThrow();
    },
  );
});
