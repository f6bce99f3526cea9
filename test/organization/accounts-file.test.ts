import { readListAccountsFiles } from '../../shared/organization/list-accounts-file';
import { FolderStore } from '../../shared/stores/folder-store';
import { EstateFolder, listedAccount, scratch } from '../support/tiny-run';

const AS_OF = '2025-03-15T00:00:00.000Z';
const ACCOUNT = listedAccount('000000000001');
const ARN = 'an ARN arn:aws:organizations::<management account>:account/…';

const folder = scratch();

function read(content: string | undefined): ReturnType<typeof readListAccountsFiles> {
  const estate = new EstateFolder(folder());
  if (content !== undefined) estate.write('accounts.json', content);
  return readListAccountsFiles(new FolderStore(estate.path), AS_OF);
}

const list = (...accounts: readonly unknown[]): string => JSON.stringify({ Accounts: accounts });

test.each([
  {
    what: 'a missing file',
    content: undefined,
    said: 'accounts.json: expected the file to be there: what `aws organizations list-accounts` prints',
  },
  { what: 'no JSON', content: 'Accounts:', said: /^accounts\.json: expected JSON \(.+\)$/ },
  {
    what: 'another JSON',
    content: '[]',
    said: 'accounts.json: expected an object with a list named Accounts',
  },
  { what: 'no account', content: list(), said: 'accounts.json: expected at least one account' },
  {
    what: 'an id that lost its zeros',
    content: list(ACCOUNT, { ...ACCOUNT, Id: '12345678901' }),
    said: 'accounts.json, row 2, column Id: found "12345678901", expected a 12-digit account id; this one has 11 digits: a spreadsheet ate its leading zeros (the setting pad_account_ids restores them)',
  },
  {
    what: 'an id that is a number',
    content: list({ ...ACCOUNT, Id: 123456789012 }),
    said: /^accounts\.json, row 1, column Id: found "123456789012", expected /,
  },
  {
    what: 'an ARN that is none',
    content: list({ ...ACCOUNT, Arn: 'arn:aws:iam::1:root' }),
    said: `accounts.json, row 1, column Arn: found "arn:aws:iam::1:root", expected ${ARN}`,
  },
  {
    what: 'a state that is none',
    content: list({ ...ACCOUNT, State: 'GONE' }),
    said: 'accounts.json, row 1, column State: found "GONE", expected PENDING_ACTIVATION, ACTIVE, SUSPENDED, PENDING_CLOSURE, CLOSED',
  },
  {
    what: 'an account twice',
    content: list(ACCOUNT, ACCOUNT),
    said: 'accounts.json, column Id: found "000000000001", expected every account once',
  },
  {
    what: 'two management accounts',
    content: list(ACCOUNT, {
      ...listedAccount('000000000002'),
      Arn: 'arn:aws:organizations::000000000043:account/o-abcdefghij/000000000002',
    }),
    said: 'accounts.json: expected one management account in all ARNs, found 000000000042 and 000000000043',
  },
])('$what is told exactly', async ({ content, said }) => {
  const message = await read(content).then(
    () => 'nothing',
    (error: unknown) => (error as Error).message,
  );
  if (typeof said === 'string') expect(message).toBe(said);
  else expect(message).toMatch(said);
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

test('a byte order mark is fine, and so is what the CLI prints beside', async () => {
  const snapshot = await read(`\ufeff${list({ ...ACCOUNT, Paths: ['x'] })}`);
  expect(snapshot.accounts).toHaveLength(1);
});

test('no e-mail address is kept', async () => {
  expect(JSON.stringify(await read(list(ACCOUNT)))).not.toContain('@');
  expect(ACCOUNT.Email).toContain('@');
});
