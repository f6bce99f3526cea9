import { join } from 'node:path';
import { EstateFolder } from '../support/estate-folder';
import type { EstateTables } from '../support/estates/estate-tables';
import { listedAccount } from '../support/estates/monthly-estate';
import { cluster, rack, rackUse, tinyEstate, usage } from '../support/estates/tiny-estate';
import { EXPORT_NAME } from '../support/export-name';
import { readExportRows, readManifest } from '../support/export-reader';
import { carbonExports, type EstateRun, runEstate } from '../support/run-command';
import { scratch } from '../support/scratch';
import { runVerify } from '../support/verify-command';

const folder = scratch();
const MONTH = '2025-01';
const ONE = '000000000001';
const TWO = '000000000002';

const kg = (
  one: string,
  location: string,
  market: string,
): Record<'scope_1_kg' | 'scope_2_lbm_kg' | 'scope_2_mbm_kg', string> => ({
  scope_1_kg: one,
  scope_2_lbm_kg: location,
  scope_2_mbm_kg: market,
});

/** Two clusters, c1 metered and with racks, c2 with nothing but usage; totals as each test sets them. */
function estateWith(changes: Partial<EstateTables> = {}): EstateTables {
  return tinyEstate({
    clusters: [cluster('c1'), cluster('c2')],
    electricity: [{ site_id: 's1', usage_period: MONTH, mwh: '1', basis: 'metered' }],
    racks: { [MONTH]: [rack('r1', 'server', '10')] },
    rack_use: { [MONTH]: [rackUse('r1', 'A', '0.5')] },
    service_use: {},
    usage: {
      [MONTH]: [
        usage(ONE, 'A', '1', ''),
        { ...usage(ONE, 'A', '1', ''), cluster_id: 'c2' },
        { ...usage(TWO, 'A', '3', ''), cluster_id: 'c2' },
      ],
    },
    accounts: { Accounts: [listedAccount(ONE), listedAccount(TWO)] },
    ...changes,
  });
}

async function runOnTables(
  tables: EstateTables,
  spoil: (estate: EstateFolder) => void = () => undefined,
  ...options: readonly string[]
): Promise<EstateRun & { readonly out: string; readonly inputs: string }> {
  const estate = EstateFolder.of(tables, join(folder(), 'inputs'));
  spoil(estate);
  const out = folder();
  return { ...(await runEstate(estate.path, out, ...options)), out, inputs: estate.path };
}

async function kgIn(out: string, modelVersion = 'v2.0.0'): Promise<Record<string, number[]>> {
  const rows = await readExportRows({
    out,
    exportName: EXPORT_NAME,
    month: MONTH,
    modelVersion,
    format: 'parquet',
  });
  return Object.fromEntries(
    rows.map((row) => [
      [row['usage_account_id'], row['region_code'], row['product_code']].join(' '),
      ['scope_1', 'scope_2_lbm', 'scope_2_mbm'].map((name) =>
        Number((Number(row[`total_${name}_emissions_value`]) * 1000).toPrecision(12)),
      ),
    ]),
  );
}

const SERVICES = { [MONTH]: [{ cluster_id: 'c2', product_code: 'A', ...kg('40', '80', '8') }] };

