import { type BadInput, describeBadInput, fileOf } from '../support/bad-input';
import type { EstateFolder } from '../support/estate-folder';

const RACKS = 'rack_id,cluster_id,kind,power_kw\n';
const RACK_USE = 'rack_id,product_code,share\n';
const SERVICE_USE = 'cluster_id,provider_code,consumer_code,share\n';

/** A case that writes a table of the month anew. */
function written(
  table: 'racks' | 'rack_use' | 'service_use',
  lines: readonly string[],
  ...problems: readonly string[]
): Omit<BadInput, 'what'> {
  const header = { racks: RACKS, rack_use: RACK_USE, service_use: SERVICE_USE }[table];
  return {
    spoil: (estate: EstateFolder) => {
      estate.write(fileOf(table), header + lines.map((line) => `${line}\n`).join(''));
    },
    message: problems.map((problem) => `${fileOf(table)}, ${problem}`).join('\n'),
  };
}

describeBadInput('racks of a month', [
  {
    what: 'negative power',
    ...written(
      'racks',
      ['r1,c1,server,-10'],
      'row 1, column power_kw: found "-10", expected a number of at least 0',
    ),
  },
  {
    what: 'power that is NaN',
    ...written(
      'racks',
      ['r1,c1,server,nan'],
      'row 1, column power_kw: found "nan", expected a number of at least 0',
    ),
  },
  {
    what: 'an invalid kind',
    ...written('racks', ['r1,c1,blade,10'], 'row 1, column kind: found "blade", expected server or overhead'),
  },
  {
    what: 'an unknown cluster',
    ...written(
      'racks',
      ['r1,c1,server,10', 'r2,c9,server,10'],
      'row 2, column cluster_id: found "c9", expected a cluster_id that is in clusters',
    ),
  },
  {
    what: 'a rack twice',
    ...written(
      'racks',
      ['r1,c1,server,10', 'r1,c1,server,20'],
      `row 2, column rack_id: found "r1", expected a unique key; row 1 of ${fileOf('racks')} has the same key`,
    ),
  },
  {
    what: 'all problems at once, each with its row',
    ...written(
      'racks',
      ['r1,c1,server,ten', ',c1,server,10', 'r3,c1,Server,-1'],
      'row 1, column power_kw: found "ten", expected a number of at least 0',
      'row 2, column rack_id: found "", expected a value, not a blank',
      'row 3, column kind: found "Server", expected server or overhead',
      'row 3, column power_kw: found "-1", expected a number of at least 0',
    ),
  },
  {
    what: 'a header and no racks: the month has no rack that rack_use refers to',
    spoil: (estate) => {
      estate.write(fileOf('racks'), RACKS);
    },
    message: [1, 2]
      .map(
        (row) =>
          `${fileOf('rack_use')}, row ${String(row)}, column rack_id: found "r1", expected a rack_id that is in racks`,
      )
      .join('\n'),
  },
]);

describeBadInput('rack_use of a month', [
  {
    what: 'a share above 1',
    ...written('rack_use', ['r1,A,1.1'], 'row 1, column share: found "1.1", expected a share from 0 to 1'),
  },
  {
    what: 'a share that is a percentage',
    ...written('rack_use', ['r1,A,50%'], 'row 1, column share: found "50%", expected a share from 0 to 1'),
  },
  {
    what: 'a negative share',
    ...written('rack_use', ['r1,A,-0.1'], 'row 1, column share: found "-0.1", expected a share from 0 to 1'),
  },
  {
    what: 'a blank share',
    ...written('rack_use', ['r1,A,'], 'row 1, column share: found "", expected a share from 0 to 1'),
  },
  {
    what: 'shares that add up to more than 1, over the exact decimals',
    ...written(
      'rack_use',
      ['r1,A,0.7', 'r1,B,0.300000002'],
      'row 2, column share: found "1.000000002", expected shares of r1 that add up to at most 1',
    ),
  },
  {
    what: 'an unknown rack',
    ...written(
      'rack_use',
      ['r9,A,0.5'],
      'row 1, column rack_id: found "r9", expected a rack_id that is in racks',
    ),
  },
  {
    what: 'an unknown service',
    ...written(
      'rack_use',
      ['r1,A,0.5', 'r1,Z,0.5'],
      'row 2, column product_code: found "Z", expected a product_code that is in services',
    ),
  },
  {
    what: 'a rack and service twice',
    ...written(
      'rack_use',
      ['r1,A,0.2', 'r1,A,0.2'],
      `row 2, column rack_id + product_code: found "r1 + A", expected a unique key; row 1 of ${fileOf('rack_use')} has the same key`,
    ),
  },
]);

