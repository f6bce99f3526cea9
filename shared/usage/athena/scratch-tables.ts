import {
  type Column,
  CreateTableCommand,
  DeleteTableCommand,
  type GlueClient,
  type StorageDescriptor,
} from '@aws-sdk/client-glue';
import { errorName } from '../../base/error-info';
import type { ExportFormat } from '../../exports/layout';
import { STORAGE_FORMATS } from '../../exports/hive-formats';
import type { ObjectStore } from '../../stores/object-store';

/** Where the tables of one month are created while it is computed. */
export interface ScratchTablesOptions {
  readonly glue: GlueClient;
  /** Glue database that holds nothing else. */
  readonly database: string;
  /** What the names of the tables begin with: small letters, digits and underscores. */
  readonly prefix: string;
  /** A location in S3 that only the month uses. */
  readonly store: ObjectStore;
}

/** A column of a table, with its type in Hive. */
export type ScratchColumn = readonly [name: string, type: string];

/**
 * Reads files at any location: the table's folder contains a list of their addresses. So a table has exactly the chosen
 * files, and no other file of their folders.
 */
const ADDRESSES = 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat';

/** External tables over a month's files and over the relations of its statements; they are dropped after the month. */
export class ScratchTables {
  private readonly names: string[] = [];

  constructor(private readonly options: ScratchTablesOptions) {}

  /** Creates a table over Parquet files at these addresses. Returns its name. */
  overParquet(uris: readonly string[], columns: readonly ScratchColumn[]): Promise<string> {
    return this.overFiles(uris, columns, storage('parquet'), {});
  }

  /** Creates a table of texts over CSV files with a header at these addresses. Returns its name. */
  overCsv(uris: readonly string[], columns: readonly string[]): Promise<string> {
    const texts = columns.map((column) => [column, 'string'] as const);
    return this.overFiles(uris, texts, storage('csv'), { 'skip.header.line.count': '1' });
  }

  /** Creates a table with the rows of a local Parquet file. Returns its name. */
  async ofFile(path: string, columns: readonly ScratchColumn[]): Promise<string> {
    const name = this.nextName();
    await this.options.store.putFile(`${name}/rows.parquet`, path);
    await this.create(name, columns, storage('parquet'), {});
    return name;
  }

  /**
   * Drops all tables of the month.
   *
   * @throws the first error, after every table was tried
   */
  async drop(): Promise<void> {
    const errors: unknown[] = [];
    for (const name of this.names.splice(0)) {
      await this.delete(name).catch((error: unknown) => errors.push(error));
    }
    if (errors.length > 0) throw errors[0];
  }

  private async overFiles(
    uris: readonly string[],
    columns: readonly ScratchColumn[],
    descriptor: StorageDescriptor,
    parameters: Readonly<Record<string, string>>,
  ): Promise<string> {
    const name = this.nextName();
    await this.options.store.put(`${name}/files`, `${uris.join('\n')}\n`);
    await this.create(name, columns, { ...descriptor, InputFormat: ADDRESSES }, parameters);
    return name;
  }

  private async create(
    name: string,
    columns: readonly ScratchColumn[],
    descriptor: StorageDescriptor,
    parameters: Readonly<Record<string, string>>,
  ): Promise<void> {
    const { glue, database, store } = this.options;
    // A run that was killed may have left one of that name.
    await this.delete(name);
    await glue.send(
      new CreateTableCommand({
        DatabaseName: database,
        TableInput: {
          Name: name,
          TableType: 'EXTERNAL_TABLE',
          Parameters: { EXTERNAL: 'TRUE', ...parameters },
          PartitionKeys: [],
          StorageDescriptor: {
            ...descriptor,
            Columns: columns.map(([column, type]): Column => ({ Name: column, Type: type })),
            Location: store.uri(`${name}/`),
          },
        },
      }),
    );
    this.names.push(name);
  }

  private async delete(name: string): Promise<void> {
    const { glue, database } = this.options;
    try {
      await glue.send(new DeleteTableCommand({ DatabaseName: database, Name: name }));
    } catch (error) {
      if (errorName(error) !== 'EntityNotFoundException') throw error;
    }
  }

  private nextName(): string {
    return `${this.options.prefix}_${String(this.names.length)}`;
  }
}

function storage(format: ExportFormat): StorageDescriptor {
  const { input, output, serde, parameters } = STORAGE_FORMATS[format];
  return {
    InputFormat: input,
    OutputFormat: output,
    SerdeInfo: { SerializationLibrary: serde, Parameters: { ...parameters } },
  };
}
