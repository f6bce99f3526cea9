import {
  BatchCreatePartitionCommand,
  BatchDeletePartitionCommand,
  GetPartitionsCommand,
  GlueClient,
} from '@aws-sdk/client-glue';
import { mockClient } from 'aws-sdk-client-mock';
import { type GlueTable, glueTables } from '../../shared/catalog/glue';
import { GluePartitions } from '../../shared/catalog/glue-partitions';
import {
  type Partition,
  type PartitionCatalog,
  partitionChanges,
  registerPartitions,
  schemaText,
} from '../../shared/catalog/partitions';
import { CarbonError } from '../../shared/base/carbon-error';
import { asExportMonth, manifestKey } from '../../shared/exports/layout';
import { FolderStore } from '../../shared/stores/folder-store';
import { scratch } from '../support/scratch';

const folder = scratch();

const TABLES = glueTables({ root: 's3://bucket/', exportName: 'carbon', format: 'parquet' });

function tableOf(name: string): GlueTable {
  const table = TABLES.find((candidate) => candidate.name === name);
  if (table === undefined) throw new Error(`no table ${name}`);
  return table;
}

const EMISSIONS_TABLE = tableOf('carbon_emissions');
const ACCOUNTS_TABLE = tableOf('accounts');

const schemaOf = ({ storageDescriptor: { columns, serdeInfo } }: GlueTable): string =>
  schemaText(
    columns.map(({ name, type }) => [name, type]),
    serdeInfo.serializationLibrary ?? '',
  );

const partition = (version: string, month: string, changed: Partial<Partition> = {}): Partition => ({
  values: [version, month],
  location: `s3://bucket/carbon/data/carbon_model_version=${version}/usage_period=${month}/`,
  schema: schemaOf(EMISSIONS_TABLE),
  ...changed,
});

/** A catalog in memory that counts its calls. */
class MemoryCatalog implements PartitionCatalog {
  readonly tables = new Map<string, Partition[]>();
  writes = 0;

  list(table: string): Promise<Partition[]> {
    return Promise.resolve(this.tables.get(table) ?? []);
  }

  create({ name }: GlueTable, partitions: readonly Partition[]): Promise<void> {
    this.writes += 1;
    this.tables.set(name, [...(this.tables.get(name) ?? []), ...partitions]);
    return Promise.resolve();
  }

  async update(table: GlueTable, partitions: readonly Partition[]): Promise<void> {
    await this.delete(table.name, partitions);
    await this.create(table, partitions);
  }

  delete(table: string, partitions: readonly Partition[]): Promise<void> {
    this.writes += 1;
    const gone = new Set(partitions.map(({ values }) => values.join()));
    const kept = (this.tables.get(table) ?? []).filter(({ values }) => !gone.has(values.join()));
    this.tables.set(table, kept);
    return Promise.resolve();
  }
}

test('changes are what is missing, has another location or other columns, or is no longer published', () => {
  const registered = [
    partition('v1.0.0', '2025-01'),
    partition('v1.0.0', '2025-02', { location: 's3://old/' }),
    partition('v1.0.0', '2025-03', { schema: 'parquet(product_code string)' }),
    partition('v1.0.0', '2024-12'),
  ];
  const published = [
    partition('v1.0.0', '2025-01'),
    partition('v1.0.0', '2025-02'),
    partition('v1.0.0', '2025-03'),
    partition('v3.0.1', '2025-02'),
  ];
  expect(partitionChanges(published, registered)).toEqual({
    create: [partition('v3.0.1', '2025-02')],
    update: [partition('v1.0.0', '2025-02'), partition('v1.0.0', '2025-03')],
    delete: [partition('v1.0.0', '2024-12')],
  });
});

