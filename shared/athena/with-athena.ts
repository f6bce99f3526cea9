import { randomUUID } from 'node:crypto';
import type { AthenaClient } from '@aws-sdk/client-athena';
import type { GlueClient } from '@aws-sdk/client-glue';
import type { ObjectStore } from '../stores/object-store';
import type { UsageEngine } from '../usage/usage-engine';
import { AthenaEngine } from './athena-engine';
import { AthenaQueries } from './athena-queries';
import { ScratchTables } from './scratch-tables';

/** The part of AWS that a month is summed in. */
export interface AthenaAccess {
  readonly athena: AthenaClient;
  readonly glue: GlueClient;
  readonly workgroup: string;
  /** Glue database that holds nothing but the tables of months that are being computed. */
  readonly database: string;
  /** A place in S3 below which nothing else lies; @param name a name that nothing else has. */
  readonly scratchAt: (name: string) => ObjectStore;
  /** Milliseconds that are left. */
  readonly remainingMs: () => number;
}

/**
 * An engine in Athena for as long as `work` takes.
 *
 * @param name of the month, which its tables bear; no other month may be computed under it at the same time
 */
export async function withAthena<T>(
  { athena, glue, workgroup, database, scratchAt, remainingMs }: AthenaAccess,
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
    const result = await work(engine);
    await engine.close();
    return result;
  } catch (error) {
    // What went wrong first is told; what is left now expires, and the month's next attempt replaces its tables.
    await engine.close().catch(() => undefined);
    throw error;
  }
}
