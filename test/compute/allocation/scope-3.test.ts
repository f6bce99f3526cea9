import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EstateTables, writeEstate } from '../../support/estates/estate-tables';
import {
  cluster,
  contract,
  fuelUse,
  MONTH,
  rack,
  rackUse,
  tinyEstate,
  usage,
} from '../../support/estates/tiny-estate';
import { EXPORT_NAME } from '../../support/export-name';
import { readExportRows, readManifest } from '../../support/export-reader';
import { runFolders } from '../../support/run-export';
import { embodied, scope3Estate as estate } from '../../support/estates/scope-3-estate';
import { scratch } from '../../support/scratch';

const folder = scratch();

const SETTINGS = { embodied: { early_retirement: 'write_off' } } as const;

/** More than the load, free of emissions. */
const CONTRACT = contract({ id: 'k', kind: 'ppa', period: MONTH, mwh: '5', kgPerKwh: '0' });

const A_CUSTOMER = usage('000000000001', 'A', '1', '');

type Result = {
  /** Scope 3 by product, kg: hardware and buildings, transport, fuel- and energy-related by both methods. */
  readonly rows: Readonly<Record<string, readonly number[]>>;
  readonly manifest: ReturnType<typeof readManifest>;
};

async function failureOf(tables: EstateTables, modelVersion = 'v3.0.0'): Promise<string | undefined> {
  const inputs = join(folder(), 'inputs');
  writeEstate(tables, inputs);
  const { months } = await runFolders(inputs, folder(), { model: modelVersion });
  return months[0]?.error;
}

/** @param files lines of files that replace those of the tables, by name */
async function computed(
  tables: EstateTables,
  settings: object = {},
  files: Readonly<Record<string, readonly string[]>> = {},
): Promise<Result> {
  const inputs = join(folder(), 'inputs');
  mkdirSync(inputs);
  writeEstate(tables, inputs);
  writeFileSync(join(inputs, 'settings.json'), JSON.stringify(settings));
  for (const [name, lines] of Object.entries(files)) writeFileSync(join(inputs, name), lines.join('\n'));
  const out = folder();
  const modelVersion = 'v3.0.0';
  const { months } = await runFolders(inputs, out, { model: modelVersion });
  expect(months.map(({ error }) => error)).toEqual([undefined]);
  const place = { out, exportName: EXPORT_NAME, month: MONTH, modelVersion, format: 'parquet' } as const;
  const rows = await readExportRows({ ...place, exportName: `${EXPORT_NAME}-scope-3` });
  const columns = ['2', '4', '3_lbm', '3_mbm'].map((name) => `ghgp_category_${name}_value`);
  return {
    rows: Object.fromEntries(
      rows.map((row) => [
        `${String(row['region_code'])} ${String(row['product_code'])}`,
        columns.map((column) => Math.round(Number(row[column]) * 1e9) / 1e6),
      ]),
    ),
    manifest: readManifest(place),
  };
}

const codesOf = ({ manifest }: Result): string[] => (manifest.warningDetails ?? []).map(({ code }) => code);

