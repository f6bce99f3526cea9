import type { ExportMonth } from '../exports/layout';
import { publishedMonths } from '../exports/published-months';
import type { ObjectStore } from '../stores/object-store';
import type { GlueTable } from './glue';

/** A partition of a table: the values of its keys in order, and the folder of its files. */
export interface Partition {
  readonly values: readonly string[];
  /** URI that ends with a slash. */
  readonly location: string;
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

/** A table of an export, or of the snapshots of the organization where `exportName` is absent. */
export interface PartitionedTable {
  readonly table: GlueTable;
  readonly exportName?: string;
}

/** What a table's partitions lack against what is published. */
export interface PartitionChanges {
  readonly create: readonly Partition[];
  readonly update: readonly Partition[];
  readonly delete: readonly Partition[];
}

/** Returns the changes that make the registered partitions equal to the published ones. */
export function partitionChanges(
  published: readonly Partition[],
  registered: readonly Partition[],
): PartitionChanges {
  const idOf = ({ values }: Partition): string => JSON.stringify(values);
  const locations = new Map(registered.map((partition) => [idOf(partition), partition.location]));
  const ids = new Set(published.map(idOf));
  return {
    create: published.filter((partition) => !locations.has(idOf(partition))),
    update: published.filter((partition) => {
      const location = locations.get(idOf(partition));
      return location !== undefined && location !== partition.location;
    }),
    delete: registered.filter((partition) => !ids.has(idOf(partition))),
  };
}

/**
 * Registers what is published as partitions of its tables, and removes partitions of what is not. Registering twice
 * changes nothing, and a partition that an earlier run could not register is added.
 *
 * @returns the number of changed partitions
 */
export async function registerPartitions(
  exports: ObjectStore,
  catalog: PartitionCatalog,
  tables: readonly PartitionedTable[],
): Promise<number> {
  let changed = 0;
  for (const { table, exportName } of tables) {
    const values =
      exportName === undefined ? await snapshotValues(exports) : await monthValues(exports, exportName);
    const published = values.map((of) => partitionOf(table, of));
    const changes = partitionChanges(published, await catalog.list(table.name));
    if (changes.create.length > 0) await catalog.create(table, changes.create);
    if (changes.update.length > 0) await catalog.update(table, changes.update);
    if (changes.delete.length > 0) await catalog.delete(table.name, changes.delete);
    changed += changes.create.length + changes.update.length + changes.delete.length;
  }
  return changed;
}

function partitionOf({ partitionKeys, storageDescriptor }: GlueTable, values: readonly string[]): Partition {
  const folders = partitionKeys.map(({ name }, index) => `${name}=${values[index] ?? ''}/`);
  return { values, location: (storageDescriptor.location ?? '') + folders.join('') };
}

async function monthValues(exports: ObjectStore, exportName: string): Promise<string[][]> {
  const months = await publishedMonths(exports, exportName);
  return months.map(({ modelVersion, month }: ExportMonth) => [modelVersion, month]);
}

async function snapshotValues(exports: ObjectStore): Promise<string[][]> {
  const objects = await exports.list('accounts/usage_period=');
  return objects.flatMap(({ key }) => {
    const month = /^accounts\/usage_period=(\d{4}-\d{2})\//.exec(key)?.[1];
    return month === undefined ? [] : [[month]];
  });
}
