import { CARBON_EMISSIONS } from '../../shared/catalog/tables';
import { publishedMonths, readManifest } from '../../shared/exports/published-months';
import { FolderStore } from '../../shared/stores/folder-store';
import type { Checks } from './checks';
import { assertSame, isClose } from './compare';
import { PARQUET_EXPORT } from './estate';
import type { Workbench } from './workbench';

/** What people already run on AWS's table (compatibility.md), on both engines. */
export async function checkReaders(bench: Workbench, checks: Checks): Promise<void> {
  await checks.check(
    'Cloud Intelligence Dashboards: 23 columns and both keys of carbon, joined with account_map',
    async () => {
      const names = [...CARBON_EMISSIONS.columns, ...CARBON_EMISSIONS.partitionKeys].map(({ name }) => name);
      assertSame('columns', names.length, 25);
      const { rows } = await bench.parquet.both(
        `SELECT ${names.map((name) => `c.${name}`).join(', ')}, m.account_name
       FROM carbon c LEFT JOIN account_map m ON m.account_id = c.usage_account_id
       WHERE c.carbon_model_version = 'v2.0.0' AND c.usage_period >= '2026-09'`,
      );
      if (!rows.some((row) => row[25] !== null)) throw new Error('no account has a name');
    },
  );
  await checks.check(
    'Grafana: usage_period_start between timestamps, and a filter on model_version',
    async () => {
      const { rows } = await bench.parquet.both(
        `SELECT usage_period_start AS time, sum(total_mbm_emissions_value) AS emissions
       FROM carbon_emissions
       WHERE usage_period_start BETWEEN timestamp '2025-01-01 00:00:00' AND timestamp '2025-12-01 00:00:00'
         AND model_version = 'v2.0.0'
       GROUP BY usage_period_start`,
      );
      assertSame('months', rows.length, 12);
    },
  );
  await checkAwsExamples(bench, checks);
  await checkEstimatedEmissions(bench, checks);
}

/** AWS's example queries have no filter on the version. */
async function checkAwsExamples(bench: Workbench, checks: Checks): Promise<void> {
  const groups = ['payer_account_id', 'payer_account_id, product_code', 'payer_account_id, region_code'];
  for (const keys of groups) {
    await checks.check(`AWS's example by ${keys}: right on carbon_latest`, async () => {
      const sum = 'sum(total_mbm_emissions_value) AS total_mbm';
      const { rows } = await bench.parquet.both(`SELECT ${keys}, ${sum} FROM carbon_latest GROUP BY ${keys}`);
      const total = rows.reduce((all, row) => all + Number(row.at(-1)), 0);
      const published = await newestTotal(bench.folder);
      if (!isClose(total, published, published * 1e3)) {
        throw new Error(`the rows add up to ${String(total)}, the manifests to ${String(published)}`);
      }
    });
  }
  await checks.check("AWS's example counts restated months twice on the table itself", async () => {
    const { rows } = await bench.parquet.both(
      `SELECT (SELECT sum(total_mbm_emissions_value) FROM carbon_emissions) AS every_version,
              (SELECT sum(total_mbm_emissions_value) FROM carbon_latest) AS newest`,
    );
    const [all, newest] = rows[0] ?? [];
    if (!(Number(all) > 1.5 * Number(newest))) throw new Error(`${String(all)} against ${String(newest)}`);
  });
}

/** Exported MTCO2e, market-based, of the newest version of each month, as the ledgers have it. */
async function newestTotal(folder: string): Promise<number> {
  const store = new FolderStore(folder);
  const newest = new Map<string, number>();
  for (const at of await publishedMonths(store, PARQUET_EXPORT)) {
    const manifest = await readManifest(store, PARQUET_EXPORT, at);
    if (manifest === undefined) throw new Error(`the manifest of ${at.month} cannot be read`);
    const { scope_1, scope_2_mbm } = manifest.ledgerKg.exported;
    // v2.0.0 comes after v1.0.0.
    newest.set(manifest.usagePeriod, (scope_1 + scope_2_mbm) / 1_000);
  }
  return [...newest.values()].reduce((sum, month) => sum + month, 0);
}

/** GetEstimatedCarbonEmissions: by account, Region and service; seven types; months, quarters and years. */
async function checkEstimatedEmissions(bench: Workbench, checks: Checks): Promise<void> {
  const periods = {
    month: 'usage_period',
    quarter:
      "substr(usage_period, 1, 4) || '-Q' || CAST((CAST(substr(usage_period, 6, 2) AS integer) + 2) / 3 AS varchar)",
    'calendar year': 'substr(usage_period, 1, 4)',
    'fiscal year from April':
      "CAST(substr(usage_period, 1, 4) AS integer) + CASE WHEN substr(usage_period, 6, 2) >= '04' THEN 1 ELSE 0 END",
  };
  const types = [
    'total_lbm',
    'total_mbm',
    'total_scope_1',
    'total_scope_2_lbm',
    'total_scope_2_mbm',
    'total_scope_3_lbm',
    'total_scope_3_mbm',
  ];
  const sums = types.map((type) => `sum(${type}_emissions_value) AS ${type}`).join(', ');
  for (const [period, expression] of Object.entries(periods)) {
    await checks.check(
      `GetEstimatedCarbonEmissions by account, Region and service per ${period}`,
      async () => {
        const { rows } = await bench.parquet.both(
          `SELECT ${expression} AS period, usage_account_id, region_code, product_code, ${sums}
         FROM carbon_latest WHERE usage_period >= '2026-01' GROUP BY ${expression}, usage_account_id, region_code, product_code`,
        );
        if (rows.length === 0) throw new Error('no rows');
      },
    );
  }
}
