import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataKey, asExportMonth, manifestKey } from '../../../shared/exports/layout';
import { withSession } from '../../../shared/sql/duck-session';
import { AWS_NAME, AWS_ROW, carbonCsv, carbonFile, runSplit } from '../../support/aws-totals';
import { billCsv, type BillRow, codedRow, FOCUS_BILL } from '../../support/bills';
import { readManifest } from '../../support/export-reader';
import { copyFolder } from '../../support/folder-contents';
import { scratch } from '../../support/scratch';
import { differencesIn, verifyEstate } from '../../support/verify-command';

/*
 * Months of AWS's totals are split once more; every difference is reported.
 */

const folder = scratch();
const AT = asExportMonth('2025-01', 'v3.0.0');
const MBM = 'total_mbm_emissions_value';
const TAGGED = `${AWS_NAME}-by-tag-team`;

const line = (service: string, cost: string, team = ''): BillRow =>
  codedRow(
    { account: AWS_ROW.account, region: 'c1', service, cost },
    { Tags: team === '' ? '' : JSON.stringify({ team }) },
  );

/** 8 MTCO2e of Other over costs of 3 and 1, EC2 over two teams, and a row that stays whole. */
const FILES = {
  [carbonFile()]: carbonCsv([
    AWS_ROW,
    { ...AWS_ROW, product: 'Other', values: { total_mbm_emissions: '8' } },
    { ...AWS_ROW, region: 'c9', values: { total_mbm_emissions: '5' } },
  ]),
  [FOCUS_BILL]: billCsv([
    line('AmazonRDS', '3', '=red'),
    line('AWSLambda', '1'),
    line('AmazonEC2', '0.1', 'red'),
    line('AmazonEC2', '0.2', 'blue'),
    line('AmazonEC2', '-1', 'green'),
  ]),
};

const NAMED = '--export-name';

test.each([
  ['Parquet', []],
  ['CSV', ['--format', 'csv']],
])('a split that is right has no difference, whole or by tag, in %s', async (_, options) => {
  const { inputs, out } = await runSplit(folder(), FILES, '--by', 'tag:team', ...options);
  for (const [name, rows] of [
    [AWS_NAME, 4],
    [TAGGED, 5],
  ] as const) {
    const found = await verifyEstate(inputs.path, out, NAMED, name);
    expect(differencesIn(found)).toEqual([]);
    expect(found.code).toBe(0);
    expect(found.months[0]?.rows).toBe(rows);
    expect(found.months[0]?.values).toBeGreaterThanOrEqual(rows);
  }
});

test('without bills the rows stay whole, and that is verified', async () => {
  const { inputs, out } = await runSplit(folder(), { [carbonFile()]: carbonCsv([AWS_ROW]) });
  const found = await verifyEstate(inputs.path, out, NAMED, AWS_NAME);
  expect(differencesIn(found)).toEqual([]);
  expect(found.code).toBe(0);
});

test('rows without a product and of Other, and values below 0, are compared exactly', async () => {
  const values = { total_mbm_emissions: '-0.3', total_lbm_emissions: '0.1' };
  const { inputs, out } = await runSplit(folder(), {
    ...FILES,
    [carbonFile()]: carbonCsv([
      { ...AWS_ROW, product: '', values },
      { ...AWS_ROW, product: 'Other', values: { total_mbm_emissions: '8' } },
    ]),
  });
  const found = await verifyEstate(inputs.path, out, NAMED, AWS_NAME);
  expect(differencesIn(found)).toEqual([]);
  expect(found.code).toBe(0);
});

/** Writes the data file again with other rows. */
async function damage(path: string, rows: string): Promise<void> {
  const copy = `${path}.copy`;
  await withSession({}, (session) =>
    session.run(`COPY (SELECT ${rows}) TO $2 (FORMAT parquet)`, [path, copy]),
  );
  renameSync(copy, path);
}

const FILE = 'FROM read_parquet($1, hive_partitioning = false)';

const published = { inputs: '', out: '' };

beforeAll(async () => {
  const { inputs, out } = await runSplit(folder(), FILES, '--by', 'tag:team');
  Object.assign(published, { inputs: inputs.path, out });
});

describe.each([AWS_NAME, TAGGED])('of %s', (name) => {
  test.each([
    [
      'a value that is off',
      `* REPLACE (${MBM} * 1.000001 AS ${MBM}) ${FILE}`,
      `column ${MBM}: found 2.000002, expected 2`,
    ],
    [
      'a value that is not there',
      `* REPLACE (CASE WHEN product_code <> 'AmazonRDS' THEN ${MBM} END AS ${MBM}) ${FILE}`,
      `column ${MBM}: found null, expected 6`,
    ],
    ['a row too few', `* ${FILE} WHERE product_code <> 'AWSLambda'`, 'AWSLambda'],
    [
      'a row twice',
      `* ${FILE} UNION ALL SELECT * ${FILE} WHERE product_code = 'AWSLambda'`,
      'found 2 times, expected 1 times',
    ],
    [
      'another product',
      `* REPLACE (replace(product_code, 'AmazonRDS', 'AmazonS3') AS product_code) ${FILE}`,
      'found in the file, expected no such row from the inputs',
    ],
    [
      'another place',
      `* REPLACE ('Elsewhere' AS location) ${FILE}`,
      'column location: found "Elsewhere", expected "Name of c1"',
    ],
    [
      'another unit',
      `* REPLACE ('kg' AS total_mbm_emissions_unit) ${FILE}`,
      'column total_mbm_emissions_unit: found "kg", expected "MTCO2e"',
    ],
    [
      'another version',
      `* REPLACE ('v9.0.0' AS model_version) ${FILE}`,
      'column model_version: found "v9.0.0"',
    ],
  ])('%s is reported', async (_, rows, message) => {
    const out = copyFolder(published.out, folder());
    await damage(join(out, dataKey(name, AT, 'parquet')), rows);
    const found = await verifyEstate(published.inputs, out, NAMED, name);
    expect(differencesIn(found)).toContainEqual(expect.stringContaining(message));
    expect(found.code).toBe(1);
  });
});

test('a ledger that is not what AWS’s rows add up to is reported', async () => {
  const out = copyFolder(published.out, folder());
  const manifest = readManifest({ out, exportName: AWS_NAME, ...AT });
  const { awsTotals } = manifest;
  const wrong = JSON.stringify({ ...manifest, awsTotals: { ...awsTotals, rows: { aws: 4, unsplit: 1 } } });
  writeFileSync(join(out, manifestKey(AWS_NAME, AT)), wrong.replaceAll('"aws":14', '"aws":15'));
  const differences = differencesIn(await verifyEstate(published.inputs, out, NAMED, AWS_NAME));
  expect(differences).toContainEqual("ledger, AWS's rows: found 4 in the manifest, expected 3");
  expect(differences).toContainEqual(
    `ledger, all accounts, ${MBM}, AWS's total: found 15 MTCO2e, expected 14 MTCO2e`,
  );
});
