import { views } from '../../shared/catalog/views';
import { HISTORY, HISTORY_BREAKDOWNS } from '../support/history-estate';
import type { Checks } from './checks';
import { assertSame, isClose } from './compare';
import type { Workbench } from './workbench';

/** Readers of computed totals read AWS's totals too: null where AWS has no value, AWS's versions, two months. */
export async function checkAwsTotals(bench: Workbench, checks: Checks): Promise<void> {
  await checks.check("AWS's totals: both versions and both months are visible", async () => {
    const { rows } = await bench.aws.both(
      'SELECT DISTINCT carbon_model_version, usage_period FROM carbon_emissions ORDER BY 1, 2',
    );
    assertSame('partitions', rows, [
      ['v3.0.0', '2024-08'],
      ['v3.0.0', '2024-09'],
      ['v3.1.0', '2024-09'],
    ]);
  });
  await checks.check(
    "AWS's totals: carbon_by_tag: Trino = DuckDB, and it adds up to the export",
    async () => {
      const { rows } = await bench.aws.both('SELECT * FROM carbon_by_tag');
      if (rows.length === 0) throw new Error('no rows: nothing was compared');
      const sums = await bench.aws.both(
        `SELECT 'parts' AS what, sum(total_lbm_emissions_value) AS total, count(DISTINCT split_value) AS parts FROM carbon_by_tag
       UNION ALL SELECT 'rows', sum(total_lbm_emissions_value), 0 FROM carbon_emissions`,
      );
      const totalOf = (what: string): number => Number(sums.rows.find((row) => row[0] === what)?.[1]);
      if (!isClose(totalOf('parts'), totalOf('rows'))) throw new Error(JSON.stringify(sums.rows));
      if (!(Number(sums.rows.find((row) => row[0] === 'parts')?.[2]) > 1))
        throw new Error('nothing was split');
    },
  );
  for (const { name } of views()) {
    await checks.check(`AWS's totals: view ${name}: Trino = DuckDB`, async () => {
      const { rows } = await bench.aws.both(`SELECT * FROM ${name}`);
      if (rows.length === 0) throw new Error('no rows: nothing was compared');
    });
  }
  for (const { Name: name, QueryString: sql } of bench.aws.catalog.queries) {
    await checks.check(`AWS's totals: named query ${name}: Trino = DuckDB`, async () => {
      const { rows } = await bench.aws.both(sql);
      if (rows.length === 0) throw new Error('no rows: nothing was compared');
    });
  }
}

/** Every month and version of the export and of each breakdown is visible to Trino, and sums are those of DuckDB. */
export async function checkHistory({ history }: Workbench, checks: Checks): Promise<void> {
  const tables = history.catalog.tables.map(({ Name: name }) => name);
  const ofExports = tables.filter((name) =>
    /^carbon_(emissions$|by_(tag|cost_category|resource)_?)/.test(name),
  );
  await checks.check("AWS's whole history: the export and its breakdowns have a table each", () => {
    assertSame('tables', ofExports.length, 2 + HISTORY_BREAKDOWNS.length);
  });
  for (const table of ofExports) {
    await checks.check(`AWS's whole history: every partition of ${table} is visible`, async () => {
      const { rows } = await history.trino.query(
        `SELECT DISTINCT carbon_model_version, usage_period FROM ${table}`,
      );
      assertSame('partitions', rows.map((row) => row.join('/')).sort(), [...HISTORY]);
    });
  }
  for (const { Name: name, QueryString: sql } of history.catalog.queries) {
    await checks.check(`AWS's whole history: named query ${name}: Trino = DuckDB`, async () => {
      const { rows } = await history.both(sql);
      if (rows.length === 0) throw new Error('no rows: nothing was compared');
    });
  }
}