describeBadInput('service_use of a month', [
  {
    what: 'a share above 1',
    ...written('service_use', ['*,A,B,2'], 'row 1, column share: found "2", expected a share from 0 to 1'),
  },
  {
    what: 'shares of a provider that add up to more than 1',
    ...written(
      'service_use',
      ['*,A,B,0.6', '*,A,A,0.6'],
      'row 2, column share: found "1.2", expected shares of A in cluster * that add up to at most 1',
    ),
  },
  {
    what: 'an unknown cluster',
    ...written(
      'service_use',
      ['c9,A,B,0.1'],
      'row 1, column cluster_id: found "c9", expected a cluster_id that is in clusters, or *',
    ),
  },
  {
    what: 'an unknown provider and an unknown consumer',
    ...written(
      'service_use',
      ['*,Y,Z,0.1'],
      'row 1, column provider_code: found "Y", expected a provider_code that is in services',
    ),
    message: [
      `${fileOf('service_use')}, row 1, column provider_code: found "Y", expected a provider_code that is in services`,
      `${fileOf('service_use')}, row 1, column consumer_code: found "Z", expected a consumer_code that is in services`,
    ].join('\n'),
  },
  {
    what: 'a dependency twice',
    ...written(
      'service_use',
      ['*,A,B,0.1', '*,A,B,0.2'],
      `row 2, column cluster_id + provider_code + consumer_code: found "* + A + B", expected a unique key; row 1 of ${fileOf('service_use')} has the same key`,
    ),
  },
]);

describeBadInput('valid tables that contradict each other', [
  {
    what: 'services that only ever use each other',
    spoil: (estate) => {
      estate.write(fileOf('service_use'), `${SERVICE_USE}*,A,B,1\n*,B,A,1\n`);
    },
    message:
      'service_use of cluster c1: A, B only ever use each other, so nothing of their emissions is left for accounts',
  },
  {
    what: 'a service that only ever uses itself',
    spoil: (estate) => {
      estate.write(fileOf('service_use'), `${SERVICE_USE}*,B,B,1\n`);
    },
    message:
      'service_use of cluster c1: B only ever uses itself, so nothing of their emissions is left for accounts',
  },
  {
    what: 'a grid without a factor for the year or an earlier one',
    spoil: (estate) => {
      estate.append('sites.csv', 's2,c1,g2');
      estate.append('electricity.csv', 's2,2025-01,1,metered');
      estate.append('grid_factors.csv', 'g2,2026,0.1,,');
    },
    message:
      'grid g2 has no row in grid_factors for 2025 or an earlier year, but its sites used energy in 2025-01',
  },
  {
    what: 'emissions where no cluster serves, because no rack is used',
    spoil: (estate) => {
      estate.write(fileOf('rack_use'), RACK_USE);
    },
    message:
      'no cluster serves in 2025-01 although there are emissions: none is open with a service that has both rack use and usage',
  },
  {
    what: 'emissions where no cluster serves, because the usage has a header and no lines',
    spoil: (estate) => {
      estate.write(
        fileOf('usage'),
        'usage_account_id,cluster_id,product_code,usage_quantity,usage_revenue\n',
      );
    },
    message:
      'no cluster serves in 2025-01 although there are emissions: none is open with a service that has both rack use and usage',
  },
]);
