import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeSampleEstate } from '../../sample/generate';
import { AWS_ROW, carbonCsv, carbonFile } from '../support/aws-totals';
import { EstateFolder } from '../support/estate-folder';
import { carbonExports } from '../support/run-command';
import { scratch } from '../support/scratch';
import { AWS_EXPORT, caseInputs, query, type RanCase, run, runCase } from './field-case';

const folder = scratch();
const AS_OF = '2025-06-20';

const lbmBy = (out: string, columns: string): Promise<(string | number | null)[][]> =>
  query(
    out,
    `SELECT ${columns}, sum(total_lbm_emissions_value) AS lbm FROM carbon_latest GROUP BY ALL ORDER BY ALL`,
  );

const ranCase = (name: string, ...options: readonly string[]): Promise<RanCase> =>
  runCase(folder, AS_OF, name, ...options);

test('an account with two payers in one month: each row is split by the bill of its payer', async () => {
  const { code, printed, out } = await ranCase('carbon-account-changed-payer', '--json');
  expect(code).toBe(0);
  expect(await lbmBy(out, 'payer_account_id, product_code')).toEqual([
    ['111111111111', 'AmazonRDS', 0.1],
    ['444444444444', 'AmazonDynamoDB', 0.3],
  ]);
  const { exports } = JSON.parse(printed) as {
    exports: { months: { summary: { accounts: number } }[] }[];
  };
  expect(exports.flatMap(({ months }) => months.map(({ summary }) => summary.accounts))).toEqual([1]);
});

test('the Region of data transfer is where it comes from, and of a line without Region its availability zone', async () => {
  const { code, out } = await ranCase('carbon-cost-without-a-row-of-aws/cur-data-transfer');
  expect(code).toBe(0);
  expect(await lbmBy(out, 'region_code, product_code')).toEqual([
    ['eu-west-1', 'AmazonRDS', 0.4],
    ['us-east-1', 'AWSELB', 0.5],
    ['us-east-1', 'AmazonRDS', 0.5],
  ]);
});

test('a Local Zone and an availability zone count to their parent Region', async () => {
  const { code, out } = await ranCase('carbon-cost-without-a-row-of-aws/focus-local-zone');
  expect(code).toBe(0);
  const rows = await lbmBy(out, 'region_code, product_code');
  const total = rows.reduce((sum, [, , value]) => sum + Number(value), 0);
  const shares = rows.map(([, product, value]) => [product, Number((Number(value) / total).toFixed(3))]);
  expect(shares).toEqual([
    ['AWSELB', 0.75],
    ['AmazonEKS', 0.167],
    ['AmazonRDS', 0.083],
  ]);
});

test('a CUR 2.0 whose Region is only in the product map', async () => {
  const { code, out } = await ranCase('carbon-cur2-product-map-region/aws');
  expect(code).toBe(0);
  expect(await lbmBy(out, 'region_code, product_code')).toEqual([
    ['eu-west-1', 'AmazonEKS', 0.6],
    ['us-east-1', 'AWSLambda', 0.1],
    ['us-east-1', 'AmazonEC2', 1],
    ['us-east-1', 'AmazonRDS', 0.3],
  ]);
});

test('an operator has the same rows whether the Region is a column or in the product map', async () => {
  const rowsOf = async (which: string): Promise<(string | number | null)[][]> => {
    const inputs = folder();
    await writeSampleEstate({ outDir: inputs, months: 1, lastMonth: '2026-10' });
    new EstateFolder(inputs).remove('usage');
    caseInputs(`carbon-cur2-product-map-region/${which}`, inputs);
    const out = folder();
    const { code } = await run(inputs, out, '2026-11-20', '--months', '1');
    expect(code).toBe(0);
    return query(
      out,
      'SELECT region_code, count(*) AS n, sum(total_lbm_emissions_value) AS lbm FROM carbon_latest GROUP BY 1 ORDER BY 1',
      'carbon-emissions',
    );
  };
  const right = await rowsOf('operator-right');
  expect(right.length).toBeGreaterThan(5);
  expect(await rowsOf('operator')).toEqual(right);
}, 120_000);

test('a bill without lines counts as no bill: rows of AWS stay whole', async () => {
  const { code, out } = await ranCase('carbon-empty-bill');
  expect(code).toBe(0);
  const rows = await query(
    out,
    "SELECT product_code, total_lbm_emissions_value FROM carbon_latest WHERE usage_period = '2025-02' ORDER BY 1, 2",
  );
  expect(rows).toEqual([
    ['AmazonEC2', 1],
    ['Other', 0.2],
    ['Other', 0.4],
  ]);
});

test.each(['utf16-csv', 'utf16-accounts', 'upper-case', 'semicolons'])(
  'inputs in another encoding or spelling are read: %s',
  async (kind) => {
    const { code } = await ranCase(`carbon-encoding-and-case/${kind}`);
    expect(code).toBe(0);
  },
);

describe('one page of a list of accounts', () => {
  const name = 'carbon-first-page-of-accounts';

  test('is an error', async () => {
    const { code, printed } = await ranCase(`${name}/only-page`);
    expect(code).toBe(1);
    expect(printed).toMatch(/accounts\.json.*NextToken/s);
  });

  test('does not mark accounts of the next page as left', async () => {
    const places = caseInputs(name, folder());
    const inputs = join(places, 'marked-as-left', 'in');
    const out = folder();
    copyFileSync(join(places, 'full.json'), join(inputs, 'accounts.json'));
    expect((await run(inputs, out, AS_OF)).code).toBe(0);
    copyFileSync(join(places, 'first-page.json'), join(inputs, 'accounts.json'));
    expect((await run(inputs, out, '2025-08-21')).code).toBe(1);
    // has_left is a text in the table.
    const left = await query(out, "SELECT DISTINCT has_left = 'true' AS has_left FROM accounts");
    expect(left).toEqual([[false]]);
  });
});