describe('service_emissions', () => {
  test('replace steps 1 to 4 of their cluster; the others are computed', async () => {
    const { code, out } = await runOnTables(estateWith({ service_emissions: SERVICES }));
    expect(code).toBe(0);
    expect(await kgIn(out)).toEqual({
      [`${ONE} c1 A`]: [0, 500, 500],
      [`${ONE} c2 A`]: [10, 20, 2],
      [`${TWO} c2 A`]: [30, 60, 6],
    });
    const { ledgerKg } = readManifest({ out, exportName: EXPORT_NAME, month: MONTH, modelVersion: 'v2.0.0' });
    expect(ledgerKg.in).toEqual({ scope_1: 40, scope_2_lbm: 580, scope_2_mbm: 508 });
  });

  test('take no overhead: it goes to clusters with racks', async () => {
    const closed = { ...cluster('c3', '2030-01-01'), kind: 'region' };
    const { out } = await runOnTables(
      estateWith({
        clusters: [cluster('c1'), cluster('c2'), closed],
        service_emissions: SERVICES,
        cluster_emissions: { [MONTH]: [{ cluster_id: 'c3', ...kg('7', '9', '11') }] },
      }),
    );
    expect(await kgIn(out)).toMatchObject({
      [`${ONE} c1 A`]: [7, 509, 511],
      [`${ONE} c2 A`]: [10, 20, 2],
    });
  });

  test.each([
    ['v1.0.0', [10, 20, 2]],
    ['v2.0.0', [12.5, 25, 2.5]],
  ])('their unclaimed part, in %s', async (model, expected) => {
    const rows = [
      ...(SERVICES[MONTH] ?? []),
      { cluster_id: 'c2', product_code: 'B', ...kg('10', '20', '2') },
    ];
    const { out } = await runOnTables(
      estateWith({ service_emissions: { [MONTH]: rows } }),
      undefined,
      '--model',
      model,
    );
    expect((await kgIn(out, model))[`${ONE} c2 A`]).toEqual(expected);
  });

  test('whose unclaimed part no service can take are an error that names the category', async () => {
    const rows = [
      { cluster_id: 'c2', product_code: 'A', ...kg('40', '0', '8') },
      { cluster_id: 'c2', product_code: 'B', ...kg('0', '20', '2') },
    ];
    const { outcomes } = await runOnTables(estateWith({ service_emissions: { [MONTH]: rows } }));
    expect(outcomes[MONTH]?.error).toBe(
      'no account used B in c2, and no service that was used has emissions of scope_2_lbm to take theirs in proportion',
    );
  });

  test('for all clusters need no racks, no sites and no factors', async () => {
    const { code, out, inputs } = await runOnTables(
      estateWith({
        clusters: [cluster('c2')],
        sites: [],
        usage: { [MONTH]: [{ ...usage(TWO, 'A', '3', ''), cluster_id: 'c2' }] },
        service_emissions: SERVICES,
      }),
      (estate) => {
        for (const table of [
          'sites',
          'grid_factors',
          'fuel_factors',
          'gwp',
          'fuel_use',
          'electricity',
          'contracts',
        ]) {
          estate.remove(`${table}.csv`);
        }
        estate.remove('racks');
        estate.remove('rack_use');
      },
    );
    expect(code).toBe(0);
    expect(await kgIn(out)).toEqual({ [`${TWO} c2 A`]: [40, 80, 8] });
    const verified = await runVerify(inputs, out);
    expect([verified.code, verified.stderr]).toEqual([0, '[1/1] 2025-01 v2.0.0 verified\n']);
  });

  test('cannot pass overhead on: an error where no serving cluster has racks', async () => {
    const { outcomes } = await runOnTables(
      estateWith({
        clusters: [cluster('c2'), cluster('c3', '2030-01-01')],
        sites: [],
        electricity: [],
        racks: {},
        rack_use: {},
        usage: { [MONTH]: [{ ...usage(TWO, 'A', '3', ''), cluster_id: 'c2' }] },
        service_emissions: {
          [MONTH]: [
            ...(SERVICES[MONTH] ?? []),
            { cluster_id: 'c3', product_code: 'A', ...kg('1', '1', '1') },
          ],
        },
      }),
    );
    expect(outcomes[MONTH]?.error).toContain('no serving cluster has racks to take them');
  });

  test('are explained down to their row, and verified', async () => {
    const { inputs, out } = await runOnTables(estateWith({ service_emissions: SERVICES }));
    const explained = await carbonExports(
      'explain',
      '--inputs',
      inputs,
      '--out',
      out,
      '--export-name',
      EXPORT_NAME,
      '--account',
      ONE,
      '--month',
      MONTH,
    );
    expect(explained.code).toBe(0);
    expect(explained.stdout).toContain('given by service_emissions');
    expect(explained.stdout).toMatch(/service_emissions\/usage_period=2025-01\/.*row 1/);
    const verified = await runVerify(inputs, out);
    expect([verified.code, verified.stderr]).toEqual([0, '[1/1] 2025-01 v2.0.0 verified\n']);
  });
});

