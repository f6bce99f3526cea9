import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExportDiff } from '../../shared/audit/diff/diff-exports';
import type { Verification } from '../../shared/audit/verify/verification';
import { asExportMonth, dataKey, manifestKey } from '../../shared/exports/layout';
import { billCsv, focusRow, runBills } from '../support/bills';
import { EXPORT_NAME } from '../support/export-name';
import { readExportRows } from '../support/export-reader';
import { nonEmpty } from '../support/non-empty';
import { carbonExports } from '../support/run-command';
import { runFolders } from '../support/run-export';
import { scratch } from '../support/scratch';

/*
 * What is audited of months with Scope 3, on the worked case of v3.0.0: it is verified with its companion, explained by rack,
 * compared with v2.0.0, and read where no version is named.
 */

const INPUTS = join(__dirname, '..', 'cases', 'scope-3', 'inputs');

const folder = scratch();

async function published(): Promise<string> {
  const out = folder();
  await runFolders(INPUTS, out, { model: 'v2.0.0' });
  const report = await runFolders(INPUTS, out, { model: 'v3.0.0' });
  expect(report.months).toMatchObject([{ status: 'published' }]);
  return out;
}

const at = asExportMonth('2025-02', 'v3.0.0');

async function verify(out: string): Promise<Verification> {
  const options = ['--inputs', INPUTS, '--out', out, '--export-name', EXPORT_NAME, '--json'];
  const { stdout, stderr } = await carbonExports('verify', ...options);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Verification;
}

const differencesOf = ({ months }: Verification): string[] =>
  nonEmpty(months).flatMap(({ differences }) => differences);

test('both versions are verified, with the companion export', async () => {
  const out = await published();
  const result = await verify(out);
  expect(result.months.map(({ modelVersion }) => modelVersion)).toEqual(['v2.0.0', 'v3.0.0']);
  expect(differencesOf(result)).toEqual([]);
});

test('a companion file that was changed, and one that is missing a manifest, are differences', async () => {
  const out = await published();
  const companion = `${EXPORT_NAME}-scope-3`;
  const path = join(out, dataKey(companion, at, 'parquet'));
  writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from('x')]));
  expect(differencesOf(await verify(out))).toContainEqual(expect.stringContaining(`${companion}/data/`));
  writeFileSync(join(out, manifestKey(companion, at)), '{}');
  expect(differencesOf(await verify(out))).toContainEqual(expect.stringContaining('found no manifest'));
});

test('a run restores a companion file that was lost', async () => {
  const out = await published();
  const path = join(out, dataKey(`${EXPORT_NAME}-scope-3`, at, 'parquet'));
  const before = readFileSync(path);
  writeFileSync(path, '');
  await runFolders(INPUTS, out, { model: 'v3.0.0' });
  expect(readFileSync(path).equals(before)).toBe(true);
});

test('explain reads the newest version and follows embodied carbon to single racks', async () => {
  const out = await published();
  const place = ['--inputs', INPUTS, '--out', out, '--export-name', EXPORT_NAME];
  const row = ['--account', '000000000042', '--month', '2025-02', '--service', 'AmazonS3'];
  const { stdout } = await carbonExports('explain', ...place, ...row, '--category', 'scope_3_lbm');
  expect(stdout).toContain('v3.0.0');
  for (const text of [
    '785.333 kg  AmazonS3',
    '560 kg  of rack R4 itself',
    '120 kg  building',
    '315.789 kg',
  ]) {
    expect(stdout).toContain(text.replace('120 kg  building', '120 kg  building building-1'));
  }
});

test('diff shows Scope 3 as added, and Scope 2 equal to the last bit', async () => {
  const out = await published();
  const options = ['diff', '--out', out, '--export-name', EXPORT_NAME];
  const versions = ['--model-a', 'v2.0.0', '--model-b', 'v3.0.0', '--json'];
  const { stdout, stderr } = await carbonExports(...options, ...versions);
  if (stdout === '') throw new Error(stderr);
  const { months } = JSON.parse(stdout) as ExportDiff;
  const totals = nonEmpty(months)[0]?.moved.totals;
  for (const figure of ['scope_1', 'scope_2_lbm', 'scope_2_mbm'] as const) {
    expect(totals?.[figure].after).toBe(totals?.[figure].before);
  }
  expect(totals?.scope_3_lbm.before).toBe(0);
  expect(totals?.scope_3_lbm.after).toBeCloseTo(2.164842, 5);
});

test('queries find the parts in carbon_scope_3 and the newest version in carbon_latest', async () => {
  const out = await published();
  const sql =
    'SELECT s.carbon_model_version, sum(ghgp_category_2_value) AS category_2 FROM carbon_scope_3 s GROUP BY 1';
  const options = ['--out', out, '--export-name', EXPORT_NAME, '--format', 'csv'];
  const { stdout } = await carbonExports('query', sql, ...options);
  expect(stdout.trim().split(/\r?\n/)).toEqual(['carbon_model_version,category_2', 'v3.0.0,1.428']);
  const latest = await carbonExports(
    'query',
    'SELECT DISTINCT carbon_model_version FROM carbon_latest',
    ...options,
  );
  expect(latest.stdout).toContain('v3.0.0');
});

test('rows of bills are broken down with Scope 3, and verified', async () => {
  // Prepare
  const lines = ['red', 'blue', 'red'].map((team, index) =>
    focusRow({ account: '000000000001', quantity: String(index + 1) }, { Tags: JSON.stringify({ team }) }),
  );
  const files = {
    'focus/usage_period=2025-01/bill.csv': billCsv(lines),
    'rack_embodied.csv':
      'rack_id,cluster_id,in_service_on,embodied_kg\nr1,c1,2025-01-01,2191\nr2,c1,2025-01-01,700\n',
    'fera_factors.csv': 'grid_id,year,upstream_kg_per_kwh,td_loss_rate\ng1,2024,0.03,0.05\n',
  };
  // Act
  const { code, out, inputs } = await runBills(folder(), files, '--model', 'v3.0.0', '--by', 'tag:team');
  // Assess
  expect(code).toBe(0);
  for (const exportName of [EXPORT_NAME, `${EXPORT_NAME}-by-tag-team`]) {
    const options = ['--inputs', inputs.path, '--out', out, '--export-name', exportName, '--json'];
    const { stdout, stderr } = await carbonExports('verify', ...options);
    if (stdout === '') throw new Error(stderr);
    expect(differencesOf(JSON.parse(stdout) as Verification)).toEqual([]);
  }
  const place = { out, month: '2025-01', modelVersion: 'v3.0.0', format: 'parquet' } as const;
  const scope3 = async (exportName: string): Promise<number> => {
    const rows = await readExportRows({ ...place, exportName });
    return nonEmpty(rows).reduce((sum, row) => sum + Number(row['total_scope_3_lbm_emissions_value']), 0);
  };
  expect(await scope3(EXPORT_NAME)).toBeGreaterThan(0.03);
  expect(await scope3(`${EXPORT_NAME}-by-tag-team`)).toBeCloseTo(await scope3(EXPORT_NAME), 12);
});
