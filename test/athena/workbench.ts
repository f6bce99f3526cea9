import { readFile } from 'node:fs/promises';
import { hasScope3 } from '../../infra/function-settings';
import { parseSettings } from '../../infra/settings';
import { glueTables, partitionedTables } from '../../shared/catalog/glue';
import { openLocalCatalog } from '../../shared/catalog/local-catalog';
import { registerPartitions } from '../../shared/catalog/partitions';
import { USAGE_COLUMNS } from '../../shared/estate/tables';
import { DuckSession } from '../../shared/sql/duck-session';
import { FolderStore } from '../../shared/stores/folder-store';
import { LocalAws } from '../support/local-aws';
import { assertEqualResults } from './compare';
import { HISTORY_BREAKDOWNS } from '../support/history-estate';
import {
  AWS_EXPORT,
  AWS_BREAKDOWN,
  CSV_EXPORT,
  HISTORY_EXPORT,
  PARQUET_EXPORT,
  SCOPE_3_CSV_EXPORT,
  SCOPE_3_EXPORT,
} from './estate';
import type { Servers } from './servers';
import { type StackCatalog, stackCatalog } from './stack-tables';
import { TrinoClient, type TrinoResult } from './trino-client';

const BUCKET = 'carbon-test';
const PREFIX = 'exports';

/** Settings of the deployments whose catalogs are tried. */
const DEPLOYMENTS = {
  parquet: { exportName: PARQUET_EXPORT, format: 'parquet' },
  csv: { exportName: CSV_EXPORT, format: 'csv' },
  scope3: { exportName: SCOPE_3_EXPORT, format: 'parquet', modelVersion: 'v3.0.0' },
  scope3Csv: { exportName: SCOPE_3_CSV_EXPORT, format: 'csv', modelVersion: 'v3.0.0' },
  aws: {
    exportName: AWS_EXPORT,
    by: [AWS_BREAKDOWN],
    awsTotals: {
      carbon: { bucket: 'aws-carbon', prefix: 'carbon' },
      bills: { bucket: 'aws-bills', prefix: 'focus', table: 'focus' },
    },
  },
  history: {
    exportName: HISTORY_EXPORT,
    by: HISTORY_BREAKDOWNS,
    awsTotals: {
      carbon: { bucket: 'aws-carbon', prefix: 'carbon' },
      bills: { bucket: 'aws-bills', prefix: 'focus', table: 'focus' },
    },
  },
} as const;

/** An export in both engines: DuckDB on the folder, Trino on the bucket, by the catalog of a deployment. */
export class EnginePair {
  constructor(
    readonly catalog: StackCatalog,
    readonly duck: DuckSession,
    readonly trino: TrinoClient,
  ) {}

  /** Runs a statement in both engines, which must agree. Returns Trino's result. */
  async both(sql: string): Promise<TrinoResult> {
    const trino = await this.trino.query(sql);
    assertEqualResults(await this.duck.select(sql), trino);
    return trino;
  }
}

/** The exports of the sample, on both engines. */
export class Workbench {
  readonly parquet: EnginePair;
  /** An export that is CSV alone. */
  readonly csv: EnginePair;
  /** An export of v3.0.0 with its companion, and the same as CSV. */
  readonly scope3: EnginePair;
  readonly scope3Csv: EnginePair;
  /** AWS's totals. */
  readonly aws: EnginePair;
  /** All that AWS delivered, in three versions and three breakdowns. */
  readonly history: EnginePair;

  private constructor(
    /** Folder of the exports. */
    readonly folder: string,
    pairs: Readonly<Record<keyof typeof DEPLOYMENTS, EnginePair>>,
    private readonly local: LocalAws,
  ) {
    this.parquet = pairs.parquet;
    this.csv = pairs.csv;
    this.scope3 = pairs.scope3;
    this.scope3Csv = pairs.scope3Csv;
    this.aws = pairs.aws;
    this.history = pairs.history;
  }