describe('embodied carbon', () => {
  test('of a used rack is that of its services; of transport too', async () => {
    const result = await computed(estate({ rack_embodied: [embodied('r1', { transport_kg: '219.1' })] }));
    expect(result.rows).toEqual({ 'c1 A': [31, 3.1, 0, 0] });
    expect(result.manifest.scope3?.hardware).toEqual({ coverage: 1, racksWithoutRow: 0, strandedRacks: 0 });
  });

  test('follows a rack to another cluster', async () => {
    const result = await computed(
      estate({
        clusters: [cluster('c1'), cluster('c2')],
        racks: { [MONTH]: [rack('r1', 'server', '10'), { ...rack('r2', 'server', '1'), cluster_id: 'c2' }] },
        rack_use: { [MONTH]: [rackUse('r1', 'A', '0.5'), rackUse('r2', 'A', '1')] },
        usage: { [MONTH]: [A_CUSTOMER, { ...A_CUSTOMER, cluster_id: 'c2' }] },
        rack_embodied: [embodied('r1'), embodied('r2', { embodied_kg: '4382' })],
      }),
    );
    expect(result.rows).toEqual({ 'c1 A': [31, 0, 0, 0], 'c2 A': [62, 0, 0, 0] });
  });

  test('of a stranded rack is that of the cluster in its row', async () => {
    const result = await computed(estate({ rack_embodied: [embodied('r1'), embodied('stored')] }));
    expect(result.rows).toEqual({ 'c1 A': [62, 0, 0, 0] });
    expect(result.manifest.scope3?.hardware.strandedRacks).toBe(1);
    expect(codesOf(result)).toContain('rack-stranded');
  });

  test('of idle server racks alone opens no cluster and falls on the others', async () => {
    const result = await computed(
      estate({
        clusters: [cluster('c1'), cluster('c2')],
        racks: { [MONTH]: [rack('r1', 'server', '10'), { ...rack('r2', 'server', '1'), cluster_id: 'c2' }] },
        usage: { [MONTH]: [A_CUSTOMER, { ...A_CUSTOMER, cluster_id: 'c2' }] },
        rack_embodied: [embodied('r1'), embodied('r2')],
      }),
    );
    expect(result.rows).toEqual({ 'c1 A': [62, 0, 0, 0] });
  });

  test('of overhead racks falls on services by power and use, of a used rack without power on its services', async () => {
    const result = await computed(
      estate({
        racks: {
          [MONTH]: [rack('r1', 'server', '10'), rack('r2', 'overhead', '3'), rack('r3', 'server', '0')],
        },
        rack_use: { [MONTH]: [rackUse('r1', 'A', '0.5'), rackUse('r3', 'B', '0.1')] },
        usage: { [MONTH]: [A_CUSTOMER, usage('000000000001', 'B', '', '5')] },
        rack_embodied: [embodied('r1'), embodied('r2'), embodied('r3', { embodied_kg: '4382' })],
      }),
    );
    expect(result.rows).toEqual({ 'c1 A': [62, 0, 0, 0], 'c1 B': [62, 0, 0, 0] });
  });

  test('of an unclaimed service is spread by weight where no claimed service has any', async () => {
    const result = await computed(
      estate({
        racks: { [MONTH]: [rack('r1', 'server', '10'), rack('r2', 'server', '10')] },
        rack_use: { [MONTH]: [rackUse('r1', 'A', '0.5'), rackUse('r2', 'B', '1')] },
        rack_embodied: [embodied('r2')],
      }),
    );
    expect(result.rows).toEqual({ 'c1 A': [31, 0, 0, 0] });
  });

  test.each([
    ['runs on', {}, [31, 0, 0, 0]],
    ['is written off', SETTINGS, [2_191, 0, 0, 0]],
  ])('after an early retirement %s', async (_, settings, expected) => {
    const retired = embodied('r1', { retired_on: '2024-12-11' });
    const result = await computed(estate({ rack_embodied: [retired] }), settings);
    expect(result.rows).toEqual({ 'c1 A': expected });
  });

  test('of racks without a row is a warning with the coverage', async () => {
    const result = await computed(
      estate({
        racks: { [MONTH]: [rack('r1', 'server', '10'), rack('r2', 'server', '30')] },
        rack_embodied: [embodied('r1')],
      }),
    );
    expect(result.manifest.scope3?.hardware).toEqual({
      coverage: 0.25,
      racksWithoutRow: 1,
      strandedRacks: 0,
    });
    expect(codesOf(result)).toContain('rack-embodied-missing');
  });

  test('of buildings is that of their cluster, by site or by cluster', async () => {
    const building = { kind: 'building', in_service_on: '2024-12-01', embodied_kg: '18262' };
    const result = await computed(
      estate({
        assets: [
          { asset_id: 'b1', site_id: 's1', ...building },
          { asset_id: 'b2', cluster_id: 'c1', ...building, service_months: '1', embodied_kg: '31' },
        ],
      }),
    );
    expect(result.rows).toEqual({ 'c1 A': [62, 0, 0, 0] });
  });
});

