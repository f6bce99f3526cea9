import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addMonths, asMonth } from '../../shared/base/month';
import { EstateFolder } from '../support/estate-folder';
import type { EstateTables } from '../support/estates/estate-tables';
import { listedAccount, monthlyEstate, MONTHS } from '../support/estates/monthly-estate';
import { cluster, gridFactor, rackUse, usage } from '../support/estates/tiny-estate';
import { EXPORT_NAME } from '../support/export-name';
import { type ExportRow, readExportRows, readManifest } from '../support/export-reader';
import { nonEmpty } from '../support/non-empty';
import { runEstate, statusesOf } from '../support/run-command';
import { scratch } from '../support/scratch';

/*
 * Mistakes that are known from the field, each with a test.
 */

const folder = scratch();

const versionOf = (month: string): string => (month < '2025' ? 'v1.0.0' : 'v2.0.0');

function rowsOf(out: string, month: string, modelVersion = versionOf(month)): Promise<ExportRow[]> {
  return readExportRows({ out, exportName: EXPORT_NAME, month, modelVersion, format: 'parquet' });
}

const totalOf = (rows: readonly ExportRow[]): number =>
  rows.reduce((sum, row) => sum + Number(row['total_lbm_emissions_value']), 0);

function estate(months: readonly string[] = MONTHS, changes: Partial<EstateTables> = {}): EstateFolder {
  return EstateFolder.of(monthlyEstate(months, changes), join(folder(), 'inputs'));
}

test('negative revenue never makes a negative emission: a net refund counts as nothing', async () => {
  // Prepare
  const inputs = estate();
  for (const month of MONTHS) {
    inputs.append(
      `usage/usage_period=${month}/usage-part-1.csv`,
      '000000000001,c1,B,,5',
      '000000000001,c1,B,,-1000',
      '000000000003,c1,B,,-0.01',
    );
  }
  const out = folder();
  // Act
  const run = await runEstate(inputs.path, out);
  // Assess
  expect(run.code).toBe(0);
  for (const month of MONTHS) {
    const rows = await rowsOf(out, month);
    expect(
      nonEmpty(rows).every((row) =>
        Object.values(row).every((value) => typeof value === 'string' || value >= 0),
      ),
    ).toBe(true);
    const economic = rows.filter((row) => row['product_code'] === 'B').map((row) => row['usage_account_id']);
    expect(economic).toEqual(['000000000002']);
  }
});

test('a service that accounts use is not overhead, even where it has no racks', async () => {
  // Prepare
  const inputs = estate(['2025-01']);
  inputs.write('rack_use/usage_period=2025-01/rack_use-part-1.csv', 'rack_id,product_code,share\nr1,A,0.5\n');
  const out = folder();
  // Act
  await runEstate(inputs.path, out);
  // Assess: A passes a tenth on to B, and that tenth is exported as B's
  const rows = await rowsOf(out, '2025-01');
  const ofB = totalOf(rows.filter((row) => row['product_code'] === 'B'));
  const { ledgerKg } = readManifest({
    out,
    exportName: EXPORT_NAME,
    month: '2025-01',
    modelVersion: 'v2.0.0',
  });
  const emitted = ledgerKg.in.scope_1 + ledgerKg.in.scope_2_lbm;
  expect(ofB * 1_000).toBeCloseTo(emitted * 0.1, 9);
  expect(ledgerKg.retained_overhead.scope_2_lbm).toBe(0);
});

test('each month goes by its own racks, not by those of the month before', async () => {
  // Prepare
  const inputs = estate(['2025-01', '2025-02']);
  inputs.write('rack_use/usage_period=2025-02/rack_use-part-1.csv', 'rack_id,product_code,share\nr1,B,0.5\n');
  const out = folder();
  // Act
  await runEstate(inputs.path, out);
  // Assess
  const products = async (month: string): Promise<string[]> =>
    (await rowsOf(out, month))
      .filter((row) => Number(row['total_lbm_emissions_value']) > 0)
      .map((row) => String(row['product_code']));
  expect(new Set(await products('2025-01'))).toEqual(new Set(['A', 'B']));
  expect(new Set(await products('2025-02'))).toEqual(new Set(['B']));
});

