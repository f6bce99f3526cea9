import { join } from 'node:path';
import { EMISSIONS, valueColumn } from '../../shared/aws-carbon/carbon-columns';
import { withSession } from '../../shared/engine/duck-session';
import type { DuckSession } from '../../shared/engine/duck-session';
import { checkSplit } from '../../shared/verify/check-split';
import { ProblemList } from '../../shared/verify/problem-list';
import { scratch } from '../support/tiny-run';

const folder = scratch();
const MBM = 'total_mbm_emissions_value';
const COLUMNS = EMISSIONS.map(valueColumn);
const ACCOUNT = '000000000001';

/** Values of a row of which only the market-based one is there. */
const values = (mbm: string): string =>
  COLUMNS.map(
    (column) => (column === MBM ? `CAST(${mbm} AS DOUBLE)` : 'CAST(NULL AS DOUBLE)') + ` AS ${column}`,
  ).join(', ');
const place = `'${ACCOUNT}' AS usage_account_id, '000000000042' AS payer_account_id, 'c1' AS region_code`;

/** One row of AWS, 8 MTCO2e of Other, and costs of 3 and 1. */
async function read(session: DuckSession): Promise<void> {
  await session.run(
    `CREATE TEMP TABLE carbon_row AS SELECT 1 AS row_id, ${place}, 'Other' AS product_code, 'Other' AS service_group, ${values('8')}`,
  );
  await session.run(
    `CREATE TEMP TABLE line_cost AS SELECT '${ACCOUNT}' AS account_id, 'c1' AS region, unnest(['AmazonRDS', 'AWSLambda']) AS product_code, unnest([3, 1]) AS cost`,
  );
}

async function problemsOf(rows: readonly (readonly [product: string, mbm: string])[]): Promise<string[]> {
  const path = join(folder(), 'data.parquet');
  const selects = rows.map(
    ([product, mbm]) => `SELECT ${place}, '${product}' AS product_code, ${values(mbm)}`,
  );
  await withSession({}, (session) =>
    session.run(`COPY (${selects.join(' UNION ALL ')}) TO $1 (FORMAT parquet)`, [path]),
  );
  const problems = new ProblemList();
  await checkSplit({ path, limits: {}, read }, problems);
  return problems.kept;
}

test('a split that is right has nothing to tell', async () => {
  expect(
    await problemsOf([
      ['AmazonRDS', '6'],
      ['AWSLambda', '2'],
    ]),
  ).toEqual([]);
});

test.each([
  [
    'a value that is off',
    [
      ['AmazonRDS', '6.00001'],
      ['AWSLambda', '2'],
    ],
    'is 6.00001, exactly 6',
  ],
  [
    'a value that is not there',
    [
      ['AmazonRDS', 'NULL'],
      ['AWSLambda', '2'],
    ],
    `${MBM} is null, which it is not in AWS's export`,
  ],
  ['a row too few', [['AmazonRDS', '6']], `row ${ACCOUNT} 000000000042 c1 AWSLambda is not published`],
  [
    'a row too many',
    [
      ['AmazonRDS', '6'],
      ['AWSLambda', '2'],
      ['AmazonS3', '1'],
    ],
    'AmazonS3 is published; the inputs give no such row',
  ],
] as const)('%s is told', async (_, rows, said) => {
  const problems = await problemsOf(rows);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(said);
});