describe('fuel- and energy-related activities', () => {
  const fera = { grid_id: 'g1', year: '2023', upstream_kg_per_kwh: '0.05', td_loss_rate: '0.2' };

  test('are location- and market-based, with contracts above the load', async () => {
    // 1 MWh at 0.5 kg per kWh: td = 0.25 x (0.5 + 0.05) = 0.1375.
    const result = await computed(
      estate({
        fera_factors: [fera],
        contracts: [{ ...CONTRACT, upstream_kg_per_kwh: '0.01', td_kg_per_kwh: '' }],
      }),
    );
    expect(result.rows).toEqual({ 'c1 A': [0, 0, 187.5, 147.5] });
    expect(codesOf(result)).not.toContain('contract-upstream-missing');
    expect(codesOf(result)).toContain('contract-td-missing');
  });

  test('of a contract without factors are those of the grid, with a warning', async () => {
    const result = await computed(estate({ fera_factors: [fera], contracts: [CONTRACT] }));
    expect(result.rows).toEqual({ 'c1 A': [0, 0, 187.5, 187.5] });
    expect(codesOf(result)).toContain('contract-upstream-missing');
    expect(result.manifest.scope3?.contractsWithoutUpstream).toBe(1);
  });

  test('of fuel count in both methods', async () => {
    const [oil] = tinyEstate().fuel_factors;
    const result = await computed(
      estate({
        rack_embodied: [],
        fuel_factors: oil === undefined ? [] : [{ ...oil, upstream_kg: '0.25' }],
        fuel_use: [fuelUse(MONTH, '8')],
      }),
    );
    expect(result.rows).toEqual({ 'c1 A': [0, 0, 2, 2] });
    expect(codesOf(result)).toContain('fera-factors-missing');
  });

  test('need a factor of the grid', async () => {
    expect(await failureOf(estate({ fera_factors: [{ ...fera, grid_id: 'g2' }] }))).toBe(
      'grid g1 has no row in fera_factors for 2024 or an earlier year, but its sites used energy in 2024-12',
    );
  });

  test.each([
    [
      'td_loss_rate',
      { td_loss_rate: '1' },
      'a share from 0 to below 1 (energy lost / energy fed in) or a blank',
    ],
    ['td_loss_rate', { td_loss_rate: '-0.1' }, 'a number of at least 0 or a blank'],
    [
      'td_kg_per_kwh',
      { td_kg_per_kwh: '0.1' },
      'exactly one of td_kg_per_kwh and td_loss_rate, and the other blank',
    ],
    [
      'td_kg_per_kwh',
      { td_loss_rate: '' },
      'exactly one of td_kg_per_kwh and td_loss_rate, and the other blank',
    ],
  ])('reject %s of %j', async (column, changes, expected) => {
    const message = await failureOf(estate({ fera_factors: [{ ...fera, ...changes }] }));
    expect(message).toContain(`fera_factors.csv, row 1, column ${column}: `);
    expect(message).toContain(`expected ${expected}`);
  });
});

test('v3.0.0 without any table of Scope 3 is an error, and an empty one is enough', async () => {
  expect(await failureOf(estate())).toBe(
    "2024-12: found none of the tables of Scope 3 and no scope_3 column in the month's given totals; v3.0.0 needs at least one of rack_embodied, assets, fera_factors",
  );
  expect(await failureOf(estate({ rack_embodied: [] }))).toBeUndefined();
});

