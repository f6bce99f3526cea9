import { glueTables, glueViews, namedQueries, views } from '../../shared/catalog';
import { MODEL_VERSIONS } from '../../shared/method/model-version';
import { ACCOUNT_COLUMNS } from '../../shared/organization/account-columns';

const OPTIONS = { root: 's3://bucket/prefix', parquetExport: 'carbon', csvExport: 'carbon-csv' };

test('tables lie where exports are written', () => {
  expect(
    glueTables(OPTIONS).map(({ name, storageDescriptor }) => [name, storageDescriptor.location]),
  ).toEqual([
    ['carbon_emissions', 's3://bucket/prefix/carbon/data/'],
    ['carbon_emissions_csv', 's3://bucket/prefix/carbon-csv/data/'],
    ['accounts', 's3://bucket/prefix/accounts/'],
  ]);
});

test('every version this program computes is projected', () => {
  const [table] = glueTables(OPTIONS);
  expect(table?.parameters['projection.carbon_model_version.values']?.split(',')).toEqual(
    MODEL_VERSIONS.map(({ id }) => id),
  );
});

test('every column has a comment that Glue takes', () => {
  for (const { storageDescriptor, partitionKeys } of glueTables(OPTIONS)) {
    for (const { comment } of [...storageDescriptor.columns, ...partitionKeys]) {
      expect(comment).toMatch(/^[^\n]{1,255}$/);
    }
  }
  expect(glueTables(OPTIONS)[2]?.storageDescriptor.columns).toHaveLength(ACCOUNT_COLUMNS.length);
});

test('views are created after what they read', () => {
  for (const format of ['parquet', 'csv'] as const) {
    const names = views(format).map(({ name }) => name);
    views(format).forEach(({ sql }, index) => {
      for (const later of names.slice(index + 1)) expect(sql).not.toMatch(new RegExp(`\\b${later}\\b`));
    });
  }
});

test('a view is written down as Athena writes it', () => {
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

test('without Parquet the typed table is a view over the CSV', () => {
  const csv = { root: 's3://bucket/', csvExport: 'carbon' };
  expect(glueTables(csv).map(({ name }) => name)).toEqual(['carbon_emissions_csv', 'accounts']);
  expect(glueViews(csv, 'emissions')[0]?.name).toBe('carbon_emissions');
});

describe('named queries', () => {
  const byTag = namedQueries().find(({ name }) => name === 'by-tag');

  test.each(namedQueries())('$name says what it answers, and has no blank left to fill', (query) => {
    expect(query.description).toMatch(/^[A-Z].*\.$/);
    expect(query.sql).not.toContain('{{');
  });

  test.each([
    [{ nix: '1' }, 'by-tag has no parameter nix; it has: tag_key, first_month, last_month'],
    [{ tag_key: 'a"]' }, 'by-tag: tag_key may hold no quotation marks, backslashes or line ends'],
  ])('%j is refused', (values, message) => {
    expect(() => byTag?.withParameters(values)).toThrow(message);
  });

  test('a text cannot end its own quotes', () => {
    expect(byTag?.withParameters({ tag_key: "it's" })).toContain(`'$["it''s"]'`);
  });

  test('a number must be one', () => {
    const movers = namedQueries().find(({ name }) => name === 'top-movers');
    expect(() => movers?.withParameters({ count: '1; DROP' })).toThrow(
      'top-movers: count is a whole number, not "1; DROP"',
    );
  });
});
