import { exportNamesOf } from '../../infra/function-settings';
import { parseSettings } from '../../infra/settings';
import { partitionedTables } from '../../shared/catalog/glue';

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