test('old factors and unverified ones are warnings with their part of the kg', async () => {
  const sites = ['s1', 's2'].map((id, at) => ({
    ...{ site_id: id, cluster_id: 'c1', grid_id: `g${String(at + 1)}` },
  }));
  const electricity = ['s1', 's2'].map((id) => ({
    ...{ site_id: id, usage_period: MONTH, mwh: '1', basis: 'metered' },
  }));
  // 500 kg on each grid, and 250 kg of oil.
  const result = await computed(
    estate({ sites, electricity, fuel_use: [fuelUse(MONTH, '250')] }),
    {},
    {
      'grid_factors.csv': [
        'grid_id,year,location_based_kg_per_kwh,residual_mix_kg_per_kwh,source,verified_by',
        'g1,2021,0.5,,,',
        'g2,2022,0.5,,,An auditor',
      ],
      'fera_factors.csv': ['grid_id,year,upstream_kg_per_kwh,td_kg_per_kwh', 'g1,2022,0,0', 'g2,2020,0,0'],
      'fuel_factors.csv': [
        'fuel,unit,co2_kg,ch4_kg,n2o_kg,source,upstream_kg,published_on,verified_by',
        'oil,litre,1,0,0,,0,2019-06-01,An auditor',
      ],
    },
  );
  const about = (result.manifest.warningDetails ?? []).filter(({ code }) => code.startsWith('factor-'));
  expect(about.map(({ code, message }) => [code, message])).toEqual([
    [
      'factor-old',
      'grid_factors: found factors more than two years older than the month: g1 (40.0 % of the kg), of 2021',
    ],
    [
      'factor-unverified',
      'grid_factors, column verified_by: found a blank where other factors have a verifier: g1 (40.0 % of the kg)',
    ],
    [
      'factor-old',
      'fera_factors: found factors more than two years older than the month: g2 (0.0 % of the kg), of 2020',
    ],
    [
      'factor-old',
      'fuel_factors: found factors more than two years older than the month: oil in litre (20.0 % of the kg), of 2019',
    ],
  ]);
  expect(result.manifest.scope3?.verifiedShare).toBeCloseTo(0.6, 12);
});

test('natural gas and refrigerants count in v3.0.0 alone', async () => {
  const [oil] = tinyEstate().fuel_factors;
  const gas = {
    fuel: 'gas',
    unit: 'm3',
    co2_kg: '2',
    ch4_kg: '0',
    n2o_kg: '0',
    source: '',
    family: 'natural_gas',
  };
  const tables = estate({
    fuel_factors: oil === undefined ? [] : [oil, gas],
    gwp: [...tinyEstate().gwp, { gas: 'hfc_32', gwp100: '771', source: '' }],
    fuel_use: [fuelUse(MONTH, '5'), { ...fuelUse(MONTH, '10'), fuel: 'gas', unit: 'm3' }],
    refrigerant_use: [{ site_id: 's1', period: MONTH, gas: 'hfc_32', quantity_kg: '2' }],
    rack_embodied: [embodied('r1')],
  });
  const { manifest } = await computed(tables);
  expect(manifest.ledgerKg.exported.scope_1).toBeCloseTo(5 + 20 + 1_542, 9);
  const inputs = join(folder(), 'inputs');
  writeEstate(tables, inputs);
  const out = folder();
  await runFolders(inputs, out, { model: 'v2.0.0' });
  const place = {
    out,
    exportName: EXPORT_NAME,
    month: MONTH,
    modelVersion: 'v2.0.0',
    format: 'parquet',
  } as const;
  expect(readManifest(place).ledgerKg.exported).toEqual({ scope_1: 5, scope_2_lbm: 500, scope_2_mbm: 500 });
});

test.each([
  ['without columns of Scope 3', {}, [0, 0, 0, 0]],
  ['with columns of Scope 3', { scope_3_hardware_kg: '7', scope_3_fera_mbm_kg: '3' }, [7, 0, 0, 3]],
])('given totals %s replace racks and assets', async (_, given, expected) => {
  const total = { cluster_id: 'c1', scope_1_kg: '1', scope_2_lbm_kg: '2', scope_2_mbm_kg: '3', ...given };
  const result = await computed(
    estate({ cluster_emissions: { [MONTH]: [total] }, rack_embodied: [embodied('r1')] }),
  );
  expect(result.rows).toEqual({ 'c1 A': expected });
  expect(codesOf(result)).toContain('embodied-left-out');
  expect(result.manifest.scope3?.hardware.coverage).toBe(1);
});
