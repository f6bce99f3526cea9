import { join } from 'node:path';
import { BAD, fileOf } from '../support/bad-input';
import { EstateFolder } from '../support/estate-folder';
import { monthlyEstate } from '../support/estates/monthly-estate';
import { EXPORT_NAME } from '../support/export-name';
import { readExportRows, readManifest } from '../support/export-reader';
import { copyFolder } from '../support/folder-contents';
import { runEstate } from '../support/run-command';
import { scratch } from '../support/scratch';

/*
 * Account ids are texts of 12 digits. A spreadsheet eats their leading zeros; one setting restores them.
 */

const PLACE = { exportName: EXPORT_NAME, month: BAD, modelVersion: 'v2.0.0', format: 'parquet' } as const;

const folder = scratch();
let inputs = '';
let expected: unknown;

/** The estate as a spreadsheet would save it: no id has a leading zero. */
function withoutZeros(): EstateFolder {
  const estate = new EstateFolder(copyFolder(inputs, folder()));
  for (const file of [fileOf('usage'), 'internal_accounts.csv']) {
    estate.write(file, estate.read(file).replaceAll(/^0+(?=\d)/gm, ''));
  }
  return estate;
}

beforeAll(async () => {
  inputs = EstateFolder.of(monthlyEstate([BAD]), join(folder(), 'inputs')).path;
  const out = folder();
  expect((await runEstate(inputs, out)).code).toBe(0);
  expected = await readExportRows({ out, ...PLACE });
});

test('ids without their zeros are an error by default, in each table and row', async () => {
  // Prepare
  const estate = withoutZeros();
  const ate = (digits: number): string =>
    `a 12-digit account id; this one has ${String(digits)} digits: a spreadsheet removed its leading zeros (the setting pad_account_ids restores them)`;
  // Act
  const internal = await runEstate(estate.path, folder());
  estate.write('internal_accounts.csv', 'account_id\n000000000009\n');
  const usage = await runEstate(estate.path, folder());
  // Assess
  expect(internal.outcomes[BAD]?.error).toBe(
    `internal_accounts.csv, row 1, column account_id: found "9", expected ${ate(1)}`,
  );
  expect(usage.outcomes[BAD]?.error).toBe(
    ['1', '2', '2', '9']
      .map(
        (id, index) =>
          `${fileOf('usage')}, row ${String(index + 1)}, column usage_account_id: found "${id}", expected ${ate(1)}`,
      )
      .join('\n'),
  );
});

test.each([
  { how: 'the setting', settings: '{ "pad_account_ids": true }', options: [] },
  { how: 'the option', settings: '{}', options: ['--pad-account-ids'] },
])('$how pads ids of usage and of internal_accounts', async ({ settings, options }) => {
  // Prepare
  const estate = withoutZeros();
  estate.write('settings.json', settings);
  const out = folder();
  // Act
  const run = await runEstate(estate.path, out, ...options);
  // Assess
  expect(run.code).toBe(0);
  expect(await readExportRows({ out, ...PLACE })).toEqual(expected);
  expect(readManifest({ out, ...PLACE }).unknownAccounts).toEqual({ count: 0, accountIds: [] });
});

test('padding lets no other id through', async () => {
  // Prepare
  const estate = new EstateFolder(copyFolder(inputs, folder()));
  const ids = ['', '-1', '1.5', '1e3', ' 1', '0000000000011', 'x', '1_1'];
  estate.append(fileOf('usage'), ...ids.map((id) => `${id},c1,A,1,`));
  // Act
  const run = await runEstate(estate.path, folder(), '--pad-account-ids');
  // Assess
  expect(run.outcomes[BAD]?.error?.split('\n')).toEqual(
    ids.map(
      (id, index) =>
        `${fileOf('usage')}, row ${String(index + 5)}, column usage_account_id: found ${JSON.stringify(id)}, expected a 12-digit account id`,
    ),
  );
});

test('padding leaves ids of 12 digits alone and adds what has lost its zeros to its own account', async () => {
  // Prepare
  const estate = new EstateFolder(copyFolder(inputs, folder()));
  estate.edit(fileOf('usage'), '000000000002,c1,B', '2,c1,B');
  const out = folder();
  // Act
  const run = await runEstate(estate.path, out, '--pad-account-ids');
  // Assess
  expect(run.code).toBe(0);
  expect(await readExportRows({ out, ...PLACE })).toEqual(expected);
});

test('an account that is in no snapshot is exported all the same, and counted', async () => {
  // Prepare
  const estate = new EstateFolder(copyFolder(inputs, folder()));
  estate.append(fileOf('usage'), '123456789012,c1,A,1,');
  const out = folder();
  // Act
  const run = await runEstate(estate.path, out);
  // Assess
  expect(run.code).toBe(0);
  expect(run.outcomes[BAD]?.summary?.unknownAccounts).toBe(1);
  expect(readManifest({ out, ...PLACE }).unknownAccounts).toEqual({ count: 1, accountIds: ['123456789012'] });
  const rows = await readExportRows({ out, ...PLACE });
  expect(rows.map((row) => row['usage_account_id'])).toContain('123456789012');
});
