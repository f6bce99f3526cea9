import { BAD, describeBadInput, fileOf } from '../support/bad-input';
import type { EstateFolder } from '../support/estate-folder';
import { MONTHS } from '../support/estates/monthly-estate';

const STATIC_TABLES = [
  'clusters',
  'sites',
  'grid_factors',
  'fuel_factors',
  'gwp',
  'fuel_use',
  'electricity',
  'contracts',
  'services',
  'internal_accounts',
] as const;

describeBadInput(
  'a missing file at the root',
  STATIC_TABLES.map((table) => ({
    what: `${table}.csv`,
    spoil: (estate) => {
      estate.remove(`${table}.csv`);
    },
    message: `${table}.csv: expected the file to be there (.csv, .csv.gz or .parquet)`,
    touches: MONTHS,
  })),
);

describeBadInput('a missing column', [
  ...(
    [
      ['clusters', 'opened_on'],
      ['electricity', 'mwh'],
      ['services', 'basis'],
    ] as const
  ).map(([table, column]) => ({
    what: `${column} of ${table}`,
    spoil: (estate: EstateFolder) => {
      estate.edit(`${table}.csv`, column, `${column}_typo`);
    },
    message: `${table}.csv, column ${column}: expected the column to be there`,
    touches: MONTHS,
  })),
  ...(
    [
      ['racks', 'power_kw'],
      ['rack_use', 'share'],
      ['service_use', 'consumer_code'],
      ['usage', 'usage_revenue'],
    ] as const
  ).map(([table, column]) => ({
    what: `${column} of a month's ${table}`,
    spoil: (estate: EstateFolder) => {
      estate.edit(fileOf(table), column, `${column}_typo`);
    },
    message: `${fileOf(table)}, column ${column}: expected the column to be there`,
  })),
  {
    what: 'all of them: an empty file',
    spoil: (estate) => {
      estate.write(fileOf('racks'), '');
    },
    message: ['rack_id', 'cluster_id', 'kind', 'power_kw']
      .map((column) => `${fileOf('racks')}, column ${column}: expected the column to be there`)
      .join('\n'),
  },
]);

describeBadInput('a month without one of its tables', [
  ...(['racks', 'rack_use', 'service_use'] as const).map((table) => ({
    what: `no ${table}`,
    spoil: (estate: EstateFolder) => {
      estate.remove(`${table}/usage_period=${BAD}`);
    },
    message: `${table}/usage_period=${BAD}/: expected at least one file, since the month has usage`,
  })),
]);

describeBadInput('a table at the root that is there twice', [
  {
    what: 'as CSV and as gzip',
    spoil: (estate) => {
      estate.write('clusters.csv.gz', '');
    },
    message: 'clusters: expected one file, found clusters.csv and clusters.csv.gz',
    touches: MONTHS,
  },
  {
    what: 'as CSV and as Parquet',
    spoil: (estate) => {
      estate.write('internal_accounts.parquet', '');
    },
    message:
      'internal_accounts: expected one file, found internal_accounts.csv and internal_accounts.parquet',
    touches: MONTHS,
  },
]);
