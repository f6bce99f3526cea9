import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { allocationStatement, factorColumns } from '../../shared/compute/allocation/allocation-sql';
import { USAGE_COLUMNS } from '../../shared/estate/tables';
import { BASE_CATEGORIES } from '../../shared/method/categories';
import { amountColumns } from '../../shared/sql/amount-columns';
import { DUCK, type SqlDialect, TRINO } from '../../shared/sql/dialect';
import { type SelectResult, withSession } from '../../shared/sql/duck-session';
import type { Relation } from '../../shared/sql/relation';
import { DRIVER_COLUMNS, driversOf, driverSums, driverTotals } from '../../shared/usage/driver-sql';
import { INTERNAL_COLUMNS, PAIR_COLUMNS } from '../../shared/usage/service-pairs';
import type { Checks } from './checks';
import { assertEqualResults, assertSame } from './compare';
import type { Workbench } from './workbench';

const INPUTS = join(__dirname, '..', 'cases', 'small', 'inputs');

/** The relations of step 5 under names that a WITH clause defines. */
const DRIVERS = { table: 'driver', columns: DRIVER_COLUMNS };
const PAIRS = { table: 'service_pair', columns: PAIR_COLUMNS };
const INTERNAL = { table: 'internal_account', columns: INTERNAL_COLUMNS };
const FACTORS = {
  ...{ table: 'factor', columns: factorColumns(BASE_CATEGORIES) },
  categories: BASE_CATEGORIES,
};

/** Step 5 as the allocation runs it: one SQL text, the sum of an array aside, in both engines. */
export async function checkEngine(bench: Workbench, checks: Checks): Promise<void> {
  await checkBackslashes(bench, checks);
  for (const month of readdirSync(join(INPUTS, 'usage')).map((name) => name.slice('usage_period='.length))) {
    const folder = join(INPUTS, 'usage', `usage_period=${month}`);
    const files = readdirSync(folder).map((name) => join(folder, name));
    const table = `usage_${month.replace('-', '_')}`;
    await bench.createUsageTable(table, files);
    const inputs = { drivers: DRIVERS, factors: FACTORS, internal: INTERNAL };
    const statements: Readonly<Record<string, (dialect: SqlDialect) => string>> = {
      'what each account did': () => `SELECT * FROM ${DRIVERS.table}`,
      'driver totals': () => driverTotals(DRIVERS, INTERNAL),
      allocation: (dialect) => allocationStatement(inputs, dialect),
    };
    for (const [what, statement] of Object.entries(statements)) {
      await checks.check(`step 5, ${month}, ${what}: Trino = DuckDB`, async () => {
        const duck = await inDuck(files, statement(DUCK));
        const trino = await bench.parquet.trino.query(withRelations(table, statement(TRINO)));
        if (trino.rows.length === 0) throw new Error('no rows: nothing was compared');
        assertEqualResults(duck, trino);
      });
    }
  }
}

/** In the CSV tables that are shipped a backslash is a character like others, and a quote within quotes is written twice. */
async function checkBackslashes(bench: Workbench, checks: Checks): Promise<void> {
  await checks.check('CSV tables: backslashes and quotes are what they are', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'carbon-csv-'));
    try {
      const file = join(folder, 'x.csv');
      const lines = ['"a\\b","c ""d""",e,1,2', '"end\\","\\""x",f,3,4'];
      await writeFile(file, `${[USAGE_COLUMNS.join(','), ...lines].join('\n')}\n`);
      await bench.createUsageTable('backslashes', [file]);
      const { rows } = await bench.parquet.trino.query('SELECT * FROM backslashes ORDER BY usage_quantity');
      assertSame('rows', rows, [
        ['a\\b', 'c "d"', 'e', '1', '2'],
        ['end\\', '\\"x', 'f', '3', '4'],
      ]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

function inDuck(files: readonly string[], statement: string): Promise<SelectResult> {
  const types = USAGE_COLUMNS.map((column) => `'${column}': 'VARCHAR'`).join(', ');
  const list = files.map((file) => `'${file}'`).join(', ');
  return withSession({}, async (session) => {
    await session.run(
      `CREATE TEMP TABLE usage AS SELECT * FROM read_csv([${list}], columns = {${types}}, auto_detect = false, header = true)`,
    );
    return session.select(withRelations('usage', statement));
  });
}

/** A statement over the relations that driver-sql.ts names. */
function withRelations(usage: string, statement: string): string {
  const columns = USAGE_COLUMNS.flatMap((column) =>
    /_(quantity|revenue)$/.test(column) ? amountColumns(column, column) : [column],
  );
  const source = `SELECT ${columns.join(', ')}, true AS in_month, 1 AS line_count FROM ${usage}`;
  const relations = {
    [withColumns(PAIRS)]: `VALUES ${servicePairs().map(pairValues).join(', ')}`,
    [withColumns(INTERNAL)]: `VALUES ${rowsOf('internal_accounts')
      .map(({ account_id: id }) => `(CAST(${String(Number(id))} AS BIGINT))`)
      .join(', ')}`,
    [DRIVERS.table]: driversOf(`(${driverSums(source, PAIRS)})`),
    [withColumns(FACTORS)]: `VALUES ${servicePairs().map(factorValues).join(', ')}`,
  };
  const parts = Object.entries(relations).map(([name, sql]) => `${name} AS (${sql})`);
  return `WITH ${parts.join(', ')} ${statement}`;
}

function withColumns({ table, columns }: Relation): string {
  return `${table}(${Object.keys(columns).join(', ')})`;
}

interface Pair {
  readonly pairId: number;
  readonly rowId: number;
  readonly clusterId: string;
  readonly productCode: string;
  readonly basis: string;
}

/** Every service of every cluster. All of a cluster's economic services fall in one row, so that some add up. */
function servicePairs(): Pair[] {
  const services = rowsOf('services');
  return rowsOf('clusters').flatMap(({ cluster_id: clusterId = '' }, cluster) =>
    services.map(({ product_code: productCode = '', basis = '' }, service) => ({
      pairId: cluster * services.length + service,
      rowId: basis === 'economic' ? cluster : 100 + cluster * services.length + service,
      clusterId,
      productCode,
      basis,
    })),
  );
}

function pairValues({ pairId, rowId, clusterId, productCode, basis }: Pair): string {
  const texts = [clusterId, productCode, basis].map((text) => `CAST('${text}' AS VARCHAR)`);
  return `(${String(pairId)}, ${String(rowId)}, ${texts.join(', ')})`;
}

/** Made-up kg per unit that no double holds exactly. */
function factorValues({ pairId, rowId, basis }: Pair): string {
  const perUnit = [3, 7, 11].map((divisor) => `CAST(${String((pairId + 1) / divisor)} AS DOUBLE)`);
  return `(${String(pairId)}, ${String(rowId)}, ${String(basis === 'economic')}, ${perUnit.join(', ')})`;
}

function rowsOf(table: string): Record<string, string>[] {
  return parse(readFileSync(join(INPUTS, `${table}.csv`)), { columns: true });
}
