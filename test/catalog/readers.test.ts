import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { EXPORT_COLUMNS } from '../../shared/exports/columns';
import { readManifest } from '../support/export-reader';
import { filesBelow } from '../support/folder-contents';
import { nonEmpty } from '../support/non-empty';
import { runFolders } from '../support/run-export';
import { scratch } from '../support/scratch';
import { ask, SMALL_INPUTS } from './open-catalog';

const folder = scratch();

/* The readers of compatibility.md that need no Trino; test/athena runs the SQL ones there too. */

const out = folder();

beforeAll(async () => {
  await runFolders(SMALL_INPUTS, out);
  await runFolders(SMALL_INPUTS, out, { from: '2024-12', to: '2024-12', model: 'v2.0.0' });
  await runFolders(SMALL_INPUTS, out, { exportName: 'carbon-csv', format: 'csv' });
});

test('crawlers find nothing but data files below data/', () => {
  for (const name of nonEmpty(filesBelow(join(out, 'carbon', 'data'))))
    expect(name).toMatch(/\.snappy\.parquet$/);
  for (const name of nonEmpty(filesBelow(join(out, 'carbon-csv', 'data'))))
    expect(name).toMatch(/\.csv\.gz$/);
});

test('osdctl takes the first .gz file of a partition and needs usage_account_id in its header', () => {
  const partition = join(out, 'carbon-csv', 'data', 'carbon_model_version=v2.0.0', 'usage_period=2025-01');
  const first = readdirSync(partition).find((name) => name.endsWith('.gz')) ?? '';
  const [header] = gunzipSync(readFileSync(join(partition, first)))
    .toString('utf8')
    .split('\n');
  expect(header?.trim().split(',')).toEqual(EXPORT_COLUMNS.map(({ name }) => name));
});

test('dashboards select carbon by version and join account_map', async () => {
  const names = EXPORT_COLUMNS.map(({ name }) => `c.${name}`).join(', ');
  const rows = await ask(
    out,
    `SELECT ${names}, c.carbon_model_version, c.usage_period, m.account_name
     FROM carbon c JOIN account_map m ON m.account_id = c.usage_account_id
     WHERE c.carbon_model_version = 'v1.0.0'`,
  );
  expect(rows.length).toBeGreaterThan(0);
  expect(new Set(rows.map((row) => row['model_version']))).toEqual(new Set(['v1.0.0']));
});

test('Grafana panels compare usage_period_start with timestamps', async () => {
  const rows = await ask(
    out,
    `SELECT DISTINCT usage_period FROM carbon_emissions
     WHERE usage_period_start BETWEEN timestamp '2024-12-01 00:00:00' AND timestamp '2025-01-31 00:00:00'
       AND model_version = 'v2.0.0' ORDER BY 1`,
  );
  expect(rows.map((row) => row['usage_period'])).toEqual(['2024-12', '2025-01']);
});

test.each(['payer_account_id', 'payer_account_id, product_code', 'payer_account_id, region_code'])(
  "AWS's example query by %s is right on carbon_latest",
  async (keys) => {
    const rows = await ask(
      out,
      `SELECT ${keys}, SUM(total_mbm_emissions_value) AS total FROM carbon_latest GROUP BY ${keys}`,
    );
    const newest = [
      ['2024-11', 'v1.0.0'],
      ['2024-12', 'v2.0.0'],
      ['2025-01', 'v2.0.0'],
      ['2025-02', 'v2.0.0'],
    ] as const;
    const kg = newest.map(([month, modelVersion]) => {
      const { exported } = readManifest({ out, exportName: 'carbon', month, modelVersion }).ledgerKg;
      return exported.scope_1 + exported.scope_2_mbm;
    });
    const published = kg.reduce((sum, each) => sum + each, 0) / 1_000;
    const total = rows.reduce((sum, row) => sum + Number(row['total']), 0);
    expect(total / published).toBeCloseTo(1, 9);
  },
);

test('what list-accounts printed is the account list', async () => {
  const listed = JSON.parse(readFileSync(join(SMALL_INPUTS, 'accounts.json'), 'utf8')) as {
    Accounts: { Id: string; Name: string; State: string }[];
  };
  const rows = await ask(out, 'SELECT account_id, account_name, state FROM accounts ORDER BY account_id');
  expect(rows).toEqual(
    listed.Accounts.map(({ Id, Name, State }) => ({ account_id: Id, account_name: Name, state: State })).sort(
      (a, b) => (a.account_id < b.account_id ? -1 : 1),
    ),
  );
});

test('an export that is CSV alone has the same typed table', async () => {
  const sql = `SELECT * FROM carbon_emissions WHERE usage_period = '2025-01' ORDER BY usage_account_id, region_code, product_code`;
  expect(await ask(out, sql, 'carbon-csv')).toEqual(await ask(out, sql));
});