  static async open(folder: string, servers: Servers): Promise<Workbench> {
    const local = new LocalAws(servers.aws);
    await local.createBucket(BUCKET);
    const objects = await local.upload(folder, BUCKET, `${PREFIX}/`);
    console.log(`${String(objects)} objects uploaded`);
    const pair = async (deployment: keyof typeof DEPLOYMENTS): Promise<EnginePair> => {
      const settings = DEPLOYMENTS[deployment];
      const catalog = await createDatabase(local, settings);
      const problems = await registerAll(local, folder, catalog.database, settings);
      if (problems.length > 0) throw new Error(problems.join('\n'));
      const duck = await openDuck(folder, settings.exportName);
      return new EnginePair(catalog, duck, new TrinoClient(servers.trino, catalog.database));
    };
    const [parquet, csv, aws] = [await pair('parquet'), await pair('csv'), await pair('aws')];
    const [scope3, scope3Csv] = [await pair('scope3'), await pair('scope3Csv')];
    const pairs = { parquet, csv, scope3, scope3Csv, aws, history: await pair('history') };
    return new Workbench(folder, pairs, local);
  }

  /** Registers CSV files with usage columns as a table of texts. */
  async createUsageTable(table: string, files: readonly string[]): Promise<void> {
    for (const [index, file] of files.entries()) {
      await this.local.put(BUCKET, `usage/${table}/${String(index)}.csv`, await readFile(file));
    }
    const [csv] = glueTables({ root: `s3://${BUCKET}`, exportName: CSV_EXPORT, format: 'csv' });
    if (csv === undefined) throw new Error('no table to take the CSV format from');
    await this.local.createTable(this.parquet.catalog.database, {
      ...csv,
      name: table,
      parameters: { EXTERNAL: 'TRUE', 'skip.header.line.count': '1' },
      partitionKeys: [],
      storageDescriptor: {
        ...csv.storageDescriptor,
        columns: USAGE_COLUMNS.map((name) => ({ name, type: 'string' })),
        location: `s3://${BUCKET}/usage/${table}/`,
      },
    });
  }

  /** Keys of the data files of an export, as the bucket has them. */
  async dataFiles(exportName: string): Promise<string[]> {
    const objects = await new FolderStore(this.folder).list(`${exportName}/data/`);
    return objects.map(({ key }) => `s3://${BUCKET}/${PREFIX}/${key}`);
  }

  async close(): Promise<void> {
    const pairs = [this.parquet, this.csv, this.scope3, this.scope3Csv, this.aws, this.history];
    for (const { duck } of pairs) await duck.close();
  }
}

async function openDuck(folder: string, exportName: string): Promise<DuckSession> {
  const session = await DuckSession.open({ isSeparate: true });
  await openLocalCatalog(session, { store: new FolderStore(folder), folder, exportName });
  return session;
}

/** Creates what the stacks declare. */
async function createDatabase(
  local: LocalAws,
  settings: Readonly<Record<string, unknown>>,
): Promise<StackCatalog> {
  const catalog = stackCatalog({ ...settings, exportsPrefix: PREFIX }, BUCKET);
  const { database, tables } = catalog;
  await local.createDatabase(database);
  for (const table of tables) await local.createTableInput(database, table);
  return catalog;
}

/** Registers what is published, as finish-run does. Returns the problems. */
async function registerAll(
  local: LocalAws,
  folder: string,
  database: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<readonly string[]> {
  const parsed = parseSettings(settings);
  const { exportName, format, by } = parsed;
  const root = `s3://${BUCKET}/${PREFIX}/`;
  const options = { root, exportName, format, breakdowns: by, hasScope3: hasScope3(parsed) };
  const tables = partitionedTables(options);
  const { problems } = await registerPartitions(new FolderStore(folder), local.partitions(database), tables);
  return problems;
}
