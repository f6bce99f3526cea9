import { join } from 'node:path';
import { exportNamesOf } from '../../infra/function-settings';
import { parseSettings } from '../../infra/settings';
import { glueViews, partitionedTables } from '../../shared/catalog/glue';
import { carbonExports } from '../support/run-command';
import { runFolders } from '../support/run-export';
import { scratch } from '../support/scratch';

const OPTIONS = { root: 's3://bucket/', exportName: 'carbon', format: 'parquet' } as const;

test.each([
  ['parquet', 'carbon_scope_3'],
  ['csv', 'carbon_scope_3_csv'],
] as const)('the companion export is a table with its own partitions, as %s', (format, name) => {
  const tables = partitionedTables({ ...OPTIONS, format, hasScope3: true });
  const found = tables.find(({ table }) => table.name === name);
  expect(found?.exportName).toBe('carbon-scope-3');
  expect(found?.table.storageDescriptor.location).toBe('s3://bucket/carbon-scope-3/data/');
  expect(found?.table.storageDescriptor.columns.map((column) => column.name)).toContain(
    'ghgp_category_3_mbm_value',
  );
});

test('without Scope 3 there is no such table', () => {
  const names = partitionedTables(OPTIONS).map(({ table }) => table.name);
  expect(names).toEqual(['carbon_emissions', 'accounts']);
});

test('a deployment of v3.0.0 may write the companion export', () => {
  expect(exportNamesOf(parseSettings({ modelVersion: 'v3.0.0' }))).toEqual([
    'carbon-emissions',
    'carbon-emissions-scope-3',
  ]);
  expect(exportNamesOf(parseSettings({ modelVersion: 'v2.0.0' }))).toEqual(['carbon-emissions']);
});

test('a CSV export shows its companion with types under the same name', () => {
  const options = { ...OPTIONS, format: 'csv', hasScope3: true } as const;
  const view = glueViews(options, 'db').find(({ name }) => name === 'carbon_scope_3');
  expect(view?.storageDescriptor.columns).toContainEqual(
    expect.objectContaining({ name: 'ghgp_category_2_value', type: 'double' }),
  );
  expect(glueViews({ ...options, hasScope3: false }, 'db').map(({ name }) => name)).not.toContain(
    'carbon_scope_3',
  );
});

const folder = scratch();

test.each(['parquet', 'csv'] as const)(
  'the named query sums Scope 3 of the worked case, as %s',
  async (format) => {
    const out = folder();
    const inputs = join(__dirname, '..', 'cases', 'scope-3', 'inputs');
    await runFolders(inputs, out, { model: 'v3.0.0', format });
    const query = ['--named', 'scope-3-by-category', '--out', out, '--format', 'json'];
    const { stdout, stderr } = await carbonExports('query', ...query);
    if (stdout === '') throw new Error(stderr);
    const rows = JSON.parse(stdout) as Record<string, unknown>[];
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ usage_period: '2025-02', carbon_model_version: 'v3.0.0', category_4: 0 });
    expect(rows[0]?.['category_2']).toBeCloseTo(1.148 + 0.28, 12);
    expect(rows[0]?.['scope_3_mbm']).toBeCloseTo(1.148 + 0.28 + 0.7368421052631579, 12);
  },
);