test('all 58 months that AWS delivered are published', async () => {
  const inputs = new EstateFolder(folder());
  const months = Array.from({ length: 58 }, (_, index) => {
    const at = new Date(Date.UTC(2022, index, 1));
    return at.toISOString().slice(0, 7);
  });
  for (const month of months) inputs.write(carbonFile(month, 'v3.0.0'), carbonCsv([AWS_ROW], { month }));
  const out = folder();
  const { code } = await run(inputs.path, out, '2026-11-20');
  expect(code).toBe(0);
  const rows = await query(
    out,
    'SELECT count(DISTINCT usage_period) AS n, min(usage_period) AS a, max(usage_period) AS b FROM carbon_latest',
  );
  expect(rows.map((row) => row.map(String))).toEqual([['58', '2022-01', '2026-10']]);
});

test('a payer without bills is not split, and the others are', async () => {
  const { code, printed, out } = await ranCase('carbon-one-payer-without-bills', '--json');
  expect(code).toBe(0);
  expect(printed).toMatch(/no bills of payer 444444444444/);
  const rows = await lbmBy(out, 'payer_account_id, product_code');
  expect(rows).toContainEqual(['444444444444', 'Other', 5]);
  expect(rows.filter(([payer, product]) => payer === '111111111111' && product === 'Other')).toEqual([]);
});

test('pad_account_ids restores leading zeros in the export of AWS too', async () => {
  const { code, out } = await ranCase('carbon-pad-account-ids');
  expect(code).toBe(0);
  const rows = await query(
    out,
    'SELECT count(*) AS n, sum(total_lbm_emissions_value) AS v FROM carbon_latest',
  );
  expect(rows.map((row) => row.map(Number))).toEqual([[5, 1.6]]);
});

test('split cost allocation data: the cost of a node goes to the teams of its pods', async () => {
  const { code, out } = await ranCase('carbon-split-cost-allocation-data', '--by', 'tag:team');
  expect(code).toBe(0);
  const rows = await query(
    out,
    "SELECT split_value, sum(total_lbm_emissions_value) AS v FROM carbon_by_tag WHERE product_code = 'AmazonEC2' GROUP BY 1 ORDER BY 1",
  );
  expect(rows).toEqual([
    ['platform', 0.1],
    ['team0', 0.3],
    ['team1', 0.3],
    ['team2', 0.3],
  ]);
});

describe('a value that AWS did not deliver is unknown, not zero', () => {
  const name = 'carbon-null-read-as-zero';

  async function ran(part: string, asOf = '2026-02-20'): Promise<{ out: string; printed: string }> {
    const out = folder();
    const { code, stdout, stderr } = await run(
      join(caseInputs(name, folder()), ...part.split('/')),
      out,
      asOf,
    );
    expect(code).toBe(0);
    return { out, printed: stdout + stderr };
  }

  test('between two model versions', async () => {
    const { out } = await ran('t21c/in');
    const rows = await query(
      out,
      `SELECT old_total_lbm_emissions_value, change_total_lbm_emissions_value,
         old_total_mbm_emissions_value, new_total_mbm_emissions_value FROM carbon_restatement`,
    );
    expect(rows).toEqual([[null, null, 0.5, 0.7]]);
    const { stdout } = await carbonExports(
      ...['diff', '--out', out, '--export-name', AWS_EXPORT, '--model-a', 'v2.0.0', '--model-b', 'v3.0.0'],
    );
    expect(stdout).toMatch(/total_lbm\s+not delivered/);
  });

  test('between two months', async () => {
    const { out } = await ran('t21a/in');
    const rows = await query(
      out,
      `SELECT usage_period, total_lbm_emissions_value, change_total_lbm_emissions_value
       FROM carbon_month_over_month WHERE usage_period IN ('2025-06', '2025-07') ORDER BY 1`,
    );
    expect(rows).toEqual([
      ['2025-06', null, null],
      ['2025-07', 1, null],
    ]);
  });

  test('in a year: the sum says of how many months it is known', async () => {
    const { out } = await ran('t21a/in');
    const { stdout } = await carbonExports(
      ...['query', '--named', 'by-fiscal-year', '--out', out],
      ...['--export-name', AWS_EXPORT, '--format', 'json'],
    );
    const [row] = JSON.parse(stdout) as Record<string, number | null>[];
    expect(row).toMatchObject({ fiscal_year: 2025, months: 12, lbm_months: 6 });
  });

  test('between two payers', async () => {
    const { out } = await ran('t21b/in');
    const { stdout } = await carbonExports(
      ...['query', '--named', 'location-against-market', '--out', out],
      ...['--export-name', AWS_EXPORT, '--format', 'json'],
    );
    const [row] = JSON.parse(stdout) as Record<string, number | null>[];
    expect([null, 2.6]).toContain(row?.['difference'] ?? null);
  });

  test('when it is delivered for the first time', async () => {
    const places = caseInputs(name, folder());
    const out = folder();
    await run(join(places, 't21d', 'in-first'), out, '2026-02-20');
    const { stdout } = await run(join(places, 't21d', 'in'), out, '2026-03-20');
    expect(stdout).toContain('delivered for the first time');
    expect(stdout).not.toContain('0.000 -> 1.000');
  });
});
