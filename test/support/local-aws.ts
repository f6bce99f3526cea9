import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateDatabaseCommand,
  CreateTableCommand,
  GetTablesCommand,
  GlueClient,
  type TableInput,
} from '@aws-sdk/client-glue';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { GlueTable } from '../../shared/catalog/glue';
import { GluePartitions } from '../../shared/catalog/glue-partitions';
import { FolderStore } from '../../shared/stores/folder-store';

/** Region and credentials that moto takes. */
export const MOTO_REGION = 'us-east-1';
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** The part of AWS that moto replaces. */
export class LocalAws {
  private readonly s3: S3Client;
  private readonly glue: GlueClient;

  constructor(endpoint: string) {
    const settings = { endpoint, region: MOTO_REGION, credentials };
    this.s3 = new S3Client({ ...settings, forcePathStyle: true });
    this.glue = new GlueClient(settings);
  }

  async createBucket(bucket: string): Promise<void> {
    await this.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  }

  /** Uploads everything below a folder, keys as paths, below a prefix. Gives how many objects. */
  async upload(folder: string, bucket: string, prefix: string): Promise<number> {
    const objects = await new FolderStore(folder).list('');
    for (const { key } of objects) {
      const body = await readFile(join(folder, key));
      await this.put(bucket, prefix + key, body);
    }
    return objects.length;
  }

  async put(bucket: string, key: string, body: Buffer | string): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  }

  async createDatabase(name: string): Promise<void> {
    await this.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: name } }));
  }

  /** The partitions of a database's tables. */
  partitions(database: string): GluePartitions {
    return new GluePartitions(this.glue, database);
  }

  /** Names of a database's tables. */
  async tablesOf(database: string): Promise<string[]> {
    const { TableList: tables = [] } = await this.glue.send(new GetTablesCommand({ DatabaseName: database }));
    return tables.map(({ Name: name = '' }) => name);
  }

  async createTable(database: string, table: GlueTable): Promise<void> {
    await this.createTableInput(database, capitalized(table) as TableInput);
  }

  /** Creates a table or view from a TableInput as a template has it. */
  async createTableInput(database: string, input: TableInput): Promise<void> {
    await this.glue.send(new CreateTableCommand({ DatabaseName: database, TableInput: input }));
  }
}

/** Members named as the SDK has them. What `parameters` maps keeps its own names. */
function capitalized(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(capitalized);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.charAt(0).toUpperCase() + name.slice(1),
      name === 'parameters' ? (member as unknown) : capitalized(member),
    ]),
  );
}
