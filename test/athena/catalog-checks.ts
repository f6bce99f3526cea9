import { namedQueries } from '../../shared/catalog/named-queries';
import {
  ACCOUNTS,
  CARBON_EMISSIONS,
  CARBON_EMISSIONS_CSV,
  CARBON_SCOPE_3,
  CARBON_SCOPE_3_CSV,
} from '../../shared/catalog/tables';
import { views } from '../../shared/catalog/views';
import { type CatalogColumn, TRINO_TYPES } from '../../shared/catalog/column-types';
import type { Checks } from './checks';
import { assertSame } from './compare';
import { CSV_EXPORT, PARQUET_EXPORT, SCOPE_3_MONTHS } from './estate';
import type { EnginePair, Workbench } from './workbench';

/** Months whose rows are compared one by one: the first, one at the change of versions, and the last. */
const CLOSE_UP = "('2023-09', '2024-12', '2026-10')";

/** Every table, view and named query has the same result in DuckDB and Trino. */
export async function checkCatalog(bench: Workbench, checks: Checks): Promise<void> {
  const tables = [
    [bench.parquet, CARBON_EMISSIONS],
    [bench.csv, CARBON_EMISSIONS_CSV],
    [bench.parquet, ACCOUNTS],
  ] as const;
  for (const [pair, { name, columns, partitionKeys }] of tables) {
    await checkRelation(pair, checks, { kind: 'table', name, columns: [...columns, ...partitionKeys] });
  }
  for (const { name, columns } of views()) {
    await checkRelation(bench.parquet, checks, { kind: 'view', name, columns });
  }
  await checks.check('the stacks have every named query', () => {
    const deployed = bench.parquet.catalog.queries.map(({ Name: name }) => name);
    assertSame(
      'queries',
      [...deployed].sort(),
      namedQueries()
        .filter(({ readsBreakdowns, readsScope3 }) => !readsBreakdowns && !readsScope3)
        .map(({ name }) => name)
        .sort(),
    );
  });
  for (const { Name: name, QueryString: sql } of bench.parquet.catalog.queries) {
    await checks.check(`named query ${name}: Trino = DuckDB`, async () => {
      const result = await bench.parquet.both(sql);
      if (result.rows.length === 0) throw new Error('no rows: nothing was compared');
    });
  }
  await checkVariants(bench, checks);
}

/** The companion export of v3.0.0 has the same rows in both engines, as Parquet and as CSV, and so does its named query. */
export async function checkScope3({ scope3, scope3Csv }: Workbench, checks: Checks): Promise<void> {
  const columns = [...CARBON_SCOPE_3.columns, ...CARBON_SCOPE_3.partitionKeys];
  await checkRelation(scope3, checks, { kind: 'table', name: CARBON_SCOPE_3.name, columns });
  await checkRelation(scope3Csv, checks, {
    ...{ kind: 'table', name: CARBON_SCOPE_3_CSV.name },
    columns: [...CARBON_SCOPE_3_CSV.columns, ...CARBON_SCOPE_3_CSV.partitionKeys],
  });
  await checkRelation(scope3Csv, checks, { kind: 'view', name: CARBON_SCOPE_3.name, columns });
  for (const pair of [scope3, scope3Csv]) {
    const queries = pair.catalog.queries.filter(({ QueryString: sql }) => sql.includes('carbon_scope_3'));
    await checks.check('the companion export has its named query: Trino = DuckDB', async () => {
      assertSame('queries', queries.length, 1);
      const { rows } = await pair.both(queries[0]?.QueryString ?? '');
      assertSame('months', rows.length, SCOPE_3_MONTHS);
    });
    await checks.check('the parts of Scope 3 add up to its columns in carbon_emissions', async () => {
      const { rows } = await pair.both(
        `SELECT count(*) AS n FROM carbon_scope_3 s JOIN carbon_emissions e
           ON e.usage_account_id = s.usage_account_id AND e.region_code = s.region_code
           AND e.product_code = s.product_code AND e.usage_period = s.usage_period
           AND e.carbon_model_version = s.carbon_model_version
         WHERE abs(e.total_scope_3_mbm_emissions_value - s.ghgp_category_2_value - s.ghgp_category_3_mbm_value - s.ghgp_category_4_value)
           <= 1e-9 * e.total_scope_3_mbm_emissions_value`,
      );
      const { rows: all } = await pair.both('SELECT count(*) AS n FROM carbon_emissions');
      if (Number(all[0]?.[0] ?? 0) === 0) throw new Error('no rows: nothing was compared');
      assertSame('rows', rows, all);
    });
  }
}

