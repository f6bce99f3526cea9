import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  AWS_NAME,
  AWS_ROW,
  carbonCsv,
  carbonFile,
  GENERATIONS,
  runSplit,
  splitManifestOf,
  splitRowsOf,
} from '../../support/aws-totals';
import { billCsv, codedRow, estateWithoutUsage, FOCUS_BILL, focusRow } from '../../support/bills';
import { EstateFolder } from '../../support/estate-folder';
import { listedAccount, monthlyEstate } from '../../support/estates/monthly-estate';
import { EXPORT_NAME } from '../../support/export-name';
import { copyFolder, hashesAndTimesOf, hashesOf } from '../../support/folder-contents';
import { carbonExports, runCommand, runEstate } from '../../support/run-command';
import { scratch } from '../../support/scratch';

const folder = scratch();

const CARBON = carbonFile();

const bill = (account = AWS_ROW.account, month = '2025-01'): string =>
  billCsv([
    codedRow({
      ...{ account, service: 'AmazonEC2' },
      ...{ start: `${month}-10 00:00:00`, end: `${month}-10 01:00:00` },
    }),
  ]);

const FILES = { [CARBON]: carbonCsv([AWS_ROW]), [FOCUS_BILL]: bill() };

/** A run over {@link FILES}. */
let base: Awaited<ReturnType<typeof runSplit>>;

beforeAll(async () => {
  base = await runSplit(folder(), FILES);
});

