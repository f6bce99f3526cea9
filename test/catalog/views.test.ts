import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { namedQueries } from '../../shared/catalog/named-queries';
import { views } from '../../shared/catalog/views';
import { DUCK_TYPES } from '../../shared/catalog/column-types';
import { nonEmpty } from '../support/non-empty';
import { runFolders } from '../support/run-export';
import { scratch } from '../support/scratch';
import { ask, organize, SMALL_INPUTS } from './open-catalog';

const folder = scratch();

const VERSIONS = ['v1.0.0', 'v2.0.0'];

describe('views over four months, two of them in both versions', () => {
  const out = folder();

  beforeAll(async () => {
    await organize(out, '2024-12-20', [
      {
        accountId: '000000000042',
        accountName: 'old name',
        ouPath: 'Root/A',
        tags: { team: 'red', 'cost-center': 'c1' },
      },
      { accountId: '216696287765', accountName: 'gone later' },
    ]);
    await organize(out, '2025-02-01', [
      { accountId: '000000000042', accountName: 'new name', ouPath: 'Root/B', tags: { team: 'blue' } },
    ]);
    await runFolders(SMALL_INPUTS, out);
    await runFolders(SMALL_INPUTS, out, { from: '2024-11', to: '2024-12', model: 'v2.0.0' });
  });

  test.each(views())('$name has the columns that are declared for Glue', async ({ name, columns }) => {
    const described = await ask(out, `DESCRIBE ${name}`);
    expect(described.map((row) => [row['column_name'], row['column_type']])).toEqual(
      columns.map((column) => [column.name, DUCK_TYPES[column.type]]),
    );
  });

  test.each(views())('$name has rows', async ({ name }) => {
    expect(await ask(out, `SELECT * FROM ${name} LIMIT 1`)).toHaveLength(1);
  });

  test.each(namedQueries().filter(({ readsBreakdowns, readsScope3 }) => !readsBreakdowns && !readsScope3))(
    'the named query $name runs',
    async ({ sql }) => {
      expect((await ask(out, sql)).length).toBeGreaterThan(0);
    },
  );

  test('carbon_latest holds each month once, in its newest version', async () => {
    const rows = await ask(
      out,
      'SELECT DISTINCT usage_period, carbon_model_version FROM carbon_latest ORDER BY usage_period',
    );
    expect(rows).toEqual(
      ['2024-11', '2024-12', '2025-01', '2025-02'].map((usage_period) => ({
        usage_period,
        carbon_model_version: 'v2.0.0',
      })),
    );
  });

  test('names are those of the month; months before the first snapshot take the first and say so', async () => {
    const rows = await ask(
      out,
      `SELECT DISTINCT usage_period, account_name, ou_path, metadata_as_of
       FROM carbon_by_account WHERE usage_account_id = '000000000042' ORDER BY usage_period`,
    );
    const first = { account_name: 'old name', ou_path: 'Root/A', metadata_as_of: '2024-12-20T00:00:00.000Z' };
    const second = {
      account_name: 'new name',
      ou_path: 'Root/B',
      metadata_as_of: '2025-02-01T00:00:00.000Z',
    };
    expect(rows).toEqual([
      { usage_period: '2024-11', ...first },
      { usage_period: '2024-12', ...first },
      { usage_period: '2025-01', ...first },
      { usage_period: '2025-02', ...second },
    ]);
  });

  test('an account that left keeps its name, one in no snapshot stays without', async () => {
    const rows = await ask(
      out,
      `SELECT DISTINCT usage_account_id, account_name, has_left FROM carbon_by_account
       WHERE usage_period = '2025-02' AND usage_account_id IN ('216696287765', '428304348641') ORDER BY 1`,
    );
    expect(rows).toEqual([
      { usage_account_id: '216696287765', account_name: 'gone later', has_left: true },
      { usage_account_id: '428304348641', account_name: null, has_left: null },
    ]);
  });

  test('no view loses or doubles emissions', async () => {
    const sum = (view: string): string => `(SELECT sum(total_mbm_emissions_value) FROM ${view})`;
    const [row] = await ask(
      out,
      `SELECT ${sum('carbon_latest')} AS latest, ${sum('carbon_by_account')} AS by_account,
         ${sum('carbon_ccft')} AS ccft, ${sum('carbon_month_over_month')} AS month_over_month`,
    );
    const latest = Number(row?.['latest']);
    expect(latest).toBeGreaterThan(0);
    for (const view of ['by_account', 'ccft', 'month_over_month']) {
      expect(Number(row?.[view]) / latest).toBeCloseTo(1, 12);
    }
  });

  test('carbon_restatement puts the newer version against the older, month by month', async () => {
    const rows = await ask(
      out,
      `SELECT usage_period, old_model_version, new_model_version,
         sum(old_total_lbm_emissions_value) AS old, sum(new_total_lbm_emissions_value) AS new,
         sum(change_total_lbm_emissions_value) AS change
       FROM carbon_restatement GROUP BY ALL ORDER BY 1`,
    );
    expect(rows.map((row) => row['usage_period'])).toEqual(['2024-11', '2024-12']);
    for (const row of nonEmpty(rows)) {
      expect([row['old_model_version'], row['new_model_version']]).toEqual(VERSIONS);
      expect(Number(row['change']) / (Number(row['new']) - Number(row['old']))).toBeCloseTo(1, 9);
    }
  });

  test('the first month has nothing to be compared with', async () => {
    const rows = await ask(
      out,
      `SELECT usage_period, count(previous_total_mbm_emissions_value) AS compared
       FROM carbon_month_over_month GROUP BY 1 ORDER BY 1`,
    );
    expect(rows.map((row) => Number(row['compared']) > 0)).toEqual([false, true, true, true]);
  });

  test('carbon_ccft shows four products at most', async () => {
    const rows = await ask(out, 'SELECT DISTINCT product_group FROM carbon_ccft ORDER BY 1');
    const known = ['AmazonCloudFront', 'AmazonEC2', 'AmazonS3', 'Other'];
    for (const row of nonEmpty(rows)) expect(known).toContain(row['product_group']);
  });

  test('tags are asked by key, hyphens included', async () => {
    const query = namedQueries().find(({ name }) => name === 'by-tag');
    const values = { tag_key: 'cost-center', first_month: '2024-11', last_month: '2024-12' };
    const rows = await ask(out, query?.withParameters(values) ?? '');
    expect(rows.map((row) => row['tag_value'])).toContain('c1');
  });

  test('fiscal years are named after the year in which they end', async () => {
    const query = namedQueries().find(({ name }) => name === 'by-fiscal-year');
    const rows = await ask(out, query?.withParameters({ start_month: '12' }) ?? '');
    expect(rows.map((row) => [row['fiscal_year'], Number(row['months'])])).toEqual([
      [2024, 1],
      [2025, 3],
    ]);
  });
});

const semanticVersions = folder();

test('versions are ordered by their numbers, a pre-release before its release', async () => {
  const out = semanticVersions;
  await runFolders(SMALL_INPUTS, out, { from: '2025-01', to: '2025-01' });
  const data = join(out, 'carbon', 'data');
  for (const version of ['v9.0.0', 'v10.0.0', 'v10.0.0-rc1', 'v2.10.0']) {
    const folder = join(data, `carbon_model_version=${version}`);
    mkdirSync(folder);
    cpSync(join(data, 'carbon_model_version=v2.0.0'), folder, { recursive: true });
  }
  const rows = await ask(out, 'SELECT carbon_model_version FROM carbon_versions ORDER BY version_rank');
  expect(rows.map((row) => row['carbon_model_version'])).toEqual([
    'v10.0.0',
    'v10.0.0-rc1',
    'v9.0.0',
    'v2.10.0',
    'v2.0.0',
  ]);
});
