import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readListAccountsFiles } from '../../shared/organization/list-accounts-file';
import { FolderStore } from '../../shared/stores/folder-store';
import { EstateFolder } from '../support/estate-folder';
import { listedAccount } from '../support/estates/monthly-estate';
import { scratch } from '../support/scratch';

const AS_OF = '2025-03-15T00:00:00.000Z';
const ACCOUNT = listedAccount('000000000001');
const ARN = 'an ARN arn:aws:organizations::<management account>:account/…';

const folder = scratch();

const fieldCase = (path: string): Buffer => readFileSync(join(__dirname, '../cases/field', path));

function read(content: string | Buffer | undefined): ReturnType<typeof readListAccountsFiles> {
  const estate = new EstateFolder(folder());
  if (content !== undefined) estate.write('accounts.json', content);
  return readListAccountsFiles(new FolderStore(estate.path), AS_OF);
}

const list = (...accounts: readonly unknown[]): string => JSON.stringify({ Accounts: accounts });

test.each([
  {
    what: 'a missing file',
    content: undefined,
    expected: 'accounts.json: expected the file to be there: the output of `aws organizations list-accounts`',
  },
  {
    what: 'a file that is not JSON',
    content: 'Accounts:',
    expected: /^accounts\.json: expected JSON \(.+\)$/,
  },
  {
    what: 'JSON without a list',
    content: '[]',
    expected: 'accounts.json: expected an object with a list named Accounts',
  },
  { what: 'an empty list', content: list(), expected: 'accounts.json: expected at least one account' },
  {
    what: 'an id without its leading zeros',
    content: list(ACCOUNT, { ...ACCOUNT, Id: '12345678901' }),
    expected:
      'accounts.json, row 2, column Id: found "12345678901", expected a 12-digit account id; this one has 11 digits: a spreadsheet removed its leading zeros (the setting pad_account_ids restores them)',
  },
  {
    what: 'an id that is a number and lost its leading zeros',
    content: list({ ...ACCOUNT, Id: 1 }),
    expected:
      /^accounts\.json, row 1, column Id: found "1", expected a 12-digit account id; this one has 1 digits/,
  },
  {
    what: 'an ARN of another service',
    content: list({ ...ACCOUNT, Arn: 'arn:aws:iam::1:root' }),
    expected: `accounts.json, row 1, column Arn: found "arn:aws:iam::1:root", expected ${ARN}`,
  },
  {
    what: 'an unknown state',
    content: list({ ...ACCOUNT, State: 'GONE' }),
    expected:
      'accounts.json, row 1, column State: found "GONE", expected PENDING_ACTIVATION, ACTIVE, SUSPENDED, PENDING_CLOSURE, CLOSED',
  },
  {
    what: 'an account twice with different values',
    content: list(ACCOUNT, { ...ACCOUNT, Name: 'Another name' }),
    expected:
      'accounts.json, row 2, column Id: found "000000000001", expected every account once; it is listed twice with different values',
  },
  {
    what: 'two management accounts',
    content: list(ACCOUNT, {
      ...listedAccount('000000000002'),
      Arn: 'arn:aws:organizations::000000000043:account/o-abcdefghij/000000000002',
    }),
    expected:
      'accounts.json: expected one management account in all ARNs, found 000000000042 and 000000000043',
  },
  {
    what: 'one page of several',
    content: fieldCase('carbon-first-page-of-accounts/first-page.json'),
    expected:
      'accounts.json, column NextToken: found "eyJNYXJrZXIiOiBudWxsfQ==", expected all accounts, this is one page of several: run `aws organizations list-accounts` without --max-items and --no-paginate',
  },
])('$what is an error that names the place', async ({ content, expected }) => {
  const message = await read(content).then(
    () => 'nothing',
    (error: unknown) => (error as Error).message,
  );
  if (typeof expected === 'string') expect(message).toBe(expected);
  else expect(message).toMatch(expected);
});

test('the management account of the ARNs pays, and accounts are ordered by id', async () => {
  const snapshot = await read(list(listedAccount('000000000002'), ACCOUNT));
  expect(snapshot).toMatchObject({ asOf: AS_OF, payerAccountId: '000000000042' });
  expect(snapshot.accounts.map(({ accountId }) => accountId)).toEqual(['000000000001', '000000000002']);
});

test.each([
  { given: { State: 'CLOSED' }, state: 'CLOSED' },
  { given: { State: 'PENDING_ACTIVATION', Status: 'ACTIVE' }, state: 'PENDING_ACTIVATION' },
  { given: { State: undefined, Status: 'SUSPENDED' }, state: 'SUSPENDED' },
])('the state of $given is $state: an older CLI printed Status', async ({ given, state }) => {
  const { accounts } = await read(list({ ...ACCOUNT, ...given }));
  expect(accounts[0]?.state).toBe(state);
});

test('a byte order mark and further members of an account are ignored', async () => {
  const snapshot = await read(`\ufeff${list({ ...ACCOUNT, Paths: ['x'] })}`);
  expect(snapshot.accounts).toHaveLength(1);
});

test.each([
  ['the complete list of an organization', 'carbon-first-page-of-accounts/full.json'],
  ['a list in UTF-16, which Windows PowerShell writes,', 'carbon-encoding-and-case/utf16-accounts.json'],
])('%s is read', async (_, file) => {
  const { accounts } = await read(fieldCase(file));
  expect(accounts.map(({ accountId }) => accountId)).toEqual([
    '033333333333',
    '111111111111',
    '222222222222',
  ]);
});

test('an account that is listed twice with the same values counts once', async () => {
  const { accounts } = await read(list(ACCOUNT, listedAccount('000000000002'), ACCOUNT));
  expect(accounts.map(({ accountId }) => accountId)).toEqual(['000000000001', '000000000002']);
});

test('an id that is a number of 12 digits is read', async () => {
  const { accounts } = await read(list({ ...listedAccount('123456789012'), Id: 123456789012 }));
  expect(accounts.map(({ accountId }) => accountId)).toEqual(['123456789012']);
});

test('no e-mail address is kept', async () => {
  expect(JSON.stringify(await read(list(ACCOUNT)))).not.toContain('@');
  expect(ACCOUNT.Email).toContain('@');
});
