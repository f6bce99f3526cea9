import { randomUUID } from 'node:crypto';
import type { AthenaClient } from '@aws-sdk/client-athena';
import type { GlueClient } from '@aws-sdk/client-glue';
import { errorMessage } from '../../base/error-info';
import type { ObjectStore } from '../../stores/object-store';
import type { UsageEngine } from '../lines/usage-engine';
import { AthenaEngine } from './athena-engine';
import { AthenaQueries } from './athena-queries';
import { ScratchTables } from './scratch-tables';

/** The AWS services that sum a month. */
export interface AthenaAccess {
  readonly athena: AthenaClient;
  readonly glue: GlueClient;
  readonly workgroup: string;
  /** Glue database that holds nothing but the tables of months that are being computed. */
  readonly database: string;
  /** Returns an empty location in S3 for a unique name. */
  readonly scratchAt: (name: string) => ObjectStore;
  /** Returns the milliseconds that are left. */
  readonly remainingMs: () => number;
  /** Called with a message about objects that could not be removed; they do no harm. */
  readonly warn: (message: string) => void;
}

/**
 * Calls `work` with an engine in Athena, and removes its tables and objects afterwards. If that fails, they do no harm:
 * objects expire, and the next attempt of the same month replaces tables.
 *
 * @param name prefix of the tables' names; no other month may use it at the same time
 */
export async function withAthena<T>(
  { athena, glue, workgroup, database, scratchAt, remainingMs, warn }: AthenaAccess,
  name: string,
  work: (engine: UsageEngine) => Promise<T>,
): Promise<T> {
  const prefix = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '_');
  // What an attempt that was killed left behind must not be read.
  const scratch = scratchAt(`${prefix}/${randomUUID()}`);
  const engine = new AthenaEngine({
    queries: new AthenaQueries({ client: athena, workgroup, database, remainingMs }),
    tables: new ScratchTables({ glue, database, prefix, store: scratch }),
    scratch,
  });
  try {
    return await work(engine);
  } finally {
    await engine.close().catch((error: unknown) => {
      warn(`tables or objects of ${name} are left behind: ${errorMessage(error)}`);
    });
  }
}