/** Named queries with other parameters, and views where the export is CSV alone. */
async function checkVariants(bench: Workbench, checks: Checks): Promise<void> {
  const variants: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['by-tag', { tag_key: 'cost-center', first_month: '2025-01', last_month: '2025-12' }],
    ['by-fiscal-year', { start_month: '7' }],
    ['top-movers', { month: '2025-01', count: '5' }],
  ];
  for (const [name, values] of variants) {
    await checks.check(`named query ${name} with ${JSON.stringify(values)}: Trino = DuckDB`, async () => {
      const query = namedQueries().find((candidate) => candidate.name === name);
      const { rows } = await bench.parquet.both(query?.withParameters(values) ?? '');
      if (rows.length === 0) throw new Error('no rows: nothing was compared');
    });
  }
  for (const view of ['carbon_emissions', 'carbon_by_account', 'carbon_month_over_month']) {
    await checks.check(`view ${view} over CSV alone: Trino = DuckDB`, async () => {
      const { rows } = await bench.csv.both(`SELECT * FROM ${view} WHERE usage_period IN ${CLOSE_UP}`);
      if (rows.length === 0) throw new Error('no rows: nothing was compared');
    });
  }
}

/** The registered partitions show exactly the files that were published. */
export async function checkPartitions(bench: Workbench, checks: Checks): Promise<void> {
  const tables = [
    [bench.parquet, 'carbon_emissions', PARQUET_EXPORT, 76],
    [bench.csv, 'carbon_emissions_csv', CSV_EXPORT, 38],
  ] as const;
  for (const [{ trino }, table, exportName, months] of tables) {
    await checks.check(
      `${table}: exactly the ${String(months)} published partitions are visible`,
      async () => {
        const { rows } = await trino.query(
          `SELECT DISTINCT carbon_model_version, usage_period, "$path" FROM ${table} ORDER BY 1, 2`,
        );
        const published = await bench.dataFiles(exportName);
        assertSame('partitions', rows.length, months);
        assertSame('files', rows.map((row) => String(row[2])).sort(), [...published].sort());
        for (const [version, month, path] of rows) {
          const partition = `/carbon_model_version=${String(version)}/usage_period=${String(month)}/`;
          if (!String(path).includes(partition)) throw new Error(`${String(path)} is not in ${partition}`);
        }
      },
    );
  }
  await checks.check('a month and version that are not published have no rows', async () => {
    const empty = await bench.parquet.both(
      "SELECT usage_account_id FROM carbon_emissions WHERE usage_period = '2023-08'",
    );
    assertSame('rows', empty.rows.length, 0);
  });
  await checks.check('column comments reach the engine', async () => {
    const { rows } = await bench.parquet.trino.query('DESCRIBE carbon_emissions');
    const bare = rows.filter((row) => row[3] === null || row[3] === '');
    assertSame('columns without comment', bare, []);
    assertSame('columns', rows.length, 25);
  });
}

interface CheckedRelation {
  readonly kind: 'table' | 'view';
  readonly name: string;
  readonly columns: readonly CatalogColumn[];
}

/**
 * Columns are as declared, all months agree in every column's sum, least, greatest and number of values, and some
 * months agree row by row.
 */
async function checkRelation(
  pair: EnginePair,
  checks: Checks,
  { kind, name, columns }: CheckedRelation,
): Promise<void> {
  await checks.check(`${kind} ${name}: columns as declared, Trino = DuckDB`, async () => {
    const described = await pair.trino.query(`DESCRIBE ${name}`);
    assertSame(
      'columns',
      described.rows.map(([column, type]) => [column, type]),
      columns.map((column) => [column.name, TRINO_TYPES[column.type]]),
    );
    const all = await pair.both(digest(name, columns));
    const byMonth = columns.some((column) => column.name === 'usage_period') && name !== ACCOUNTS.name;
    const where = byMonth ? ` WHERE usage_period IN ${CLOSE_UP}` : '';
    const rows = await pair.both(`SELECT * FROM ${name}${where}`);
    if (all.rows.length === 0 || rows.rows.length === 0) throw new Error('no rows: nothing was compared');
  });
}

/** A query whose result differs for two different large tables: each column by version and month. */
function digest(table: string, columns: readonly CatalogColumn[]): string {
  const keys: readonly string[] = columns
    .map(({ name }): string => name)
    .filter((name) => name === 'carbon_model_version' || name === 'usage_period');
  const parts = columns
    .filter(({ name }) => !keys.includes(name))
    .flatMap(({ name, type }) => [
      ...(type === 'boolean' ? [] : [`min(${name}) AS least_${name}`, `max(${name}) AS greatest_${name}`]),
      type === 'double' ? `sum(${name}) AS sum_${name}` : `count(DISTINCT ${name}) AS values_${name}`,
    ]);
  const grouping = keys.length === 0 ? '' : ` GROUP BY ${keys.join(', ')}`;
  return `SELECT ${[...keys, 'count(*) AS n', ...parts].join(', ')} FROM ${table}${grouping}`;
}
