import { realpath, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { CarbonError } from '../base/carbon-error';
import { textLiteral } from '../sql/dialect';
import type { DuckSession } from '../sql/duck-session';
import type { ObjectStore } from '../stores/object-store';
import { DUCK_TYPES } from './column-types';
import {
  ACCOUNTS,
  CARBON_BY_TAG,
  CARBON_EMISSIONS,
  CARBON_EMISSIONS_CSV,
  CARBON_SCOPE_3,
  CARBON_SCOPE_3_CSV,
  type CatalogTable,
  tableFolder,
} from './tables';
import { typedView, views } from './views';

/** The export that a local catalog describes. */
export interface LocalCatalogOptions {
  /** The store that runs wrote to. */
  readonly store: ObjectStore;
  /** The folder of the store. */
  readonly folder: string;
  readonly exportName: string;
}

/**
 * Creates the tables and views that Athena has, over a folder of exports. Afterwards the session can read only that
 * folder, and the restriction cannot be lifted: the session has to be separate.
 *
 * @throws CarbonError of kind usage when the export has no month
 */
export async function openLocalCatalog(session: DuckSession, options: LocalCatalogOptions): Promise<void> {
  const { exportName } = options;
  const parquet = await filesOf(options, CARBON_EMISSIONS, exportName);
  // `run --format both` writes the CSV under this name.
  const csvNames = [exportName, `${exportName}-csv`];
  const csv = (
    await Promise.all(csvNames.map((name) => filesOf(options, CARBON_EMISSIONS_CSV, name)))
  ).flat();
  if (parquet.length + csv.length === 0) throw await missing(options);
  const root = await plainPath(options.folder, session);
  // DuckDB 1.5.5 answers max(usage_period) from the statistics of a Parquet file, which has no such column, and crashes.
  await session.run("SET disabled_optimizers = 'statistics_propagation'");
  if (parquet.length > 0) await createTable(session, CARBON_EMISSIONS, root, parquet);
  if (csv.length > 0) await createTable(session, CARBON_EMISSIONS_CSV, root, csv);
  await createTable(session, ACCOUNTS, root, await filesOf(options, ACCOUNTS, ''));
  await createCompanion(session, options, root, csvNames);
  const breakdowns = await breakdownFiles(options);
  if (breakdowns.length > 0) await createTable(session, CARBON_BY_TAG, root, breakdowns);
  for (const { name, sql } of views(parquet.length > 0 ? 'parquet' : 'csv')) {
    await session.run(`CREATE VIEW ${name} AS ${sql}`);
  }
  await session.run(
    `SET allowed_directories = [${textLiteral(`${root}/`)}, ${textLiteral(`${session.scratch}/`)}]`,
  );
  await session.run('SET enable_external_access = false');
  await session.run('SET lock_configuration = true');
}

/** Creates carbon_scope_3 over the companion of the export, of the format that the export has. */
async function createCompanion(
  session: DuckSession,
  options: LocalCatalogOptions,
  root: string,
  csvNames: readonly string[],
): Promise<void> {
  const parquet = await filesOf(options, CARBON_SCOPE_3, options.exportName);
  const csv = (await Promise.all(csvNames.map((name) => filesOf(options, CARBON_SCOPE_3_CSV, name)))).flat();
  if (parquet.length > 0 || csv.length === 0) return createTable(session, CARBON_SCOPE_3, root, parquet);
  await createTable(session, CARBON_SCOPE_3_CSV, root, csv);
  const { name, sql } = typedView(CARBON_SCOPE_3, CARBON_SCOPE_3_CSV);
  await session.run(`CREATE VIEW ${name} AS ${sql}`);
}

async function filesOf(
  { store }: LocalCatalogOptions,
  table: CatalogTable,
  exportName: string,
): Promise<string[]> {
  const objects = await store.list(tableFolder(table, exportName));
  const ending = table.format === 'parquet' ? '.parquet' : '.csv.gz';
  return objects.flatMap(({ key }) => (key.endsWith(ending) ? [key] : []));
}

/** Returns the data files of all exports that hold the rows of this one broken down. */
async function breakdownFiles({ store, exportName }: LocalCatalogOptions): Promise<string[]> {
  const objects = await store.list(`${exportName}-by-`);
  return objects.flatMap(({ key }) => (/^[^/]+\/data\/.*\.parquet$/.test(key) ? [key] : []));
}

async function missing({ store, folder, exportName }: LocalCatalogOptions): Promise<CarbonError> {
  const objects = await store.list('');
  const names = new Set(objects.flatMap(({ key }) => /^([^/]+)\/data\//.exec(key)?.[1] ?? []));
  const found = names.size === 0 ? 'no export' : [...names].sort().join(', ');
  return new CarbonError(
    'usage',
    `${folder}: found ${found}, expected a published month of ${exportName}; choose an export with --export-name, or run first`,
  );
}

async function createTable(
  session: DuckSession,
  table: CatalogTable,
  root: string,
  keys: readonly string[],
): Promise<void> {
  const columns = [...table.columns, ...table.partitionKeys];
  const list = columns.map(({ name, type }) => `CAST(${name} AS ${DUCK_TYPES[type]}) AS ${name}`);
  const source =
    keys.length === 0
      ? `(SELECT ${columns.map(({ name }) => `NULL AS ${name}`).join(', ')} WHERE false)`
      : readFiles(
          table,
          keys.map((key) => join(root, key)),
        );
  await session.run(`CREATE VIEW ${table.name} AS SELECT ${list.join(', ')} FROM ${source}`);
}

/** Every type is set: DuckDB would read an account id or the value of a partition as a number. */
function readFiles(table: CatalogTable, paths: readonly string[]): string {
  const files = `[${paths.map((path) => textLiteral(path)).join(', ')}]`;
  const hive = `hive_partitioning = true, hive_types_autocast = false, hive_types = {${table.partitionKeys.map(({ name }) => `${textLiteral(name)}: VARCHAR`).join(', ')}}`;
  if (table.format === 'parquet') return `read_parquet(${files}, ${hive})`;
  const columns = table.columns.map(({ name }) => `${textLiteral(name)}: 'VARCHAR'`).join(', ');
  return `read_csv(${files}, columns = {${columns}}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', compression = 'gzip', ${hive})`;
}

/** Returns the path of the folder, or of a link to it where DuckDB would read the path as a pattern. */
async function plainPath(folder: string, session: DuckSession): Promise<string> {
  const root = await realpath(folder);
  if (!/[*?[\]]/.test(root)) return root;
  const link = join(session.scratch, 'exports');
  await symlink(root, link);
  return link;
}
