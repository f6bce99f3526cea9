import { type BadInput, describeBadInput } from '../support/bad-input';
import type { EstateFolder } from '../support/estate-folder';
import { MONTHS } from '../support/estates/monthly-estate';

const FROM_2025 = ['2025-01', '2025-02'];

/** A case that replaces a part of a table at the root. */
function edited(
  table: string,
  [part, replacement]: readonly [string, string],
  problem: string,
  touches: readonly string[] = MONTHS,
): Omit<BadInput, 'what'> {
  return {
    spoil: (estate: EstateFolder) => {
      estate.edit(`${table}.csv`, part, replacement);
    },
    message: `${table}.csv, ${problem}`,
    touches,
  };
}

/** The row of electricity.csv for January, with another amount. */
const mwh = (value: string, found: string, expected = 'a number of at least 0'): Omit<BadInput, 'what'> =>
  edited(
    'electricity',
    ['2025-01,1,', `2025-01,${value},`],
    `row 2, column mwh: found ${found}, expected ${expected}`,
    ['2025-01'],
  );

describeBadInput('numbers at the root', [
  { what: 'a text', ...mwh('many', '"many"') },
  { what: 'a blank', ...mwh('', '""') },
  { what: 'NaN', ...mwh('NaN', '"NaN"') },
  { what: 'Infinity', ...mwh('Infinity', '"Infinity"') },
  { what: 'minus Infinity', ...mwh('-Infinity', '"-Infinity"') },
  { what: 'a number that overflows to Infinity', ...mwh('1e400', '"1e400"') },
  { what: 'a number beyond 1e20', ...mwh('1e21', '"1e21"', 'a number below 1e20') },
  { what: 'underscores', ...mwh('1_000', '"1_000"') },
  { what: 'a thousands separator', ...mwh('"1,000"', '"1,000"') },
  { what: 'a decimal comma', ...mwh('"0,5"', '"0,5"') },
  { what: 'hexadecimal', ...mwh('0x10', '"0x10"') },
  { what: 'a currency', ...mwh('5 MWh', '"5 MWh"') },
  { what: 'a blank before it', ...mwh(' 5', '" 5"') },
  { what: 'negative energy', ...mwh('-0.001', '"-0.001"') },
  {
    what: 'negative fuel',
    ...edited(
      'fuel_use',
      ['2025,oil,365', '2025,oil,-365'],
      'row 2, column quantity: found "-365", expected a number of at least 0',
      FROM_2025,
    ),
  },
  {
    what: 'negative contract',
    ...edited(
      'contracts',
      ['3.65', '-3.65'],
      'row 1, column mwh: found "-3.65", expected a number of at least 0',
      FROM_2025,
    ),
  },
  {
    what: 'a negative grid factor',
    ...edited(
      'grid_factors',
      ['2025,0.4', '2025,-0.4'],
      'row 2, column location_based_kg_per_kwh: found "-0.4", expected a number of at least 0',
      FROM_2025,
    ),
  },
  {
    what: 'a residual mix that is not a number',
    ...edited(
      'grid_factors',
      ['0.4,0.6', '0.4,n/a'],
      'row 2, column residual_mix_kg_per_kwh: found "n/a", expected a number of at least 0 or a blank',
      FROM_2025,
    ),
  },
  {
    what: 'a factor of fuel',
    ...edited(
      'fuel_factors',
      ['litre,1', 'litre,one'],
      'row 1, column co2_kg: found "one", expected a number of at least 0',
    ),
  },
  {
    what: 'a warming potential',
    ...edited(
      'gwp',
      ['co2,1', 'co2,one'],
      'row 1, column gwp100: found "one", expected a number of at least 0',
    ),
  },
]);

describeBadInput('words and dates at the root', [
  {
    what: 'a kind of cluster',
    ...edited(
      'clusters',
      ['c1,region', 'c1,Region'],
      'row 1, column kind: found "Region", expected region or edge',
    ),
  },
  {
    what: 'a blank id',
    ...edited(
      'clusters',
      ['c1,region', ',region'],
      'row 1, column cluster_id: found "", expected a value, not a blank',
    ),
  },
  {
    what: 'a day that does not exist',
    ...edited(
      'clusters',
      ['c1,c1,', 'c1,c1,2025-02-30'],
      'row 1, column opened_on: found "2025-02-30", expected a day YYYY-MM-DD or a blank',
    ),
  },
  {
    what: 'a kind of contract',
    ...edited(
      'contracts',
      ['ppa', 'lease'],
      'row 1, column kind: found "lease", expected certificate, ppa or supplier',
      FROM_2025,
    ),
  },
  {
    what: 'a basis of metering',
    ...edited(
      'electricity',
      ['2025-01,1,metered', '2025-01,1,guessed'],
      'row 2, column basis: found "guessed", expected metered, invoiced or estimated',
      ['2025-01'],
    ),
  },
  {
    what: 'a basis of allocation',
    ...edited(
      'services',
      ['physical', 'mental'],
      'row 1, column basis: found "mental", expected physical or economic',
    ),
  },
  {
    what: 'a month that does not exist, which may be any',
    ...edited(
      'electricity',
      ['2025-01', '2025-13'],
      'row 2, column usage_period: found "2025-13", expected a month YYYY-MM',
    ),
  },
  {
    what: 'a period of fuel, which may be any',
    ...edited(
      'fuel_use',
      ['2025,', '25,'],
      'row 2, column period: found "25", expected a month YYYY-MM or a year YYYY',
    ),
  },
  {
    what: 'a year of factors, which may be any',
    ...edited('grid_factors', ['2025', 'FY25'], 'row 2, column year: found "FY25", expected a year YYYY'),
  },
]);