describe('cluster_emissions', () => {
  test('replace step 1: their sites are not in the grid’s load', async () => {
    const { code, out } = await runOnTables(
      estateWith({
        clusters: [cluster('c1')],
        usage: { [MONTH]: [usage(ONE, 'A', '1', '')] },
        cluster_emissions: { [MONTH]: [{ cluster_id: 'c1', ...kg('3', '5', '4') }] },
      }),
      (estate) => {
        estate.remove('electricity.csv');
        estate.remove('grid_factors.csv');
      },
    );
    expect(code).toBe(0);
    expect(await kgIn(out)).toEqual({ [`${ONE} c1 A`]: [3, 5, 4] });
  });
});

describe('invalid totals', () => {
  const file = (table: string): string => `${table}/usage_period=${MONTH}/${table}-part-1.csv`;
  const HEADER = 'cluster_id,scope_1_kg,scope_2_lbm_kg,scope_2_mbm_kg\n';

  test.each([
    [
      'for a cluster by both tables',
      `${HEADER}c2,1,1,1\n`,
      'row 1, column cluster_id: found "c2", expected a cluster without service_emissions in this month: one total for a cluster, not two',
    ],
    [
      'of an unknown cluster',
      `${HEADER}c9,1,1,1\n`,
      'row 1, column cluster_id: found "c9", expected a cluster_id that is in clusters',
    ],
    [
      'below 0',
      `${HEADER}c1,1,-1,1\n`,
      'row 1, column scope_2_lbm_kg: found "-1", expected a number of at least 0',
    ],
    [
      'that are no number',
      `${HEADER}c1,NaN,1,1\n`,
      'row 1, column scope_1_kg: found "NaN", expected a number of at least 0',
    ],
    [
      'given twice',
      `${HEADER}c1,1,1,1\nc1,2,2,2\n`,
      `row 2, column cluster_id: found "c1", expected a unique key; row 1 of ${file('cluster_emissions')} has the same key`,
    ],
    [
      'without a column',
      'cluster_id,scope_1_kg,scope_2_lbm_kg\nc1,1,1\n',
      'column scope_2_mbm_kg: expected the column to be there',
    ],
  ])('%s are an error', async (_, content, problem) => {
    const { code, outcomes } = await runOnTables(estateWith({ service_emissions: SERVICES }), (estate) => {
      estate.write(file('cluster_emissions'), content);
    });
    expect(code).toBe(1);
    expect(outcomes[MONTH]?.error).toContain(`${file('cluster_emissions')}, ${problem}`);
  });

  test('of an unknown service are an error', async () => {
    const rows = [{ cluster_id: 'c2', product_code: 'Z', ...kg('1', '1', '1') }];
    const { outcomes } = await runOnTables(estateWith({ service_emissions: { [MONTH]: rows } }));
    expect(outcomes[MONTH]?.error).toContain(
      'column product_code: found "Z", expected a product_code that is in services',
    );
  });

  test('a changed total restates its month', async () => {
    const { inputs, out } = await runOnTables(estateWith({ service_emissions: SERVICES }));
    const estate = new EstateFolder(inputs);
    estate.edit(file('service_emissions'), '40', '44');
    const run = await runEstate(inputs, out);
    expect(run.outcomes[MONTH]?.status).toBe('published');
    expect((await kgIn(out))[`${ONE} c2 A`]).toEqual([11, 20, 2]);
    const before = EstateFolder.of(estateWith({ service_emissions: SERVICES }), join(folder(), 'before'));
    const explained = await carbonExports(
      ...['diff', '--out', out, '--export-name', EXPORT_NAME, '--inputs', before.path, '--inputs-b', inputs],
    );
    expect(explained.stdout).toContain('service_emissions');
    expect(explained.stdout).toMatch(/scope_1_kg=40[^\n]*\n(.*\n)*.*scope_1_kg=44/);
  });
});
