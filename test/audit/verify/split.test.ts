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

/** SQL of a column that has another value where a condition holds. */
const changed = (column: string, condition: string, value: string): string =>
  `CASE WHEN ${condition} THEN ${value} ELSE ${column} END AS ${column}`;

describe.each([AWS_NAME, TAGGED])('of %s', (name) => {
  test.each([
    [
      'another value, place, unit and version',
      `* REPLACE (${[
        changed(MBM, "product_code = 'AWSLambda'", `${MBM} * 1.000001`),
        changed('location', "product_code = 'AmazonRDS'", "'Elsewhere'"),
        changed('total_mbm_emissions_unit', "region_code = 'c9'", "'kg'"),
        changed('model_version', "product_code = 'AmazonEC2' AND region_code = 'c1'", "'v9.0.0'"),
      ].join(', ')}) ${FILE}`,
      [
        `column ${MBM}: found 2.000002, expected 2`,
        'column location: found "Elsewhere", expected "Name of c1"',
        'column total_mbm_emissions_unit: found "kg", expected "MTCO2e"',
        'column model_version: found "v9.0.0"',
      ],
    ],
    [
      'a value and a row that are missing',
      `* REPLACE (${changed(MBM, "product_code = 'AmazonRDS'", 'NULL')}) ${FILE} WHERE product_code <> 'AWSLambda'`,
      [`column ${MBM}: found null, expected 6`, 'AWSLambda'],
    ],
    [
      'a row that is there twice, and another product',
      `* REPLACE (replace(product_code, 'AmazonRDS', 'AmazonS3') AS product_code) ${FILE} UNION ALL SELECT * ${FILE} WHERE product_code = 'AWSLambda'`,
      ['found 2 times, expected 1 times', 'found in the file, expected no such row from the inputs'],
    ],
  ])('%s are reported', async (_, rows, messages) => {
    const out = copyFolder(published.out, folder());
    await damage(join(out, dataKey(name, AT, 'parquet')), rows);
    const found = await verifyEstate(published.inputs, out, NAMED, name);
    for (const message of messages) {
      expect(differencesIn(found)).toContainEqual(expect.stringContaining(message));
    }
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
