import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBInstance } from '@duckdb/node-api';
import { defined } from '../base/defined';
import { makeScratch, removeScratch } from '../base/stopping';

/** Loads the engine when the first session opens: most commands need none. */
export const engine = () => import('@duckdb/node-api');

/** Limits of an embedded DuckDB. */
export interface DuckLimits {
  /** Memory DuckDB may use before it spills to the scratch folder, e.g. `3GB`. @default - 3GB */
  readonly memoryLimit?: string;
  /** Threads. No result depends on it. @default - one per core */
  readonly threads?: number;
  /** Parent of the scratch folder. @default - the system's folder for temporary files */
  readonly scratchParent?: string;
}

const scratchParentOf = ({ scratchParent = tmpdir() }: DuckLimits): string => scratchParent;

const memoryLimitOf = ({ memoryLimit = '3GB' }: DuckLimits): string => memoryLimit;

/** An embedded DuckDB. */
interface Instance {
  readonly database: DuckDBInstance;
  /** A folder that is removed when the DuckDB closes; it spills there. */
  readonly folder: string;
  /** Its limit of memory, e.g. `3GB`. */
  readonly memoryLimit: string;
}

/** An instance in use, and the number of its sessions. */
interface Shared {
  readonly instance: Promise<Instance>;
  sessions: number;
}

/** A use of an embedded DuckDB. */
export interface InstanceUse extends Instance {
  /** Closes the DuckDB when no other session uses it. */
  release(): Promise<void>;
}

/*
 * Starting and ending a DuckDB takes longer than a small month. A connection sees the temporary relations of no other, so
 * sessions of the same limits that are open at the same time share one DuckDB and its memory limit.
 */
const instances = new Map<string, Shared>();

/**
 * Returns the DuckDB that sessions of these limits share.
 *
 * @throws CarbonError of kind state when its scratch folder cannot be created
 */
export async function sharedInstance(limits: DuckLimits): Promise<InstanceUse> {
  const key = JSON.stringify([memoryLimitOf(limits), limits.threads, scratchParentOf(limits)]);
  const shared = instances.get(key) ?? { instance: openInstance(limits), sessions: 0 };
  instances.set(key, shared);
  shared.sessions += 1;
  const release = async (): Promise<void> => {
    shared.sessions -= 1;
    if (shared.sessions > 0) return;
    instances.delete(key);
    await closeInstance(await shared.instance);
  };
  try {
    return { ...(await shared.instance), release };
  } catch (error) {
    // The next session tries again.
    if (instances.get(key) === shared) instances.delete(key);
    throw error;
  }
}

/**
 * Returns a DuckDB of one session, which may change its settings.
 *
 * @throws CarbonError of kind state when its scratch folder cannot be created
 */
export async function separateInstance(limits: DuckLimits): Promise<InstanceUse> {
  const instance = await openInstance(limits);
  return { ...instance, release: () => closeInstance(instance) };
}

async function openInstance(limits: DuckLimits): Promise<Instance> {
  const folder = await makeScratch(scratchParentOf(limits));
  const memoryLimit = memoryLimitOf(limits);
  try {
    const { DuckDBInstance: Database } = await engine();
    const database = await Database.create(':memory:', {
      memory_limit: memoryLimit,
      temp_directory: join(folder, 'spill'),
      // Files may be replaced by others of the same size between two reads.
      enable_external_file_cache: 'false',
      // Nothing is fetched at run time.
      autoinstall_known_extensions: 'false',
      // Trino divides integers to an integer.
      integer_division: 'true',
      preserve_insertion_order: 'true',
      ...defined({ threads: limits.threads?.toString() }),
    });
    return { database, folder, memoryLimit };
  } catch (error) {
    await removeScratch(folder);
    throw error;
  }
}

async function closeInstance({ database, folder }: Instance): Promise<void> {
  database.closeSync();
  await removeScratch(folder);
}