describe('an estate of AWS carbon and bills and nothing else', () => {
  test('a second run changes no byte and no file', async () => {
    const { inputs, out } = base;
    const before = hashesAndTimesOf(out);
    const again = await runEstate(inputs.path, out);
    expect(again.outcomes['2025-01']?.status).toBe('unchanged');
    expect(hashesAndTimesOf(out)).toEqual(before);
  });

  test('has the same bytes with any number of files and at any place of a layout', async () => {
    const other = { ...AWS_ROW, account: '000000000002' };
    const one = await runSplit(folder(), { ...FILES, [CARBON]: carbonCsv([AWS_ROW, other]) });
    const two = await runSplit(folder(), {
      [FOCUS_BILL]: bill(),
      'aws_carbon/carbon_model_version=v3.0.0/usage_period=2025-01/b.csv.gz': gzipSync(carbonCsv([AWS_ROW])),
      'aws_carbon/carbon_model_version=v3.0.0/usage_period=2025-01/a.csv.gz': gzipSync(carbonCsv([other])),
    });
    expect([one.code, two.code]).toEqual([0, 0]);
    const dataOf = (out: string): unknown => hashesOf(join(out, AWS_NAME, 'data'));
    expect(dataOf(two.out)).toEqual(dataOf(one.out));
  });

  test.each([11, 13, 23])('%i columns: what AWS does not have is null', async (columns) => {
    const emissions = GENERATIONS.find(({ length }) => 9 + 2 * length === columns) ?? [];
    const text = carbonCsv([AWS_ROW], { emissions });
    expect(text.split('\n')[0]?.split(',')).toHaveLength(columns);
    const { out } = await runSplit(folder(), { ...FILES, [CARBON]: text });
    const [row] = await splitRowsOf(out);
    expect(row?.['total_mbm_emissions_value']).toBe(1);
    expect(row?.['total_lbm_emissions_value'] ?? null).toBe(columns === 11 ? null : 2);
    expect(row?.['total_scope_1_emissions_value'] ?? null).toBeNull();
    expect(splitManifestOf(out).warnings.some((text) => text.includes('does not have'))).toBe(true);
  });

  test('Parquet has the same rows as CSV', async () => {
    const inputs = new EstateFolder(copyFolder(base.inputs.path, folder()));
    await inputs.parquet(
      CARBON,
      'SELECT * REPLACE (CAST(total_mbm_emissions_value AS DOUBLE) AS total_mbm_emissions_value, CAST(usage_period_start AS TIMESTAMPTZ) AS usage_period_start) FROM csv',
    );
    const out = folder();
    const run = await runEstate(inputs.path, out);
    expect(run.code).toBe(0);
    expect(await splitRowsOf(out)).toEqual(await splitRowsOf(base.out));
  });

  test('usage of racks in the same folder changes nothing of AWS’s accounts', async () => {
    const usage =
      'usage_account_id,cluster_id,product_code,usage_quantity,usage_revenue\n000000000009,c1,A,1,1\n';
    const beside = await runSplit(folder(), { ...FILES, 'usage/usage_period=2025-01/part.csv': usage });
    expect(beside.outcomes['2025-01']?.error).toBeUndefined();
    expect(await splitRowsOf(beside.out)).toEqual(await splitRowsOf(base.out));
  });

  test('an export of AWS’s totals takes no others', async () => {
    const out = copyFolder(base.out, folder());
    const estate = estateWithoutUsage(join(folder(), 'own'));
    estate.write(FOCUS_BILL, billCsv([focusRow()]));
    const run = await carbonExports(
      ...['run', '--inputs', estate.path, '--out', out, '--export-name', AWS_NAME],
    );
    expect(run.stderr).toContain(`export ${AWS_NAME} holds AWS's totals: choose another export name`);
  });

  test('a restated month is split again, and a new version is stored next to the old one', async () => {
    const inputs = new EstateFolder(copyFolder(base.inputs.path, folder()));
    const out = copyFolder(base.out, folder());
    const before = await splitRowsOf(out);
    inputs.write(carbonFile('2025-01', 'v3.1.0'), carbonCsv([AWS_ROW], { version: 'v3.1.0' }));
    inputs.write(CARBON, carbonCsv([{ ...AWS_ROW, values: { total_mbm_emissions: '7' } }]));
    const run = await runEstate(inputs.path, out, '--as-of', '2025-04-20');
    expect(run.months.map(({ modelVersion, status }) => [modelVersion, status])).toEqual([
      ['v3.0.0', 'published'],
      ['v3.1.0', 'published'],
    ]);
    expect(run.months[0]?.restatement?.because).toEqual(['aws_carbon']);
    expect(before[0]?.['total_mbm_emissions_value']).toBe(1);
    expect((await splitRowsOf(out))[0]?.['total_mbm_emissions_value']).toBe(7);
    expect((await splitRowsOf(out, '2025-01', 'v3.1.0'))[0]?.['total_mbm_emissions_value']).toBe(1);
    // carbon_latest takes the newest version of each month.
    const sql =
      'SELECT carbon_model_version, sum(total_mbm_emissions_value) AS mbm FROM carbon_latest GROUP BY 1';
    const query = await carbonExports(
      ...['query', '--out', out, '--export-name', AWS_NAME, '--format', 'json', sql],
    );
    expect(query.code).toBe(0);
    expect(JSON.parse(query.stdout)).toMatchObject([{ carbon_model_version: 'v3.1.0', mbm: 1 }]);
  });

  test('changed bills split the month again', async () => {
    const inputs = new EstateFolder(copyFolder(base.inputs.path, folder()));
    const out = copyFolder(base.out, folder());
    inputs.write(FOCUS_BILL, bill().replace('"AmazonEC2","AWS"', '"AmazonEC2","AWS"').replace('"2"', '"3"'));
    const run = await runEstate(inputs.path, out);
    // Another cost, the same shares: nothing moves for those who read the export.
    expect(run.outcomes['2025-01']?.status).toBe('unchanged');
  });

  test('months without bills stay whole, and months without rows are empty', async () => {
    const { out, code } = await runSplit(folder(), {
      [CARBON]: carbonCsv([AWS_ROW]),
      [carbonFile('2024-12')]: carbonCsv([], { month: '2024-12' }),
    });
    expect(code).toBe(0);
    expect((await splitRowsOf(out)).map((row) => row['product_code'])).toEqual(['AmazonEC2']);
    expect(splitManifestOf(out).warnings).toContain("no bills of the month: AWS's rows stay whole");
    expect(await splitRowsOf(out, '2024-12')).toEqual([]);
  });

  test('a month whose manifest names no file is empty, also where it had rows before', async () => {
    const manifest = CARBON.replace('/data/', '/metadata/').replace(/[^/]+$/, 'carbon-Manifest.json');
    const naming = (...files: readonly string[]): string =>
      JSON.stringify({
        executionId: 'x',
        columns: [],
        dataFiles: files.map((file) => `s3://bucket/${file}`),
      });
    const { inputs, out } = await runSplit(folder(), { ...FILES, [manifest]: naming(CARBON) });
    expect(await splitRowsOf(out)).toHaveLength(1);
    inputs.remove(CARBON);
    inputs.write(manifest, naming());
    const run = await runEstate(inputs.path, out, '--as-of', '2025-04-20');
    expect([run.code, run.outcomes['2025-01']?.status]).toEqual([0, 'published']);
    expect(await splitRowsOf(out)).toEqual([]);
    expect(run.outcomes['2025-01']?.restatement?.awsTotals).toEqual({
      total_lbm_emissions_value: { before: 2, after: 0 },
      total_mbm_emissions_value: { before: 1, after: 0 },
    });
  });

  test('several payers, each with a separate export', async () => {
    const { out } = await runSplit(folder(), {
      ...FILES,
      'aws_carbon/two/data/model_version=v3.0.0/usage_period=2025-01/carbon-00001.csv': carbonCsv([
        { ...AWS_ROW, payer: '000000000077', account: '000000000002' },
      ]),
    });
    expect((await splitRowsOf(out)).map((row) => [row['usage_account_id'], row['payer_account_id']])).toEqual(
      [
        ['000000000001', '000000000042'],
        ['000000000002', '000000000077'],
      ],
    );
  });

  test('the report says whose totals these are', async () => {
    const places = ['--inputs', base.inputs.path, '--out', folder()];
    const { stdout } = await carbonExports('run', ...places, '--as-of', '2025-03-15');
    expect(stdout).toContain("The totals are AWS's own; only their split is ours");
    expect(stdout).toContain("under AWS's product: 0 of 1 rows, 0 t of 1.000 t market-based");
  });
});

