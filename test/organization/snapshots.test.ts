import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EstateFolder } from '../support/estate-folder';
import type { EstateTables } from '../support/estates/estate-tables';
import { listedAccount, monthlyEstate } from '../support/estates/monthly-estate';
import { EXPORT_NAME } from '../support/export-name';
import { readManifest } from '../support/export-reader';
import { hashesAndTimesOf } from '../support/folder-contents';
import { nonEmpty } from '../support/non-empty';
import { runEstate, statusesOf } from '../support/run-command';
import { scratch } from '../support/scratch';

const folder = scratch();

const accountsFile = (...accounts: EstateTables['accounts']['Accounts']): string =>
  JSON.stringify({ Accounts: [listedAccount('000000000042'), ...accounts] });

interface Kept {
  readonly accountId: string;
  readonly accountName: string;
  readonly left: boolean;
}

function snapshotOf(out: string, month: string): Kept[] {
  const text = readFileSync(join(out, 'organization', `usage_period=${month}`, 'snapshot.json'), 'utf8');
  return (JSON.parse(text) as { accounts: Kept[] }).accounts;
}

const organizationIn = (out: string): Record<string, string> =>
  hashesAndTimesOf(out, (path) => /^(organization|accounts)\//.test(path));

test('the first snapshot of a month stays, byte for byte, when the organization changes', async () => {
  // Prepare
  const estate = EstateFolder.of(monthlyEstate(), join(folder(), 'inputs'));
  const out = folder();
  await runEstate(estate.path, out);
  const before = organizationIn(out);
  // Act
  estate.write('accounts.json', accountsFile(listedAccount('000000000001', 'Renamed')));
  const run = await runEstate(estate.path, out, '--as-of', '2025-03-31');
  // Assess
  expect(new Set(Object.values(statusesOf(run)))).toEqual(new Set(['unchanged']));
  expect(organizationIn(out)).toEqual(before);
});

test('an account that left is kept with its last known name, in every later snapshot', async () => {
  // Prepare
  const estate = EstateFolder.of(monthlyEstate(), join(folder(), 'inputs'));
  const out = folder();
  estate.write('accounts.json', accountsFile(listedAccount('000000000001', 'Old name')));
  await runEstate(estate.path, out, '--as-of', '2025-03-15');
  // Act
  estate.write('accounts.json', accountsFile(listedAccount('000000000002')));
  await runEstate(estate.path, out, '--as-of', '2025-04-15');
  await runEstate(estate.path, out, '--as-of', '2025-05-15');
  // Assess
  for (const month of ['2025-04', '2025-05']) {
    expect(snapshotOf(out, month)).toMatchObject([
      { accountId: '000000000001', accountName: 'Old name', left: true },
      { accountId: '000000000002', left: false },
      { accountId: '000000000042', left: false },
    ]);
  }
});

test('months before the first snapshot use the first one, and their manifests have its instant', async () => {
  // Prepare
  const estate = EstateFolder.of(monthlyEstate(), join(folder(), 'inputs'));
  const out = folder();
  await runEstate(estate.path, out, '--as-of', '2025-02-15', '--months', '1');
  // Act
  await runEstate(estate.path, out, '--as-of', '2025-03-15');
  // Assess
  for (const [month, modelVersion] of [
    ['2024-12', 'v1.0.0'],
    ['2025-01', 'v2.0.0'],
    ['2025-02', 'v2.0.0'],
  ] as const) {
    const { metadataAsOf } = readManifest({ out, exportName: EXPORT_NAME, month, modelVersion });
    expect([month, metadataAsOf]).toEqual([month, '2025-02-15T00:00:00.000Z']);
  }
});

test('an invalid accounts.json fails every month of a first run, but no month with a snapshot', async () => {
  // Prepare
  const estate = EstateFolder.of(monthlyEstate(), join(folder(), 'inputs'));
  const out = folder();
  await runEstate(estate.path, out);
  estate.write('accounts.json', 'no JSON');
  // Act
  const first = await runEstate(estate.path, folder());
  const later = await runEstate(estate.path, out, '--as-of', '2025-04-15');
  // Assess
  expect(first.code).toBe(1);
  expect(
    nonEmpty(first.months).every(({ error }) => error?.startsWith('accounts.json: expected JSON (')),
  ).toBe(true);
  expect(first.problems).toEqual([
    expect.stringMatching(/^the organization could not be read: accounts\.json: expected JSON \(/),
  ]);
  expect(new Set(Object.values(statusesOf(later)))).toEqual(new Set(['unchanged']));
  expect(later).toMatchObject({ code: 1, problems: first.problems });
});

test.each(['', '{', '{"asOf":1}'])('a damaged snapshot (%j) is an error with its name', async (text) => {
  // Prepare
  const estate = EstateFolder.of(monthlyEstate(), join(folder(), 'inputs'));
  const out = folder();
  await runEstate(estate.path, out);
  new EstateFolder(out).write('organization/usage_period=2025-03/snapshot.json', text);
  estate.append('usage/usage_period=2025-01/usage-part-1.csv', '000000000001,c1,A,1,');
  // Act
  const run = await runEstate(estate.path, out);
  // Assess
  expect(run.code).toBe(1);
  expect(run.outcomes['2025-01']?.error).toMatch(
    /^organization\/usage_period=2025-03\/snapshot\.json: expected a snapshot of the organization \(.+\); restore the file that was there before$/,
  );
});
