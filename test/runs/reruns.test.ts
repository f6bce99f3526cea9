import { readFileSync } from 'node:fs';
import type { EstateFolder } from '../support/estate-folder';
import { MONTHS } from '../support/estates/monthly-estate';
import { dataPath } from '../support/export-reader';
import { filesOfMonth, hashesAndTimesOf } from '../support/folder-contents';
import {
  everyMonth,
  JANUARY_PLACE,
  LATER,
  publishedEstate,
  refreshTimestamp,
} from '../support/published-estate';
import { runEstate, statusesOf } from '../support/run-command';
import { scratch } from '../support/scratch';

const folder = scratch();
const base = publishedEstate(folder);

describe('a rerun on unchanged inputs', () => {
  test.each([
    { what: 'on the same day', options: [] },
    { what: 'on a later day', options: LATER },
  ])('$what changes no byte, no file and no time of a file', async ({ options }) => {
    // Prepare
    const { estate, out } = base.again();
    const before = hashesAndTimesOf(out);
    // Act
    const run = await runEstate(estate.path, out, ...options);
    // Assess
    expect(run.code).toBe(0);
    expect(statusesOf(run)).toEqual(everyMonth('unchanged'));
    expect(hashesAndTimesOf(out)).toEqual(before);
  });

  test('reports the figures of the run that computed them', async () => {
    // Prepare
    const { estate, out } = base.again();
    const fresh = await runEstate(estate.path, folder());
    // Act
    const rerun = await runEstate(estate.path, out);
    // Assess
    expect(rerun.months.map(({ summary }) => summary)).toEqual(fresh.months.map(({ summary }) => summary));
  });

  test('does nothing when only the order of rows and files changed', async () => {
    // Prepare
    const { estate, out } = base.again();
    const before = hashesAndTimesOf(out);
    const [header = '', ...rows] = estate.read('electricity.csv').trimEnd().split('\n');
    estate.write('electricity.csv', `${[header, ...rows.reverse()].join('\n')}\n`);
    const usage = 'usage/usage_period=2025-01/usage-part-1.csv';
    const content = estate.read(usage);
    estate.remove(usage);
    estate.write('usage/usage_period=2025-01/renamed.csv', content);
    estate.gzip('usage/usage_period=2025-01/renamed.csv');
    // Act
    const run = await runEstate(estate.path, out, ...LATER);
    // Assess
    expect(statusesOf(run)).toEqual(everyMonth('unchanged'));
    expect(hashesAndTimesOf(out)).toEqual(before);
  });
});

