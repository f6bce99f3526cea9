import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AthenaClient } from '@aws-sdk/client-athena';
import { GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import type { ExportSettings } from '../../shared/exports/export-settings';
import { dataKey, type ExportMonth } from '../../shared/exports/layout';
import type { Manifest } from '../../shared/exports/manifest';
import { readManifest } from '../../shared/exports/published-months';
import { keepSnapshot } from '../../shared/organization/keep-snapshot';
import { readListAccountsFiles } from '../../shared/organization/list-accounts-file';
import type { EngineSetting } from '../../shared/runs/engine-choice';
import { exportInFunction } from '../../shared/runs/export-in-function';
import type { MonthOutcome } from '../../shared/runs/month-outcome';
import { FolderStore } from '../../shared/stores/folder-store';
import { S3Store } from '../../shared/stores/s3-store';
import type { AthenaAccess } from '../../shared/usage/athena/with-athena';
import { AthenaOnTrino } from './athena-on-trino';
import { LocalAws, MOTO_REGION } from '../support/local-aws';
import type { Servers } from './servers';

const BUCKET = 'carbon-months';
const DATABASE = 'carbon_months_scratch';
const WORKGROUP = 'CarbonExportsMonths';
/** Day that months are exported as of. */
export const AS_OF = new Date('2026-11-20T00:00:00Z');
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const GB = 1e9;

/** A month as an engine published it. */
export interface PublishedMonth {
  readonly outcome: MonthOutcome;
  readonly manifest: Manifest;
  readonly data: Buffer;
}

/** An export of a month of an estate. */
export interface BenchExport {
  readonly estate: string;
  readonly at: ExportMonth;
  readonly engine: EngineSetting;
  readonly settings?: Partial<ExportSettings>;
  readonly access?: Partial<AthenaAccess>;
  /** Folder with the list of accounts. @default - AWS's totals, which need none */
  readonly listing?: string | undefined;
}

/** Months of estates in S3, exported by the use case that the function calls. */
export class MonthBench {
  /** What could not be cleaned up. */
  readonly warnings: string[] = [];
  private runs = 0;

  private constructor(
    readonly athena: AthenaOnTrino,
    private readonly aws: LocalAws,
    private readonly endpoint: string,
    private readonly scratch: string,
  ) {}

  static async open(servers: Servers): Promise<MonthBench> {
    const aws = new LocalAws(servers.aws);
    await aws.createBucket(BUCKET);
    await aws.createDatabase(DATABASE);
    const scratch = await mkdtemp(join(tmpdir(), 'carbon-months-'));
    return new MonthBench(await AthenaOnTrino.start(servers.trino), aws, servers.aws, scratch);
  }

  async close(): Promise<void> {
    await this.athena.stop();
    await rm(this.scratch, { recursive: true, force: true });
  }

  /** Uploads an estate. */
  async upload(folder: string, estate: string): Promise<void> {
    await this.aws.upload(folder, BUCKET, `${estate}/`);
  }

  /** Puts a file of an estate. */
  async put(estate: string, key: string, body: Buffer | string): Promise<void> {
    await this.store(estate).put(key, body);
  }

  /**
   * Exports a month of an estate into a new place.
   */
  async export({
    estate,
    at,
    engine,
    settings = {},
    access = {},
    listing,
  }: BenchExport): Promise<PublishedMonth> {
    this.runs += 1;
    const exports = this.store(`exports-${String(this.runs)}`);
    const all = { exportName: 'carbon', format: 'parquet', productDetail: 'all', ...settings } as const;
    if (listing !== undefined) await this.keepAccounts(exports, listing);
    const outcome = await exportInFunction(
      {
        ...{ inputs: this.store(estate), exports, settings: all, asOf: AS_OF, scratch: this.scratch, engine },
        capacity: { memoryBytes: 2 * GB, diskBytes: 10 * GB },
        isStrict: false,
        athena: { ...this.access(), ...access },
      },
      at,
      () => undefined,
    );
    return publishedIn(exports, all, at, outcome);
  }

  /** Makes a bucket and a database as a deployment has them, with an estate and its accounts in the bucket. */
  async deploy(bucket: string, database: string, estate: string): Promise<void> {
    await this.aws.createBucket(bucket);
    await this.aws.createDatabase(database);
    await this.aws.upload(estate, bucket, '');
    await this.keepAccounts(this.store('', bucket), estate);
  }

  /** A month as it was published in a bucket. */
  published(
    bucket: string,
    exportName: string,
    at: ExportMonth,
    outcome: MonthOutcome,
  ): Promise<PublishedMonth> {
    return publishedIn(this.store('', bucket), { exportName, format: 'parquet' }, at, outcome);
  }

  /** Keys of a bucket below a prefix. */
  async keysOf(bucket: string, prefix: string): Promise<string[]> {
    return (await this.store('', bucket).list(prefix)).map(({ key }) => key);
  }

  /** What is left of months that are over: objects and tables. */
  async leftovers(): Promise<string[]> {
    const objects = await this.store('scratch').list('');
    return [...objects.map(({ key }) => key), ...(await this.aws.tablesOf(DATABASE))];
  }

  private async keepAccounts(exports: S3Store, listing: string): Promise<void> {
    const readOrganization = (asOf: string) => readListAccountsFiles(new FolderStore(listing), asOf);
    await keepSnapshot({ exports, asOf: AS_OF, scratch: this.scratch, readOrganization });
  }

  private access(): AthenaAccess {
    const common = { region: MOTO_REGION, credentials };
    return {
      athena: new AthenaClient({ ...common, endpoint: this.athena.endpoint }),
      glue: new GlueClient({ ...common, endpoint: this.endpoint }),
      workgroup: WORKGROUP,
      database: DATABASE,
      scratchAt: (name) => this.store(`scratch/${name}`),
      remainingMs: () => 120_000,
      warn: (message) => this.warnings.push(message),
    };
  }

  private store(prefix: string, bucket = BUCKET): S3Store {
    const client = new S3Client({
      region: MOTO_REGION,
      credentials,
      endpoint: this.endpoint,
      forcePathStyle: true,
    });
    return new S3Store({ client, bucket, prefix, scratch: this.scratch });
  }
}

async function publishedIn(
  exports: S3Store,
  { exportName, format }: Pick<ExportSettings, 'exportName' | 'format'>,
  at: ExportMonth,
  outcome: MonthOutcome,
): Promise<PublishedMonth> {
  const manifest = await readManifest(exports, exportName, at);
  const data = await exports.get(dataKey(exportName, at, format));
  if (manifest === undefined || data === undefined) throw new Error('nothing was published');
  return { outcome, manifest, data: data.body };
}