test('racks and AWS carbon in one estate are two exports', async () => {
  const inputs = EstateFolder.of(monthlyEstate(['2025-01']), join(folder(), 'inputs'));
  inputs.write(CARBON, carbonCsv([AWS_ROW]));
  inputs.write(
    'accounts.json',
    JSON.stringify({ Accounts: [listedAccount('000000000042'), listedAccount('000000000001')] }),
  );
  const out = folder();
  const { stdout, code } = await runCommand(inputs.path, out, '--json');
  expect(code).toBe(0);
  const { exports } = JSON.parse(stdout) as {
    exports: { exportName: string; months: { status: string }[] }[];
  };
  expect(exports.map(({ exportName, months }) => [exportName, months.map(({ status }) => status)])).toEqual([
    [EXPORT_NAME, ['published']],
    [AWS_NAME, ['published']],
  ]);
});

describe('bad input', () => {
  const row = carbonCsv([AWS_ROW]);
  test.each([
    {
      what: 'a row that is there twice',
      files: { [CARBON]: carbonCsv([AWS_ROW, { ...AWS_ROW, values: { total_mbm_emissions: '3' } }]) },
      message: `${CARBON}, row 2, column payer_account_id + usage_account_id + region_code + product_code: found "000000000042 + 000000000001 + c1 + AmazonEC2", expected a unique key; an earlier row has the same key and it would count twice`,
    },
    {
      what: 'a copied file',
      files: { [carbonFile('2025-01', 'v3.0.0', 'copy.csv')]: row },
      message: `${carbonFile('2025-01', 'v3.0.0', 'copy.csv')}: expected content that no other file has; it is a copy of ${CARBON} and would count twice`,
    },
    {
      what: 'an account id without its leading zeros',
      files: { [CARBON]: row.replace(AWS_ROW.account, '1') },
      message: `${CARBON}, row 1, column usage_account_id: found "1", expected a 12-digit account id`,
    },
    {
      what: 'text where a number belongs',
      files: { [CARBON]: carbonCsv([{ ...AWS_ROW, values: { total_lbm_emissions: 'NaN' } }]) },
      message: `${CARBON}, row 1, column total_lbm_emissions_value: found "NaN", expected a number or a blank`,
    },
    {
      what: 'a row of another month',
      files: { [CARBON]: carbonCsv([AWS_ROW], { month: '2025-02' }) },
      message: `${CARBON}, row 1, column usage_period_start: found "2025-02-01 00:00:00Z", expected 2025-01-01, the first day of the folder's month`,
    },
    {
      what: 'a row of another version',
      files: { [CARBON]: carbonCsv([AWS_ROW], { version: 'v2.0.0' }) },
      message: `${CARBON}, row 1, column model_version: found "v2.0.0", expected v3.0.0, as the folder says`,
    },
    {
      what: 'another unit',
      files: { [CARBON]: row.replaceAll('MTCO2e', 'kg') },
      message: `${CARBON}, row 1, column total_mbm_emissions_unit: found "kg", expected MTCO2e\n${CARBON}, row 1, column total_lbm_emissions_unit: found "kg", expected MTCO2e`,
    },
    {
      what: 'blank units',
      files: { [CARBON]: row.replaceAll('MTCO2e', '') },
      message: `${CARBON}, row 1, column total_mbm_emissions_unit: expected MTCO2e\n${CARBON}, row 1, column total_lbm_emissions_unit: expected MTCO2e`,
    },
    {
      what: 'an underscore between digits',
      files: { [CARBON]: carbonCsv([{ ...AWS_ROW, values: { total_mbm_emissions: '1_000' } }]) },
      message: `${CARBON}, row 1, column total_mbm_emissions_value: found "1_000", expected a number or a blank`,
    },
    {
      what: 'a missing column',
      files: { [CARBON]: row.replace('payer_account_id', 'payer') },
      message: `${CARBON}, column payer_account_id: expected the column to be there`,
    },
    {
      what: 'bills of another organization',
      files: { [FOCUS_BILL]: bill('000000000555') },
      message: `${CARBON}: expected bills of the same organization and month: accounts with at least 50 % of AWS's emissions have usage in them; found 0 of 1 accounts, 0.0 % of the emissions`,
    },
    {
      what: 'bills of another month',
      files: { [FOCUS_BILL]: bill(AWS_ROW.account, '2024-06') },
      message: `${FOCUS_BILL}, column ChargePeriodStart: expected usage of 2025-01; found 1 usage lines, all more than one month away. Move the bills to the folder of their month`,
    },
    {
      what: 'a cost that is not a number',
      files: { [FOCUS_BILL]: bill().replace('"2"', '"two"') },
      message: `${FOCUS_BILL}, row 1, column ListCost: found "two", expected a number or a blank`,
    },
  ])('$what', async ({ files, message }) => {
    const { code, outcomes, out } = await runSplit(folder(), {
      ...FILES,
      [carbonFile('2024-12')]: carbonCsv([AWS_ROW], { month: '2024-12' }),
      ...files,
    });
    expect(code).toBe(1);
    expect(outcomes['2025-01']?.error).toBe(message);
    expect(outcomes['2024-12']?.status).toBe('published');
    expect(Object.keys(hashesOf(join(out, AWS_NAME, 'data')))).toHaveLength(1);
  });

  test('a truncated delivery', async () => {
    const whole = gzipSync(row.repeat(50));
    const { outcomes } = await runSplit(folder(), {
      [`${CARBON}.gz`]: whole.subarray(0, whole.length - 20),
      [FOCUS_BILL]: bill(),
    });
    expect(outcomes['2025-01']?.error).toContain('expected a whole gzip file; it is truncated or damaged');
  });

  test('a version that is not semantic', async () => {
    const { code, months, problems } = await runSplit(folder(), {
      ...FILES,
      [carbonFile('2025-01', 'latest')]: row,
    });
    expect(code).toBe(1);
    expect(months.map(({ modelVersion }) => modelVersion)).toEqual(['v3.0.0']);
    expect(problems).toEqual([
      `${carbonFile('2025-01', 'latest')}: found "latest", expected a folder carbon_model_version=vX.Y.Z or model_version=vX.Y.Z above the month`,
    ]);
  });
});
