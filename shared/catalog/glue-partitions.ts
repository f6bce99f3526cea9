import {
  BatchCreatePartitionCommand,
  BatchDeletePartitionCommand,
  BatchUpdatePartitionCommand,
  type GlueClient,
  paginateGetPartitions,
  type PartitionError,
  type PartitionInput,
} from '@aws-sdk/client-glue';
import { CarbonError } from '../base/carbon-error';
import { defined } from '../base/defined';
import type { GlueTable } from './glue';
import { type Partition, type PartitionCatalog, schemaText } from './partitions';

/** Limits of Glue's calls. */
const MOST_CREATED = 100;
const MOST_DELETED = 25;

/** Partitions of the tables of a Glue database. */
export class GluePartitions implements PartitionCatalog {
  constructor(
    private readonly client: GlueClient,
    private readonly database: string,
  ) {}

  async list(table: string): Promise<Partition[]> {
    const partitions: Partition[] = [];
    const request = { DatabaseName: this.database, TableName: table };
    for await (const page of paginateGetPartitions({ client: this.client }, request)) {
      for (const { Values: values = [], StorageDescriptor: storage } of page.Partitions ?? []) {
        const columns = (storage?.Columns ?? []).map(({ Name, Type = '' }) => [Name ?? '', Type] as const);
        const schema = schemaText(columns, storage?.SerdeInfo?.SerializationLibrary ?? '');
        partitions.push({ values, location: storage?.Location ?? '', schema });
      }
    }
    return partitions;
  }

  async create(table: GlueTable, partitions: readonly Partition[]): Promise<void> {
    for (const batch of batchesOf(partitions, MOST_CREATED)) {
      const { Errors: errors = [] } = await this.client.send(
        new BatchCreatePartitionCommand({
          DatabaseName: this.database,
          TableName: table.name,
          PartitionInputList: batch.map((partition) => inputOf(table, partition)),
        }),
      );
      assertNone(errors, 'AlreadyExistsException');
    }
  }

  async update(table: GlueTable, partitions: readonly Partition[]): Promise<void> {
    for (const batch of batchesOf(partitions, MOST_CREATED)) {
      const { Errors: errors = [] } = await this.client.send(
        new BatchUpdatePartitionCommand({
          DatabaseName: this.database,
          TableName: table.name,
          Entries: batch.map((partition) => ({
            PartitionValueList: [...partition.values],
            PartitionInput: inputOf(table, partition),
          })),
        }),
      );
      assertNone(
        errors.map(({ PartitionValueList: values, ErrorDetail }) =>
          defined({ PartitionValues: values, ErrorDetail }),
        ),
      );
    }
  }

  async delete(table: string, partitions: readonly Partition[]): Promise<void> {
    for (const batch of batchesOf(partitions, MOST_DELETED)) {
      const { Errors: errors = [] } = await this.client.send(
        new BatchDeletePartitionCommand({
          DatabaseName: this.database,
          TableName: table,
          PartitionsToDelete: batch.map(({ values }) => ({ Values: [...values] })),
        }),
      );
      assertNone(errors, 'EntityNotFoundException');
    }
  }
}

/** A partition has the schema and the format of its table. */
function inputOf({ storageDescriptor }: GlueTable, { values, location }: Partition): PartitionInput {
  const { columns, inputFormat, outputFormat, serdeInfo } = storageDescriptor;
  return {
    Values: [...values],
    StorageDescriptor: {
      Columns: columns.map(({ name, type, comment }) => ({
        Name: name,
        Type: type,
        ...defined({ Comment: comment }),
      })),
      Location: location,
      ...defined({ InputFormat: inputFormat, OutputFormat: outputFormat }),
      SerdeInfo: defined({
        SerializationLibrary: serdeInfo.serializationLibrary,
        Parameters: serdeInfo.parameters,
      }),
    },
  };
}

/** @throws CarbonError of kind state where Glue reports an error other than the accepted one */
function assertNone(errors: readonly PartitionError[], accepted?: string): void {
  const [first] = errors.filter(({ ErrorDetail }) => ErrorDetail?.ErrorCode !== accepted);
  if (first === undefined) return;
  const { PartitionValues: values = [], ErrorDetail: detail } = first;
  throw new CarbonError(
    'state',
    `partition ${values.join('/')}: ${detail?.ErrorCode ?? 'error'}: ${detail?.ErrorMessage ?? ''}`,
  );
}

function batchesOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
