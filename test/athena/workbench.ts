import { readFile } from 'node:fs/promises';
import type { SelectResult } from '../../shared/engine/duck-session';
import { DuckSession } from '../../shared/engine/duck-session';
import { glueTables, glueViews } from '../../shared/catalog';
import type { CatalogOptions } from '../../shared/catalog';
import { openLocalCatalog } from '../../shared/catalog/local-catalog';
import { USAGE_COLUMNS } from '../../shared/inputs/tables';
import { FolderStore } from '../../shared/stores/folder-store';
import { LocalAws } from './aws';
import { assertEqualResults } from './compare';
import { AWS_VERSIONS } from './aws-estate';
import { AWS_EXPORT, CSV_EXPORT, PARQUET_EXPORT } from './estate';
import { forTrino } from './projection';
import type { Servers } from './servers';
import { TrinoClient } from './trino-client';
import type { TrinoResult } from './trino-client';

const BUCKET = 'carbon-test';
const PREFIX = 'exports/';
const DATABASE = 'carbon';
const CSV_DATABASE = 'carbon_csv';
const AWS_DATABASE = 'carbon_aws';

/** First month the tables look for: before the sample's first, so that projection has months to find empty. */
const FIRST_MONTH = '2023-07';

/** Both engines over the same exports: DuckDB on the folder, Trino on the bucket. */
export class Workbench {
  private constructor(
    /** Folder of the exports. */
    readonly folder: string,
    private readonly duck: DuckSession,
    private readonly duckCsv: DuckSession,
    private readonly duckAws: DuckSession,
    readonly trino: TrinoClient,
    /** A database whose export is CSV alone. */
    readonly trinoCsv: TrinoClient,
    /** A database of AWS's totals. */
    readonly trinoAws: TrinoClient,
    readonly aws: LocalAws,
  ) {}

  static async open(folder: string, servers: Servers): Promise<Workbench> {
    const aws = new LocalAws(servers.aws);
    await aws.createBucket(BUCKET);
    const objects = await aws.upload(folder, BUCKET, PREFIX);
    console.log(`${String(objects)} objects uploaded`);
    await createDatabase(aws, DATABASE, { parquetExport: PARQUET_EXPORT, csvExport: CSV_EXPORT });
    await createDatabase(aws, CSV_DATABASE, { csvExport: CSV_EXPORT });
    await createDatabase(aws, AWS_DATABASE, { parquetExport: AWS_EXPORT, modelVersions: AWS_VERSIONS });
    return new Workbench(
      folder,
      await openDuck(folder, PARQUET_EXPORT),
      await openDuck(folder, CSV_EXPORT),
      await openDuck(folder, AWS_EXPORT),
      new TrinoClient(servers.trino, DATABASE),
      new TrinoClient(servers.trino, CSV_DATABASE),
      new TrinoClient(servers.trino, AWS_DATABASE),
      aws,
    );
  }

  /** Runs a statement in both engines, which must agree, and gives Trino's answer. */
  async both(sql: string): Promise<TrinoResult> {
    const trino = await this.trino.query(sql);
    assertEqualResults(await this.duck.select(sql), trino);
    return trino;
  }

  /** The same over the export that is CSV alone. */
  async bothCsv(sql: string): Promise<TrinoResult> {
    const trino = await this.trinoCsv.query(sql);
    assertEqualResults(await this.duckCsv.select(sql), trino);
    return trino;
  }

  /** The same over the export of AWS's totals. */
  async bothAws(sql: string): Promise<TrinoResult> {
    const trino = await this.trinoAws.query(sql);
    assertEqualResults(await this.duckAws.select(sql), trino);
    return trino;
  }

  /** Runs a statement in DuckDB alone. */
  local(sql: string): Promise<SelectResult> {
    return this.duck.select(sql);
  }

  /** Registers CSV files with usage columns as a table of texts. */
  async createUsageTable(table: string, files: readonly string[]): Promise<void> {
    for (const [index, file] of files.entries()) {
      await this.aws.put(BUCKET, `usage/${table}/${String(index)}.csv`, await readFile(file));
    }
    const [csv] = glueTables({ root: `s3://${BUCKET}`, csvExport: CSV_EXPORT });
    if (csv === undefined) throw new Error('no table to take the CSV format from');
    await this.aws.createTable(DATABASE, {
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
    return objects.map(({ key }) => `s3://${BUCKET}/${PREFIX}${key}`);
  }

  async close(): Promise<void> {
    await this.duck.close();
    await this.duckCsv.close();
    await this.duckAws.close();
  }
}

async function openDuck(folder: string, exportName: string): Promise<DuckSession> {
  const session = await DuckSession.open();
  await openLocalCatalog(session, { store: new FolderStore(folder), folder, exportName });
  return session;
}

async function createDatabase(
  aws: LocalAws,
  database: string,
  exports: Pick<CatalogOptions, 'parquetExport' | 'csvExport' | 'modelVersions'>,
): Promise<void> {
  const options = { root: `s3://${BUCKET}/${PREFIX}`, firstMonth: FIRST_MONTH, ...exports };
  await aws.createDatabase(database);
  for (const table of [...glueTables(options), ...glueViews(options, database)]) {
    await aws.createTable(database, forTrino(table, new Date()));
  }
}
