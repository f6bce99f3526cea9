import { reasonOf } from '../base/error-info';
import type { ExportMonth } from '../exports/layout';
import { publishedMonths } from '../exports/published-months';
import { listedAccountsTables } from '../organization/accounts-table';
import type { ObjectStore } from '../stores/object-store';
import type { GlueTable, PartitionedTable } from './glue';

/** A partition of a table: the values of its keys in order, and the folder of its files. */
export interface Partition {
  readonly values: readonly string[];
  /** URI that ends with a slash. */
  readonly location: string;
  /** Columns and format of the files, which a partition repeats from its table. */
  readonly schema: string;
}

/** The partitions that a Glue table has, and changes of them. */
export interface PartitionCatalog {
  list(table: string): Promise<Partition[]>;
  /** Creates partitions; one that exists stays unchanged. */
  create(table: GlueTable, partitions: readonly Partition[]): Promise<void>;
  update(table: GlueTable, partitions: readonly Partition[]): Promise<void>;
  /** Deletes partitions; one that does not exist is ignored. */
  delete(table: string, partitions: readonly Partition[]): Promise<void>;
}

/** Partitions that a table lacks or must not have, compared with the published months. */
export interface PartitionChanges {
  readonly create: readonly Partition[];
  readonly update: readonly Partition[];
  readonly delete: readonly Partition[];
}

/** Returns the columns and the format of a table or partition as one text, to compare them. */
export function schemaText(columns: readonly (readonly [string, string])[], serde: string): string {
  return `${serde}(${columns.map(([name, type]) => `${name} ${type}`).join(', ')})`;
}

/**
 * Returns the changes that make the registered partitions equal to the published ones. A partition is updated where its
 * files or its columns are no longer those of the table: engines return null for a column that a partition lacks.
 */
export function partitionChanges(
  published: readonly Partition[],
  registered: readonly Partition[],
): PartitionChanges {
  const idOf = ({ values }: Partition): string => JSON.stringify(values);
  const present = new Map(registered.map((partition) => [idOf(partition), partition]));
  const ids = new Set(published.map(idOf));
  return {
    create: published.filter((partition) => !present.has(idOf(partition))),
    update: published.filter((partition) => {
      const before = present.get(idOf(partition));
      return (
        before !== undefined && (before.location !== partition.location || before.schema !== partition.schema)
      );
    }),
    delete: registered.filter((partition) => !ids.has(idOf(partition))),
  };
}

/** What registering did. */
export interface Registration {
  /** Number of partitions that were created, updated or deleted. */
  readonly changed: number;
  /** Why partitions of a table could not be registered. */
  readonly problems: readonly string[];
}

/**
 * Registers published months as partitions of their tables, and removes partitions of other months. Registering twice
 * changes nothing, and a partition that an earlier run could not register is added. A table that fails does not stop the
 * others.
 */
export async function registerPartitions(
  exports: ObjectStore,
  catalog: PartitionCatalog,
  tables: readonly PartitionedTable[],
): Promise<Registration> {
  let changed = 0;
  const problems: string[] = [];
  for (const partitioned of tables) {
    try {
      changed += await registerTable(exports, catalog, partitioned);
    } catch (error) {
      problems.push(
        `Glue table ${partitioned.table.name}: the published months could not be registered as partitions: ${reasonOf(error)}; the next run registers them`,
      );
    }
  }
  return { changed, problems };
}

async function registerTable(
  exports: ObjectStore,
  catalog: PartitionCatalog,
  { table, exportName }: PartitionedTable,
): Promise<number> {
  const values =
    exportName === undefined ? await snapshotValues(exports) : await monthValues(exports, exportName);
  const published = values.map((of) => partitionOf(table, of));
  const changes = partitionChanges(published, await catalog.list(table.name));
  if (changes.create.length > 0) await catalog.create(table, changes.create);
  if (changes.update.length > 0) await catalog.update(table, changes.update);
  if (changes.delete.length > 0) await catalog.delete(table.name, changes.delete);
  return changes.create.length + changes.update.length + changes.delete.length;
}

function partitionOf({ partitionKeys, storageDescriptor }: GlueTable, values: readonly string[]): Partition {
  const folders = partitionKeys.map(({ name }, index) => `${name}=${values[index] ?? ''}/`);
  const { columns, location = '', serdeInfo } = storageDescriptor;
  return {
    values,
    location: location + folders.join(''),
    schema: schemaText(
      columns.map(({ name, type }) => [name, type]),
      serdeInfo.serializationLibrary ?? '',
    ),
  };
}

async function monthValues(exports: ObjectStore, exportName: string): Promise<string[][]> {
  const months = await publishedMonths(exports, exportName);
  return months.map(({ modelVersion, month }: ExportMonth) => [modelVersion, month]);
}

async function snapshotValues(exports: ObjectStore): Promise<string[][]> {
  const objects = await listedAccountsTables(exports);
  const months = objects.flatMap(({ key }) => /^accounts\/usage_period=(\d{4}-\d{2})\//.exec(key)?.[1] ?? []);
  return [...new Set(months)].map((month) => [month]);
}