describeBadInput('unknown ids at the root', [
  {
    what: 'a cluster of a site',
    ...edited(
      'sites',
      ['c1', 'c9'],
      'row 1, column cluster_id: found "c9", expected a cluster_id that is in clusters',
    ),
  },
  {
    what: 'a site of electricity',
    ...edited(
      'electricity',
      ['s1,2025-01', 's9,2025-01'],
      'row 2, column site_id: found "s9", expected a site_id that is in sites',
      ['2025-01'],
    ),
  },
  {
    what: 'a site of fuel',
    ...edited(
      'fuel_use',
      ['s1,2025', 's9,2025'],
      'row 2, column site_id: found "s9", expected a site_id that is in sites',
      FROM_2025,
    ),
  },
  {
    what: 'a fuel without a factor',
    ...edited(
      'fuel_use',
      ['2025,oil', '2025,peat'],
      'row 2, column fuel: found "peat", expected a fuel that is in fuel_factors',
      FROM_2025,
    ),
  },
  {
    what: 'a unit that does not match',
    ...edited(
      'fuel_use',
      ['365,litre', '365,gallon'],
      'row 2, column unit: found "gallon", expected the unit that fuel_factors has for oil: litre',
      FROM_2025,
    ),
  },
  {
    what: 'a grid of a contract',
    ...edited(
      'contracts',
      ['g1', 'g9'],
      'row 1, column grid_id: found "g9", expected a grid_id that is in sites or grid_factors',
      FROM_2025,
    ),
  },
  {
    what: 'a gas that is missing',
    ...edited('gwp', ['n2o', 'sf6'], 'column gas: expected a row for n2o'),
  },
  {
    what: 'sites without any cluster: a table that is empty knows no id',
    spoil: (estate) => {
      estate.write('clusters.csv', 'cluster_id,kind,region_code,location,opened_on\n');
    },
    message: 'sites.csv, row 1, column cluster_id: found "c1", expected a cluster_id that is in clusters',
    touches: MONTHS,
  },
]);

/** A case that repeats the first row of a table at the root, changed a little. */
function repeated(
  table: string,
  line: string,
  [row, column, value]: readonly [number, string, string],
  touches: readonly string[] = MONTHS,
): Omit<BadInput, 'what'> {
  return {
    spoil: (estate: EstateFolder) => {
      estate.append(`${table}.csv`, line);
    },
    message: `${table}.csv, row ${String(row)}, column ${column}: found "${value}", expected a unique key; row 1 of ${table}.csv has the same key`,
    touches,
  };
}

describeBadInput('keys that are there twice at the root', [
  { what: 'a cluster', ...repeated('clusters', 'c1,edge,x,x,', [2, 'cluster_id', 'c1']) },
  { what: 'a site', ...repeated('sites', 's1,c1,g2', [2, 'site_id', 's1']) },
  {
    what: "a grid's year",
    ...repeated('grid_factors', 'g1,2023,9,9,', [3, 'grid_id + year', 'g1 + 2023']),
  },
  {
    what: 'a fuel in one unit',
    ...repeated('fuel_factors', 'oil,litre,2,0,0,', [2, 'fuel + unit', 'oil + litre']),
  },
  { what: 'a gas', ...repeated('gwp', 'co2,2,', [4, 'gas', 'co2']) },
  {
    what: 'a contract in one period',
    ...repeated(
      'contracts',
      'k1,supplier,g1,2025,1,1',
      [2, 'contract_id + grid_id + period', 'k1 + g1 + 2025'],
      FROM_2025,
    ),
  },
  { what: 'a service', ...repeated('services', 'A,Other,economic', [3, 'product_code', 'A']) },
  {
    what: 'an internal account',
    ...repeated('internal_accounts', '000000000009', [2, 'account_id', '000000000009']),
  },
]);
