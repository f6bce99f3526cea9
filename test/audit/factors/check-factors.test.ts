import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FactorFinding } from '../../../shared/audit/factors/factor-finding';
import { readReferenceFactors } from '../../../shared/audit/factors/reference-factors';
import { nonEmpty } from '../../support/non-empty';
import { carbonExports } from '../../support/run-command';
import { scratch } from '../../support/scratch';

const folder = scratch();

const TABLES = {
  clusters: [
    'cluster_id,kind,region_code,location,opened_on',
    'london,region,eu-west-2,Europe (London),',
    'mumbai,region,ap-south-1,Asia Pacific (Mumbai),',
    'mars,region,mars-1,Mars,',
  ],
  sites: ['site_id,cluster_id,grid_id', 'l,london,uk', 'm,mumbai,in', 'x,mars,red'],
  grid_factors: [
    'grid_id,year,location_based_kg_per_kwh,residual_mix_kg_per_kwh,source',
    'uk,2023,0.207074,,DESNZ',
    'uk,2024,0.3,,typed by hand',
    'in,2024,0.65,,CEA',
    'red,2024,0.1,,none',
  ],
  fera_factors: [
    'grid_id,year,upstream_kg_per_kwh,td_loss_rate,source',
    'uk,2025,0.0459,0.05,DESNZ',
    'in,2024,0.1,0.05,IEA',
  ],
  fuel_factors: [
    'fuel,unit,co2_kg,ch4_kg,n2o_kg,source,published_on',
    'diesel,litre,2.57082,0,0,DESNZ,2025-06-10',
    'Diesel,Litre,2.58354,0,0,DESNZ,2026-06-10',
    'natural gas,kWh,0.18231,0,0,DESNZ,',
  ],
  gwp: ['gas,gwp100,source,assessment_report', 'co2,1,,AR6', 'ch4,28,,AR6', 'n2o,273,,AR6', 'nf3,17400,,AR6'],
} as const;

async function check(
  changed: Partial<Record<keyof typeof TABLES, readonly string[]>> = {},
): Promise<FactorFinding[]> {
  const inputs = estate({ ...TABLES, ...changed });
  const { code, stdout, stderr } = await carbonExports('factors', 'check', '--inputs', inputs, '--json');
  if (stdout === '') throw new Error(stderr);
  const { factors: findings } = JSON.parse(stdout) as { factors: FactorFinding[] };
  expect(code).toBe(findings.some(({ state }) => state === 'older' || state === 'differs') ? 1 : 0);
  return nonEmpty(findings);
}

function estate(tables: Partial<Record<string, readonly string[]>>): string {
  const path = folder();
  mkdirSync(path, { recursive: true });
  for (const [name, lines = []] of Object.entries(tables)) {
    writeFileSync(join(path, `${name}.csv`), lines.map((line) => `${line}\n`).join(''));
  }
  return path;
}

const states = (findings: readonly FactorFinding[], table: FactorFinding['table']): Record<string, string> =>
  Object.fromEntries(
    findings.filter((finding) => finding.table === table).map(({ name, state }) => [name, state]),
  );

test('each factor is compared with the newest published one of its Region, fuel or gas', async () => {
  const findings = await check();
  expect(states(findings, 'grid_factors')).toEqual({
    'uk (eu-west-2)': 'older',
    'in (ap-south-1)': 'current',
    'red (mars-1)': 'no reference',
  });
  expect(states(findings, 'fera_factors')).toEqual({
    'uk (eu-west-2)': 'current',
    'in (ap-south-1)': 'no reference',
  });
  expect(states(findings, 'fuel_factors')).toEqual({
    'diesel in litre': 'older',
    'Diesel in Litre': 'current',
    'natural gas in kWh': 'undated',
  });
  // ch4 has the value of AR5 in a table of AR6: two reports in one estate.
  expect(states(findings, 'gwp')).toEqual({
    co2: 'current',
    ch4: 'differs',
    n2o: 'current',
    nf3: 'no reference',
  });
});

test('a factor of the same year with another value differs, with the source of the published one', async () => {
  const findings = await check({
    grid_factors: [TABLES.grid_factors[0], 'uk,2026,0.3,,', 'in,2024,0.65,,', 'red,2024,0.1,,'],
  });
  const [uk] = findings.filter(({ name }) => name === 'uk (eu-west-2)');
  expect(uk).toMatchObject({
    state: 'differs',
    own: { of: '2026', value: 0.3 },
    reference: { of: '2026', value: 0.13096, licence: 'OGL v3.0' },
  });
});

test('a reference that includes the upstream part says so where the estate adds one', async () => {
  const findings = await check();
  const [india] = findings.filter(({ name }) => name === 'in (ap-south-1)');
  expect(india?.notes).toEqual([expect.stringContaining('includes the upstream part')]);
});

test('gases of AR5 are older than AR6, also where the table names no report', async () => {
  const gwp = ['gas,gwp100,source', 'co2,1,', 'ch4,28,', 'n2o,265,'];
  expect(states(await check({ gwp }), 'gwp')).toEqual({ co2: 'current', ch4: 'older', n2o: 'older' });
});

test('an invalid table and an estate without factors are errors with a place', async () => {
  const invalid = estate({ ...TABLES, gwp: ['gas,gwp100,source', 'co2,x,'] });
  const result = await carbonExports('factors', 'check', '--inputs', invalid);
  expect(result).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('gwp.csv, row 1, column gwp100') as string,
  });
  const none = estate({ clusters: TABLES.clusters });
  const empty = await carbonExports('factors', 'check', '--inputs', none);
  expect(empty).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('found none of the tables') as string,
  });
});

test('every row of the reference has a year, a source and a licence, and no key twice', async () => {
  const { grids, fuels, gwp } = await readReferenceFactors();
  const keys = [
    ...nonEmpty(grids).map((row) => `${row.region_code} ${String(row.year)}`),
    ...nonEmpty(fuels).map((row) => `${row.fuel} ${row.unit} ${String(row.year)}`),
    ...nonEmpty(gwp).map((row) => `${row.gas} ${row.assessment_report}`),
  ];
  expect(new Set(keys).size).toBe(keys.length);
  for (const row of grids) {
    expect([row.td_kg_per_kwh, row.td_loss_rate]).toContain(undefined);
    // What covers the life cycle must not get an upstream factor on top.
    if (row.boundary === 'life_cycle') expect(row.upstream_kg_per_kwh).toBeUndefined();
  }
  const gases = new Set(gwp.map(({ gas }) => gas));
  expect(gwp).toHaveLength(2 * gases.size);
});

test('the gases of the sample have the values of the reference', async () => {
  const { gwp } = await readReferenceFactors();
  const text = readFileSync(join(__dirname, '..', '..', '..', 'sample', 'reference', 'gwp.csv'), 'utf8');
  const rows = nonEmpty(text.trim().split('\n').slice(1)).map((line) => line.split(','));
  for (const [gas, value, , report] of rows) {
    const row = gwp.find((known) => known.gas === gas && known.assessment_report === report);
    expect([gas, row?.gwp100]).toEqual([gas, Number(value)]);
  }
});
