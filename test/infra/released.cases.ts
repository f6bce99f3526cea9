import { deployed } from './configurations';
import { partitionedTables } from '../../shared/catalog/glue';
import { type Partition, registerPartitions } from '../../shared/catalog/partitions';
import { asExportMonth, manifestKey } from '../../shared/exports/layout';
import { FolderStore } from '../../shared/stores/folder-store';
import { nonEmpty } from '../support/non-empty';
import { scratch } from '../support/scratch';
import released from './released-resources.json';
import releasedTables from './released-tables.json';

/** Types whose replacement loses data, subscriptions or what other stacks refer to. */
const LASTING = [
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::Glue::Database',
  'AWS::Glue::Table',
];

test('a deployment of the first release keeps its buckets, topic, queue and tables', () => {
  const before = Object.values(released)
    .flatMap((resources) => Object.entries(resources))
    .filter(([, type]) => LASTING.includes(type));
  expect(before.length).toBeGreaterThan(15);
  const now = deployed('defaults').types();
  expect(before.filter(([id, type]) => now.get(id) !== type)).toEqual([]);
});

/** A table of the templates of 0.1.0 (commit e0e8dcf) by its logical id; released-tables.json has those of four settings. */
interface ReleasedTable {
  readonly database: string;
  readonly name: string;
  readonly location: string;
  readonly partitionKeys: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
}

interface TableProperties {
  readonly DatabaseName: string;
  readonly TableInput: {
    readonly Name: string;
    readonly Parameters: Readonly<Record<string, string>>;
    readonly PartitionKeys: readonly { readonly Name: string }[];
    readonly StorageDescriptor: { readonly Location?: string };
  };
}

const SETTINGS = ['defaults', 'everySetting', 'awsTotals', 'breakdowns'] as const;

const folder = scratch();

describe.each(SETTINGS)('the upgrade of a deployment of 0.1.0 with %s', (configuration) => {
  const before: [string, ReleasedTable][] = Object.entries(releasedTables[configuration]);

  test('changes tables in place: id, name, database, location and partition keys stay', () => {
    const now = new Map(
      deployed(configuration)
        .resources('AWS::Glue::Table')
        .map(({ id, properties }) => [id, properties as unknown as TableProperties]),
    );
    for (const [id, { database, name, location, partitionKeys }] of nonEmpty(before)) {
      const { DatabaseName: presentDatabase, TableInput: input } = now.get(id) ?? {};
      expect([presentDatabase, input?.Name, input?.StorageDescriptor.Location]).toEqual([
        ...[database, name, location],
      ]);
      expect(input?.PartitionKeys.map(({ Name }) => Name)).toEqual(partitionKeys);
    }
  });

  test('removes nothing but the projection from their parameters', () => {
    const now = new Map(
      deployed(configuration)
        .resources('AWS::Glue::Table')
        .map(({ id, properties }) => [id, (properties as unknown as TableProperties).TableInput.Parameters]),
    );
    for (const [id, { parameters }] of nonEmpty(before)) {
      expect(parameters['projection.enabled']).toBe('true');
      const kept = Object.entries(parameters).filter(([name]) => !name.startsWith('projection.'));
      expect(now.get(id)).toEqual(Object.fromEntries(kept));
    }
  });
});

test('the first run after the upgrade registers every partition that 0.1.0 projected, and those that it could not', async () => {
  const { TableCarbonEmissions: table }: Readonly<Record<string, ReleasedTable>> = releasedTables.defaults;
  const projected = table?.parameters['projection.carbon_model_version.values']?.split(',') ?? [];
  expect(projected.length).toBeGreaterThan(0);
  const store = new FolderStore(folder());
  const months = ['2024-12', '2025-01', '2026-10'];
  const versions = [...projected, 'v2.0.1', 'v3.0.1'];
  for (const version of versions) {
    for (const month of months) {
      await store.put(manifestKey('carbon-emissions', asExportMonth(month, version)), '{}');
    }
  }
  const registered: string[] = [];
  const tables = partitionedTables({ root: 's3://b/', exportName: 'carbon-emissions', format: 'parquet' });
  const create = (_: unknown, partitions: readonly Partition[]): Promise<void> => {
    registered.push(...partitions.map(({ values }) => values.join('/')));
    return Promise.resolve();
  };
  const none = (): Promise<void> => Promise.resolve();
  const catalog = { list: () => Promise.resolve([]), create, update: none, delete: none };
  const { problems } = await registerPartitions(store, catalog, tables);
  expect(problems).toEqual([]);
  const expected = versions.flatMap((version) => months.map((month) => `${version}/${month}`));
  expect(registered.sort()).toEqual(expected.sort());
});
