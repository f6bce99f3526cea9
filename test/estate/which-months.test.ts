import { join } from 'node:path';
import { EstateFolder } from '../support/estate-folder';
import { monthlyEstate } from '../support/estates/monthly-estate';
import { runEstate } from '../support/run-command';
import { scratch } from '../support/scratch';

/*
 * An error in a table at the root makes the months fail that it affects, and no others: a month can use a factor of its
 * year or the latest earlier one, and an entry of a year only in that year.
 */

const MONTHS = ['2023-12', '2024-12', '2025-01', '2025-02', '2026-01'];

const folder = scratch();

interface Case {
  readonly what: string;
  readonly file: string;
  readonly line: string;
  readonly touches: readonly string[];
}

test.each<Case>([
  {
    what: 'electricity touches its month',
    file: 'electricity.csv',
    line: 's1,2025-01,x,metered',
    touches: ['2025-01'],
  },
  {
    what: 'electricity of no month can touch all',
    file: 'electricity.csv',
    line: 's1,January,1,metered',
    touches: MONTHS,
  },
  {
    what: 'electricity of an unknown site touches its month',
    file: 'electricity.csv',
    line: 's9,2024-12,1,metered',
    touches: ['2024-12'],
  },
  {
    what: 'a contract of a year touches that year',
    file: 'contracts.csv',
    line: 'k2,ppa,g1,2025,x,0.1',
    touches: ['2025-01', '2025-02'],
  },
  {
    what: 'a contract of a month touches that month',
    file: 'contracts.csv',
    line: 'k2,ppa,g9,2025-02,1,0.1',
    touches: ['2025-02'],
  },
  {
    what: 'fuel_use touches its year and all later ones, which may be estimated from it',
    file: 'fuel_use.csv',
    line: 's1,2024,oil,x,litre',
    touches: ['2024-12', '2025-01', '2025-02', '2026-01'],
  },
  {
    what: 'fuel_use of a month touches its year and all later ones',
    file: 'fuel_use.csv',
    line: 's1,2025-06,oil,1,gallon',
    touches: ['2025-01', '2025-02', '2026-01'],
  },
  {
    what: 'a grid factor touches its year and all later ones, which may fall back on it',
    file: 'grid_factors.csv',
    line: 'g1,2026,x,,',
    touches: ['2026-01'],
  },
  {
    what: 'a grid factor that is there twice touches its year and all later ones',
    file: 'grid_factors.csv',
    line: 'g1,2025,9,9,',
    touches: ['2025-01', '2025-02', '2026-01'],
  },
  {
    what: 'a rack touches its month',
    file: 'racks/usage_period=2025-02/racks-part-1.csv',
    line: 'r9,c1,server,x',
    touches: ['2025-02'],
  },
  { what: 'a cluster can touch all', file: 'clusters.csv', line: 'c2,x,c2,c2,', touches: MONTHS },
  { what: 'a service can touch all', file: 'services.csv', line: 'C,C,x', touches: MONTHS },
])('$what', async ({ file, line, touches }) => {
  // Prepare
  const tables = monthlyEstate(MONTHS);
  const estate = EstateFolder.of(tables, join(folder(), 'inputs'));
  estate.append(file, line);
  // Act
  const run = await runEstate(estate.path, folder(), '--as-of', '2026-02-15');
  // Assess
  expect(run.months.map(({ month }) => month)).toEqual(MONTHS);
  const failed = run.months.filter(({ status }) => status === 'failed').map(({ month }) => month);
  expect(failed).toEqual(touches);
  expect(run.code).toBe(1);
});