describe('a changed input restates the months that it can change, and no others', () => {
  interface Change {
    readonly what: string;
    readonly change: (estate: EstateFolder) => unknown;
    readonly restated: readonly string[];
  }

  test.each<Change>([
    {
      what: 'an electricity row of one month',
      change: (estate) => estate.append('electricity.csv', 's1,2025-01,0.5,estimated'),
      restated: ['2025-01'],
    },
    {
      what: 'a usage file of one month',
      change: (estate) =>
        estate.write(
          'usage/usage_period=2025-02/more.csv',
          'usage_account_id,cluster_id,product_code,usage_quantity,usage_revenue\n000000000003,c1,A,1,\n',
        ),
      restated: ['2025-02'],
    },
    {
      what: 'a service_use file of one month',
      change: (estate) =>
        estate.write(
          'service_use/usage_period=2025-01/more.csv',
          'cluster_id,provider_code,consumer_code,share\n*,B,A,0.2\n',
        ),
      restated: ['2025-01'],
    },
    {
      what: 'a contract of a year',
      change: (estate) => estate.append('contracts.csv', 'k2,supplier,g1,2025,1,0.2'),
      restated: ['2025-01', '2025-02'],
    },
    {
      what: 'a contract of a month',
      change: (estate) => estate.append('contracts.csv', 'k2,supplier,g1,2025-02,1,0.2'),
      restated: ['2025-02'],
    },
    {
      what: 'a contract on a grid without any energy',
      change: (estate) => {
        estate.append('grid_factors.csv', 'g2,2023,1,,');
        estate.append('contracts.csv', 'k2,supplier,g2,2025,1,0.2');
      },
      restated: [],
    },
    {
      what: 'a grid factor of 2024, of which 2025 has another',
      change: (estate) => estate.append('grid_factors.csv', 'g1,2024,0.45,,'),
      restated: ['2024-12'],
    },
    {
      what: 'a grid factor of the future',
      change: (estate) => estate.append('grid_factors.csv', 'g1,2026,0.1,,'),
      restated: [],
    },
    {
      what: 'the actual fuel of a year that had some',
      change: (estate) => estate.append('fuel_use.csv', 's1,2025-01,oil,5,litre'),
      restated: ['2025-01'],
    },
    {
      what: 'fuel of a year before one that has fuel',
      change: (estate) => estate.append('fuel_use.csv', 's1,2023,oil,5,litre'),
      restated: [],
    },
    {
      what: 'a factor of an unused fuel',
      change: (estate) => estate.append('fuel_factors.csv', 'peat,kg,9,9,9,'),
      restated: [],
    },
    {
      what: 'the factor of the fuel of all sites',
      change: (estate) => estate.edit('fuel_factors.csv', 'litre,1', 'litre,1.5'),
      restated: MONTHS,
    },
    {
      what: 'the name of a Region, which the rows carry',
      change: (estate) => estate.edit('clusters.csv', 'c1,c1,', 'c1,Zurich,'),
      restated: MONTHS,
    },
    {
      what: 'a Region that opens later, with its site, grid and factors',
      change: (estate) => {
        estate.append('clusters.csv', 'c2,region,c2,c2,2025-06-01');
        estate.append('sites.csv', 's2,c2,g2');
        estate.append('grid_factors.csv', 'g2,2023,0.3,,');
      },
      restated: [],
    },
    {
      what: 'energy of a Region that opens later, which is overhead',
      change: (estate) => {
        estate.append('clusters.csv', 'c2,region,c2,c2,2025-06-01');
        estate.append('sites.csv', 's2,c2,g1');
        estate.append('electricity.csv', 's2,2025-02,1,metered');
      },
      restated: ['2025-02'],
    },
    {
      what: 'a site without any activity',
      change: (estate) => estate.append('sites.csv', 's2,c1,g9'),
      restated: [],
    },
    {
      what: 'another internal account',
      change: (estate) => estate.append('internal_accounts.csv', '000000000002'),
      restated: MONTHS,
    },
    {
      what: 'what accounts.json says of a month that has its snapshot',
      change: (estate) => estate.edit('accounts.json', 'Team 000000000001', 'Renamed'),
      restated: [],
    },
  ])('$what', async ({ change, restated }) => {
    // Prepare
    const { estate, out } = base.again();
    const kept = MONTHS.filter((month) => !restated.includes(month));
    const before = kept.map((month) => filesOfMonth(out, month));
    change(estate);
    // Act
    const run = await runEstate(estate.path, out, ...LATER);
    // Assess
    expect(run.code).toBe(0);
    expect(run.months.filter(({ status }) => status === 'published').map(({ month }) => month)).toEqual(
      restated,
    );
    expect(kept.map((month) => filesOfMonth(out, month))).toEqual(before);
  });

  test('a restated month has a new refresh timestamp and equals a first run on the new inputs', async () => {
    // Prepare
    const { estate, out } = base.again();
    estate.append('electricity.csv', 's1,2025-01,0.5,estimated');
    const fresh = folder();
    // Act
    await runEstate(estate.path, out, ...LATER);
    await runEstate(estate.path, fresh, ...LATER);
    // Assess
    expect(await refreshTimestamp(out)).toBe('2025-03-16T00:00:00.000Z');
    expect(readFileSync(dataPath({ out, ...JANUARY_PLACE }))).toEqual(
      readFileSync(dataPath({ out: fresh, ...JANUARY_PLACE })),
    );
  });

  test('another product detail restates every month', async () => {
    const { estate, out } = base.again();
    const run = await runEstate(estate.path, out, '--product-detail', 'ccft');
    expect(statusesOf(run)).toEqual(everyMonth('published'));
  });

  test('a new month is computed and the others are unchanged', async () => {
    // Prepare
    const { estate, out } = base.again();
    const before = MONTHS.map((month) => filesOfMonth(out, month));
    for (const table of ['racks', 'rack_use', 'service_use', 'usage']) {
      const content = estate.read(`${table}/usage_period=2025-02/${table}-part-1.csv`);
      estate.write(`${table}/usage_period=2025-03/${table}-part-1.csv`, content);
    }
    estate.append('electricity.csv', 's1,2025-03,1,metered');
    // Act
    const run = await runEstate(estate.path, out, '--as-of', '2025-04-15');
    // Assess
    expect(statusesOf(run)).toEqual({ ...everyMonth('unchanged'), '2025-03': 'published' });
    expect(MONTHS.map((month) => filesOfMonth(out, month))).toEqual(before);
  });
});
