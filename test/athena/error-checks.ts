import type { Checks } from './checks';
import { assertSame } from './compare';
import { TrinoQueryError } from './trino-client';
import type { Workbench } from './workbench';

/** What goes wrong says so. */
export async function checkErrors(bench: Workbench, checks: Checks): Promise<void> {
  const cases = [
    ['bad SQL', 'SELEC 1', 'SYNTAX_ERROR'],
    ['a missing table', 'SELECT * FROM carbon_emission', 'TABLE_NOT_FOUND'],
    ['a missing column', 'SELECT emissions FROM carbon_latest', 'COLUMN_NOT_FOUND'],
  ] as const;
  for (const [what, sql, code] of cases) {
    await checks.check(`${what}: ${code} from Trino, a reason from DuckDB`, async () => {
      assertSame('code', (await failureOf(bench.parquet.trino.query(sql))).code, code);
      const local = await bench.parquet.duck.select(sql).then(
        () => '',
        (error: unknown) => String(error),
      );
      if (!/Parser Error|Catalog Error|Binder Error/.test(local)) throw new Error(`DuckDB: "${local}"`);
    });
  }
  await checks.check(
    'a cancelled query: ADMINISTRATIVELY_KILLED or USER_CANCELED, not an empty result',
    async () => {
      const endless =
        'SELECT count(*) FROM carbon_emissions a CROSS JOIN carbon_emissions b CROSS JOIN carbon_emissions c';
      // Before it runs, Trino does not know the query that it must end.
      const query = bench.parquet.trino.query(endless, (id, state) => {
        if (state === 'RUNNING') void bench.parquet.trino.cancel(id);
      });
      const { code } = await failureOf(query);
      if (!/^(USER_CANCELED|ADMINISTRATIVELY_KILLED)$/.test(code)) throw new Error(`the code is ${code}`);
    },
  );
}

async function failureOf(query: Promise<unknown>): Promise<TrinoQueryError> {
  try {
    await query;
  } catch (error) {
    if (error instanceof TrinoQueryError) return error;
    throw error;
  }
  throw new Error('the query was run to its end');
}