test("a grid's factor counts once: two sites and two clusters on a grid do not double it", async () => {
  // Prepare
  const one = estate(['2025-01'], { fuel_use: [], contracts: [] });
  const many = estate(['2025-01'], { fuel_use: [], contracts: [], clusters: [cluster('c1'), cluster('c2')] });
  many.append('sites.csv', 's2,c1,g1', 's3,c2,g1');
  many.edit('electricity.csv', '2025-01,1,', '2025-01,0.5,');
  many.append('electricity.csv', 's2,2025-01,0.25,metered', 's3,2025-01,0.25,metered');
  const outs = [folder(), folder()] as const;
  // Act
  await runEstate(one.path, outs[0]);
  await runEstate(many.path, outs[1]);
  // Assess
  const at = { exportName: EXPORT_NAME, month: '2025-01', modelVersion: 'v2.0.0' };
  const kg = outs.map((out) => readManifest({ out, ...at }).ledgerKg.in);
  expect(kg[0]).toEqual({ scope_1: 0, scope_2_lbm: 400, scope_2_mbm: 600 });
  expect(kg[1]).toEqual(kg[0]);
});

test('a grid that is listed twice for a year is an error and not a doubled factor', async () => {
  const inputs = estate(['2025-01']);
  inputs.write(
    'grid_factors.csv',
    'grid_id,year,location_based_kg_per_kwh,residual_mix_kg_per_kwh,source\ng1,2025,0.4,,\ng1,2025,0.4,,\n',
  );
  const run = await runEstate(inputs.path, folder());
  expect(run.outcomes['2025-01']?.error).toContain('expected a unique key');
});

test('a factor of an earlier year is replaced by that of the year, not added to it', async () => {
  // Prepare
  const factors = [
    gridFactor('2023', '0.5', ''),
    gridFactor('2024', '0.45', ''),
    gridFactor('2025', '0.4', ''),
  ];
  const inputs = estate(['2025-01'], { grid_factors: factors, fuel_use: [], contracts: [] });
  const out = folder();
  // Act
  await runEstate(inputs.path, out);
  // Assess
  const place = { out, exportName: EXPORT_NAME, month: '2025-01', modelVersion: 'v2.0.0' };
  expect(readManifest(place).ledgerKg.in.scope_2_lbm).toBe(400);
});

test('reruns do not double sums: a month is one file, however often it is computed', async () => {
  // Prepare
  const inputs = estate();
  const out = folder();
  await runEstate(inputs.path, out);
  const before = totalOf(await rowsOf(out, '2025-01'));
  // Act
  await runEstate(inputs.path, out);
  inputs.edit('electricity.csv', 's1,2025-01,1', 's1,2025-01,2');
  await runEstate(inputs.path, out);
  inputs.edit('electricity.csv', 's1,2025-01,2', 's1,2025-01,1');
  const run = await runEstate(inputs.path, out);
  // Assess
  expect(statusesOf(run)['2025-01']).toBe('published');
  expect(totalOf(await rowsOf(out, '2025-01'))).toBe(before);
});

test('a bucket that is not empty is not a backfill that is complete: months that are missing are computed', async () => {
  // Prepare
  const inputs = estate();
  const out = folder();
  await runEstate(inputs.path, out, '--from', '2025-02', '--to', '2025-02');
  mkdirSync(join(out, EXPORT_NAME, 'data', 'carbon_model_version=v2.0.0', 'usage_period=2025-01'), {
    recursive: true,
  });
  writeFileSync(join(out, EXPORT_NAME, 'notes.txt'), 'not empty');
  // Act
  const run = await runEstate(inputs.path, out);
  // Assess
  expect(statusesOf(run)).toEqual({ '2024-12': 'published', '2025-01': 'published', '2025-02': 'unchanged' });
});

test('an error is not taken for no data yet: usage that cannot be read fails its month', async () => {
  // Prepare
  const inputs = estate();
  inputs.write('usage/usage_period=2025-01/usage-part-1.csv', '');
  // Act
  const run = await runEstate(inputs.path, folder());
  // Assess
  expect(run).toMatchObject({ code: 1, notAvailable: [] });
  expect(statusesOf(run)['2025-01']).toBe('failed');
});

test('a run with a month that failed is not green', async () => {
  const inputs = estate();
  inputs.append('electricity.csv', 's9,2025-01,1,metered');
  expect((await runEstate(inputs.path, folder())).code).toBe(1);
});

