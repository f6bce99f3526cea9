import { join } from 'node:path';
import { EstateFolder } from '../support/estate-folder';
import { listedAccount, monthlyEstate } from '../support/estates/monthly-estate';
import { carbonExports, runEstate } from '../support/run-command';
import { scratch } from '../support/scratch';
import { FolderStore } from '../../shared/stores/folder-store';

const folder = scratch();

const list = (...names: readonly string[]): string =>
  JSON.stringify({
    Accounts: ['000000000042', '000000000001', '000000000002'].flatMap((id, index) =>
      names[index] === undefined ? [] : [listedAccount(id, names[index])],
    ),
  });

async function accountsIn(out: string): Promise<unknown> {
  const options = ['--export-name', 'carbon', '--format', 'json'];
  const sql = 'SELECT account_id, account_name, has_left FROM accounts ORDER BY 1, usage_period';
  const { stdout, stderr } = await carbonExports('query', sql, '--out', out, ...options);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

const refresh = (inputs: string, out: string, month = '2025-03'): ReturnType<typeof carbonExports> =>
  carbonExports(
    ...['accounts', 'refresh', '--inputs', inputs, '--out', out],
    ...['--month', month, '--as-of', '2025-03-20'],
  );

/** A published estate whose accounts.json has changed since its snapshot was taken. */
async function withWrongSnapshot(): Promise<{ readonly estate: EstateFolder; readonly out: string }> {
  const estate = EstateFolder.of(monthlyEstate(), join(folder(), 'inputs'));
  const out = folder();
  estate.write('accounts.json', list('Payer', 'One'));
  expect((await runEstate(estate.path, out)).code).toBe(0);
  estate.write('accounts.json', list('Payer', 'First', 'Two'));
  return { estate, out };
}

describe('a list of accounts that differs from the snapshot of its month', () => {
  test('is reported by a run, which keeps the snapshot', async () => {
    const { estate, out } = await withWrongSnapshot();
    const { code, stdout } = await carbonExports(
      ...['run', '--inputs', estate.path, '--out', out, '--export-name', 'carbon', '--as-of', '2025-03-15'],
    );
    expect(code).toBe(0);
    expect(stdout).toContain(
      'accounts.json differs from the snapshot of 2025-03, which counts: 1 account added, 0 no longer listed, 1 changed. To replace the snapshot: carbon-exports accounts refresh --month 2025-03',
    );
  });

  test('replaces the snapshot by accounts refresh, and the replaced one is in history', async () => {
    const { estate, out } = await withWrongSnapshot();
    const before = await new FolderStore(out).get('organization/usage_period=2025-03/snapshot.json');
    const { code, stdout } = await refresh(estate.path, out);
    expect([code, stdout]).toEqual([
      0,
      'The snapshot of 2025-03 is replaced: 1 account added, 0 no longer listed, 1 changed. The next run updates the months that use it.\n',
    ]);
    expect(await accountsIn(out)).toEqual([
      { account_id: '000000000001', account_name: 'First', has_left: 'false' },
      { account_id: '000000000002', account_name: 'Two', has_left: 'false' },
      { account_id: '000000000042', account_name: 'Payer', has_left: 'false' },
    ]);
    const [kept, ...others] = await new FolderStore(out).list('organization/history/');
    expect(others).toEqual([]);
    expect(kept?.key).toMatch(/^organization\/history\/usage_period=2025-03\/snapshot-[0-9a-f]{16}\.json$/);
    expect((await new FolderStore(out).get(kept?.key ?? ''))?.body).toEqual(before?.body);
    const again = await refresh(estate.path, out);
    expect(again.stdout).toBe('The snapshot of 2025-03 has the same accounts and stays.\n');
  });
});

test('a refresh that was interrupted before it wrote the table is completed by the next one', async () => {
  const { estate, out } = await withWrongSnapshot();
  const table = 'accounts/usage_period=2025-03/accounts.parquet';
  const store = new FolderStore(out);
  const before = await store.get(table);
  expect((await refresh(estate.path, out)).code).toBe(0);
  const replaced = await store.get(table);
  expect(replaced?.body).not.toEqual(before?.body);
  await store.put(table, before?.body ?? '');
  expect((await refresh(estate.path, out)).code).toBe(0);
  expect((await store.get(table))?.body).toEqual(replaced?.body);
});

test('an account of the replaced snapshot that is no longer listed stays, marked as left', async () => {
  const { estate, out } = await withWrongSnapshot();
  estate.write('accounts.json', list('Payer'));
  expect((await refresh(estate.path, out)).code).toBe(0);
  expect(await accountsIn(out)).toEqual([
    { account_id: '000000000001', account_name: 'One', has_left: 'true' },
    { account_id: '000000000042', account_name: 'Payer', has_left: 'false' },
  ]);
});

test('a month without a snapshot is an error that says where it was expected', async () => {
  const estate = EstateFolder.of(monthlyEstate(), join(folder(), 'inputs'));
  const out = folder();
  expect((await runEstate(estate.path, out)).code).toBe(0);
  const { code, stderr } = await refresh(estate.path, out, '2024-01');
  expect(code).toBe(1);
  expect(stderr).toContain('snapshot.json: found no snapshot of 2024-01, expected one to replace');
});
