import { EXPORT_PARTITION_KEYS } from '../../shared/catalog/tables';
import { columnsOfExport } from '../../shared/exports/columns';
import { type Configuration, deployed, expectScanLimit } from './configurations';

interface Table {
  readonly Name: string;
  readonly Parameters: Readonly<Record<string, string>>;
  readonly StorageDescriptor: {
    readonly Columns: readonly { readonly Name: string }[];
    readonly Location?: string;
  };
}

/** Tables and views of the catalog in the order in which they are created. */
function tablesOf(configuration: Configuration): Table[] {
  return deployed(configuration)
    .resources('AWS::Glue::Table')
    .map(({ properties }) => (properties as { TableInput: Table }).TableInput);
}

const isView = ({ Parameters }: Table): boolean => Parameters.presto_view === 'true';

const breakdownTablesOf = (configuration: Configuration): Table[] =>
  tablesOf(configuration).filter(({ Name }) => /^carbon_by_(?!account$)/.test(Name));

describe('catalog', () => {
  test.each([
    ['defaults', ['carbon_emissions', 'accounts']],
    ['everySetting', ['carbon_emissions_csv', 'accounts']],
  ] as const)('with %s, the tables are %j, and the views come after them', (configuration, names) => {
    const tables = tablesOf(configuration);
    expect(tables.filter((table) => !isView(table)).map(({ Name }) => Name)).toEqual(names);
    expect(tables.slice(0, names.length).some(isView)).toBe(false);
    expect(tables.slice(names.length).length).toBeGreaterThan(3);
    expect(tables.slice(names.length).every(isView)).toBe(true);
  });

  test('a query may scan 10 GB, and the workgroup enforces it', () => {
    expectScanLimit('CarbonExports', 10_000_000_000);
  });

  test('every named query belongs to the workgroup and the database', () => {
    const queries = deployed('defaults').resources('AWS::Athena::NamedQuery');
    expect(queries.length).toBeGreaterThanOrEqual(5);
    for (const { properties } of queries) {
      expect(properties).toMatchObject({ Database: 'carbon_emissions', WorkGroup: 'CarbonExports' });
    }
  });

  test('no table projects partitions: any version that a run registers is visible', () => {
    const tables = tablesOf('awsTotals').filter((table) => !isView(table));
    expect(tables).toHaveLength(2);
    for (const { Parameters } of tables) {
      expect(Object.keys(Parameters).filter((name) => name.startsWith('projection.'))).toEqual([]);
    }
  });
});

describe('catalog with breakdowns', () => {
  test.each([
    [
      'breakdowns',
      [
        ['carbon_by_tag_cost_center', 'carbon-emissions-by-tag-Cost-Center/data/'],
        ['carbon_by_cost_category_unit', 'carbon-emissions-by-cost-category-Unit/data/'],
        ['carbon_by_resource', 'carbon-emissions-by-resource/data/'],
        ['carbon_by_tag', undefined],
      ],
    ],
    [
      'breakdownsInCsv',
      [
        ['carbon_by_tag_team_csv', 'carbon-emissions-by-tag-team/data/'],
        ['carbon_by_tag_b7c61bcd_csv', 'carbon-emissions-by-tag-b7c61bcd/data/'],
        ['carbon_by_tag', undefined],
      ],
    ],
  ] as const)('with %s, each export has a table, and carbon_by_tag comes last', (configuration, expected) => {
    const locationOf = ({ StorageDescriptor: { Location } }: Table): string | undefined =>
      /\/([^/]+\/data\/)$/.exec(Location ?? '')?.[1];
    const tables = breakdownTablesOf(configuration);
    expect(tables.map((table) => [table.Name, locationOf(table)])).toEqual(expected);
  });

  test.each(['breakdowns', 'breakdownsInCsv'] as const)(
    'with %s, tables have the columns of the export',
    (name) => {
      const tables = breakdownTablesOf(name);
      expect(tables.length).toBeGreaterThanOrEqual(3);
      for (const table of tables) {
        const keys = isView(table) ? EXPORT_PARTITION_KEYS : [];
        expect(table.StorageDescriptor.Columns.map(({ Name }) => Name)).toEqual(
          [...columnsOfExport(true), ...keys].map(({ name }) => name),
        );
      }
    },
  );

  test('without breakdowns, there is no such table', () => {
    expect(tablesOf('defaults').length).toBeGreaterThan(5);
    expect(breakdownTablesOf('defaults')).toEqual([]);
  });
});