test('closed and suspended accounts, and accounts that left, keep their emissions', async () => {
  // Prepare
  const accounts = ['000000000042', '000000000001', '000000000002'].map((id) => listedAccount(id));
  const inputs = estate(['2025-01'], {
    accounts: { Accounts: accounts.map((account) => ({ ...account, State: 'CLOSED' })) },
  });
  inputs.edit('accounts.json', 'CLOSED', 'SUSPENDED');
  inputs.append('usage/usage_period=2025-01/usage-part-1.csv', '000000000005,c1,A,1,');
  const out = folder();
  // Act
  await runEstate(inputs.path, out);
  // Assess
  const ids = new Set((await rowsOf(out, '2025-01')).map((row) => row['usage_account_id']));
  expect(ids).toEqual(new Set(['000000000001', '000000000002', '000000000005']));
});

test('rows of two versions are never in one file or one folder, so that they are not summed by mistake', async () => {
  // Prepare
  const inputs = estate();
  const out = folder();
  // Act
  for (const model of ['v1.0.0', 'v2.0.0']) await runEstate(inputs.path, out, '--model', model);
  // Assess
  for (const month of MONTHS) {
    for (const version of ['v1.0.0', 'v2.0.0']) {
      const rows = await rowsOf(out, month, version);
      expect(rows.length).toBeGreaterThan(0);
      expect(new Set(rows.map((row) => row['model_version']))).toEqual(new Set([version]));
      expect(new Set(rows.map((row) => row['usage_period_start']))).toEqual(
        new Set([`${month}-01T00:00:00.000Z`]),
      );
      const [next] = [addMonths(asMonth(month), 1)];
      expect(new Set(rows.map((row) => row['usage_period_end']))).toEqual(
        new Set([`${next}-01T00:00:00.000Z`]),
      );
    }
  }
  expect(existsSync(join(out, EXPORT_NAME, 'data', 'carbon_model_version=v3.0.0'))).toBe(false);
});

test('what internal accounts use of economic services is carried by customers before v2.0.0, and retained from then on', async () => {
  // Prepare
  const inputs = estate(['2025-01']);
  inputs.append('usage/usage_period=2025-01/usage-part-1.csv', '000000000009,c1,B,,7.5');
  inputs.write('rack_use/usage_period=2025-01/rack_use-part-1.csv', 'rack_id,product_code,share\nr1,B,1\n');
  const out = folder();
  // Act
  for (const model of ['v1.0.0', 'v2.0.0']) await runEstate(inputs.path, out, '--model', model);
  // Assess
  const internal = (modelVersion: string): number =>
    readManifest({ out, exportName: EXPORT_NAME, month: '2025-01', modelVersion }).ledgerKg.retained_internal
      .scope_2_lbm;
  expect(internal('v1.0.0')).toBe(0);
  expect(internal('v2.0.0')).toBeCloseTo(400 * 0.75, 9);
});

test('idle racks, unused capacity and network racks stay with the operator before v2.0.0 only', async () => {
  // Prepare
  const inputs = estate(['2025-01'], { rack_use: { '2025-01': [rackUse('r1', 'A', '0.5')] } });
  inputs.write(
    'usage/usage_period=2025-01/usage-part-1.csv',
    [
      'usage_account_id,cluster_id,product_code,usage_quantity,usage_revenue',
      Object.values(usage('000000000001', 'A', '1', '')).join(','),
      '000000000001,c1,B,,1',
      '',
    ].join('\n'),
  );
  const out = folder();
  // Act
  for (const model of ['v1.0.0', 'v2.0.0']) await runEstate(inputs.path, out, '--model', model);
  // Assess: 10 kW of servers, half of it unused, and 2 kW of network
  const ledger = (modelVersion: string): Record<string, number> => {
    const { ledgerKg } = readManifest({ out, exportName: EXPORT_NAME, month: '2025-01', modelVersion });
    const { retained_unused, retained_overhead, exported } = ledgerKg;
    return {
      unused: retained_unused.scope_2_lbm / 400,
      overhead: retained_overhead.scope_2_lbm / 400,
      exported: exported.scope_2_lbm / 400,
    };
  };
  expect(ledger('v1.0.0')['unused']).toBeCloseTo(5 / 12, 12);
  expect(ledger('v1.0.0')['overhead']).toBeCloseTo(2 / 12, 12);
  expect(ledger('v1.0.0')['exported']).toBeCloseTo(5 / 12, 12);
  expect(ledger('v2.0.0')).toMatchObject({ unused: 0, overhead: 0 });
  expect(ledger('v2.0.0')['exported']).toBeCloseTo(1, 12);
});