describe('registering', () => {
  const tables = [{ table: EMISSIONS_TABLE, exportName: 'carbon' }, { table: ACCOUNTS_TABLE }];

  async function publishedStore(): Promise<FolderStore> {
    const store = new FolderStore(folder());
    for (const modelVersion of ['v2.0.1', 'v3.0.1'])
      await store.put(manifestKey('carbon', asExportMonth('2025-01', modelVersion)), '{}');
    await store.put('accounts/usage_period=2025-01/accounts.parquet', '');
    return store;
  }

  test('every published version of a month and every snapshot becomes a partition', async () => {
    const catalog = new MemoryCatalog();
    expect(await registerPartitions(await publishedStore(), catalog, tables)).toEqual({
      ...{ changed: 3, problems: [] },
    });
    expect(catalog.tables.get('carbon_emissions')).toEqual([
      partition('v2.0.1', '2025-01'),
      partition('v3.0.1', '2025-01'),
    ]);
    expect(catalog.tables.get('accounts')).toEqual([
      {
        ...{ values: ['2025-01'], location: 's3://bucket/accounts/usage_period=2025-01/' },
        schema: schemaOf(ACCOUNTS_TABLE),
      },
    ]);
  });

  test('registering again writes nothing, and a lost partition is registered again', async () => {
    const [store, catalog] = [await publishedStore(), new MemoryCatalog()];
    await registerPartitions(store, catalog, tables);
    const { writes } = catalog;
    expect(await registerPartitions(store, catalog, tables)).toMatchObject({ changed: 0 });
    expect(catalog.writes).toBe(writes);
    await catalog.delete('carbon_emissions', [partition('v2.0.1', '2025-01')]);
    expect(await registerPartitions(store, catalog, tables)).toMatchObject({ changed: 1 });
    expect(catalog.tables.get('carbon_emissions')).toHaveLength(2);
  });

  test('the partition of a month that is no longer published is removed', async () => {
    const [store, catalog] = [await publishedStore(), new MemoryCatalog()];
    await registerPartitions(store, catalog, tables);
    await store.delete(manifestKey('carbon', asExportMonth('2025-01', 'v2.0.1')));
    expect(await registerPartitions(store, catalog, tables)).toMatchObject({ changed: 1 });
    expect(catalog.tables.get('carbon_emissions')).toEqual([partition('v3.0.1', '2025-01')]);
  });

  test('a table that fails is a problem, and the others are registered', async () => {
    class WithoutEmissions extends MemoryCatalog {
      override list(table: string): Promise<Partition[]> {
        return table === 'accounts'
          ? super.list(table)
          : Promise.reject(new CarbonError('state', 'no rights'));
      }
    }
    const catalog = new WithoutEmissions();
    expect(await registerPartitions(await publishedStore(), catalog, tables)).toEqual({
      changed: 1,
      problems: [
        'Glue table carbon_emissions: the published months could not be registered as partitions: no rights; the next run registers them',
      ],
    });
  });
});

/** Columns and format as Glue returns them. */
const formatOf = ({ storageDescriptor: { columns, serdeInfo } }: GlueTable): object => ({
  Columns: columns.map(({ name, type }) => ({ Name: name, Type: type })),
  SerdeInfo: { SerializationLibrary: serdeInfo.serializationLibrary },
});

describe('calls of Glue', () => {
  const client = new GlueClient({ region: 'us-east-1' });
  const glue = mockClient(client);
  const partitions = new GluePartitions(client, 'carbon_emissions');
  const many = Array.from({ length: 230 }, (_, index) => partition('v1.0.0', String(index)));

  beforeEach(() => {
    glue.reset();
  });

  test('partitions are created 100 at a time with the columns and the format of their table', async () => {
    glue.on(BatchCreatePartitionCommand).resolves({});
    await partitions.create(EMISSIONS_TABLE, many);
    const inputs = glue
      .commandCalls(BatchCreatePartitionCommand)
      .map(({ args: [{ input }] }) => input.PartitionInputList ?? []);
    expect(inputs.map(({ length }) => length)).toEqual([100, 100, 30]);
    const { storageDescriptor } = EMISSIONS_TABLE;
    expect(inputs[0]?.[0]).toMatchObject({
      Values: ['v1.0.0', '0'],
      StorageDescriptor: {
        Location: many[0]?.location,
        InputFormat: storageDescriptor.inputFormat,
        SerdeInfo: { SerializationLibrary: storageDescriptor.serdeInfo.serializationLibrary },
      },
    });
    expect(inputs[0]?.[0]?.StorageDescriptor?.Columns).toHaveLength(storageDescriptor.columns.length);
  });

  test('partitions are deleted 25 at a time', async () => {
    glue.on(BatchDeletePartitionCommand).resolves({});
    await partitions.delete('carbon_emissions', many.slice(0, 60));
    expect(glue.commandCalls(BatchDeletePartitionCommand)).toHaveLength(3);
  });

  test('a partition that another run created is accepted, and any other error is reported', async () => {
    const failing = (code: string): void => {
      glue.on(BatchCreatePartitionCommand).resolves({
        Errors: [{ PartitionValues: ['v1.0.0', '0'], ErrorDetail: { ErrorCode: code, ErrorMessage: 'why' } }],
      });
    };
    failing('AlreadyExistsException');
    await partitions.create(EMISSIONS_TABLE, many.slice(0, 1));
    failing('InternalServiceException');
    await expect(partitions.create(EMISSIONS_TABLE, many.slice(0, 1))).rejects.toThrow(
      'partition v1.0.0/0: InternalServiceException: why',
    );
  });

  test('all pages of the registered partitions are read', async () => {
    const [first, second] = [partition('v1.0.0', '2025-01'), partition('v1.0.0', '2025-02')];
    const pageOf = ({ values, location }: Partition): object => ({
      Partitions: [
        { Values: values, StorageDescriptor: { Location: location, ...formatOf(EMISSIONS_TABLE) } },
      ],
    });
    glue
      .on(GetPartitionsCommand)
      .resolvesOnce({ ...pageOf(first), NextToken: 'more' })
      .resolvesOnce(pageOf(second));
    expect(await partitions.list('carbon_emissions')).toEqual([first, second]);
  });
});
