import { views } from '../../shared/catalog';
import { assertSame } from './compare';
import type { Checks } from './checks';
import type { Workbench } from './workbench';

/** What reads computed totals reads AWS's own as well: null where AWS tells nothing, versions of AWS's, two months. */
export async function checkAwsTotals(bench: Workbench, checks: Checks): Promise<void> {
  await checks.check("AWS's totals: projection finds both versions and both months", async () => {
    const { rows } = await bench.aws.both(
      'SELECT DISTINCT carbon_model_version, usage_period FROM carbon_emissions ORDER BY 1, 2',
    );
    assertSame('partitions', rows, [
      ['v3.0.0', '2024-08'],
      ['v3.0.0', '2024-09'],
      ['v3.1.0', '2024-09'],
    ]);
  });
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
