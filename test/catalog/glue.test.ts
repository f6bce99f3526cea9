import { glueTables, glueViews } from '../../shared/catalog/glue';
import { namedQueries } from '../../shared/catalog/named-queries';
import { views } from '../../shared/catalog/views';
import { ACCOUNT_COLUMNS } from '../../shared/organization/account-columns';
import { nonEmpty } from '../support/non-empty';

const OPTIONS = { root: 's3://bucket/prefix', exportName: 'carbon', format: 'parquet' } as const;

test('tables have the location of the exports', () => {
  expect(
    glueTables(OPTIONS).map(({ name, storageDescriptor }) => [name, storageDescriptor.location]),
  ).toEqual([
    ['carbon_emissions', 's3://bucket/prefix/carbon/data/'],
    ['accounts', 's3://bucket/prefix/accounts/'],
  ]);
});

test('partitions are registered: Athena would ignore them in a table with a projection', () => {
  const tables = glueTables({ ...OPTIONS, breakdowns: [{ kind: 'resource', key: '' }] });
  expect(tables).toHaveLength(3);
  for (const { parameters, partitionKeys } of tables) {
    expect(partitionKeys.length).toBeGreaterThan(0);
    expect(Object.keys(parameters).filter((name) => name.startsWith('projection'))).toEqual([]);
  }
});

test('every column has a comment that is valid in Glue', () => {
  for (const { storageDescriptor, partitionKeys } of nonEmpty(glueTables(OPTIONS))) {
    for (const { comment } of [...storageDescriptor.columns, ...partitionKeys]) {
      expect(comment).toMatch(/^[^\n]{1,255}$/);
    }
  }
  expect(glueTables(OPTIONS)[1]?.storageDescriptor.columns).toHaveLength(ACCOUNT_COLUMNS.length);
});

test('views are created after what they read', () => {
  for (const format of ['parquet', 'csv'] as const) {
    const names = views(format).map(({ name }) => name);
    nonEmpty(views(format)).forEach(({ sql }, index) => {
      for (const later of names.slice(index + 1)) expect(sql).not.toMatch(new RegExp(`\\b${later}\\b`));
    });
  }
});

test('a view is stored in the form of Athena', () => {
  const view = glueViews(OPTIONS, 'emissions').find(({ name }) => name === 'account_map');
  const text = /^\/\* Presto View: (.*) \*\/$/.exec(view?.viewOriginalText ?? '')?.[1] ?? '';
  expect(JSON.parse(Buffer.from(text, 'base64').toString('utf8'))).toEqual({
    originalSql: views().find(({ name }) => name === 'account_map')?.sql,
    catalog: 'awsdatacatalog',
    schema: 'emissions',
    columns: [
      { name: 'account_id', type: 'varchar' },
      { name: 'account_name', type: 'varchar' },
    ],
  });
});

test('without Parquet, the typed table is a view over the CSV', () => {
  const csv = { ...OPTIONS, format: 'csv' } as const;
  expect(glueTables(csv).map(({ name }) => name)).toEqual(['carbon_emissions_csv', 'accounts']);
  expect(glueViews(csv, 'emissions')[0]?.name).toBe('carbon_emissions');
});

describe('named queries', () => {
  const byTag = namedQueries().find(({ name }) => name === 'by-tag');

  test.each(namedQueries())('$name has a description, and every parameter has a value', (query) => {
    expect(query.description).toMatch(/^[A-Z].*\.$/);
    expect(query.sql).not.toContain('{{');
  });

  test.each([
    [{ nix: '1' }, 'by-tag: found parameter nix, expected one of: tag_key, first_month, last_month'],
    [
      { tag_key: 'a"]' },
      'by-tag, parameter tag_key: found "a\\"]", expected a text without double quotes, backslashes and line breaks',
    ],
  ])('%j is rejected', (values, message) => {
    expect(() => byTag?.withParameters(values)).toThrow(message);
  });

  test('a quote in a value is escaped', () => {
    expect(byTag?.withParameters({ tag_key: "it's" })).toContain(`'$["it''s"]'`);
  });

  test('a value of an integer parameter must be a whole number', () => {
    const movers = namedQueries().find(({ name }) => name === 'top-movers');
    expect(() => movers?.withParameters({ count: '1; DROP' })).toThrow(
      'top-movers, parameter count: found "1; DROP", expected a whole number of at most 9 digits',
    );
  });
});
