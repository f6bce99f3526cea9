import { randomUUID } from 'node:crypto';
import type { AthenaClient } from '@aws-sdk/client-athena';
import type { GlueClient } from '@aws-sdk/client-glue';
import { errorMessage } from '../../base/error-info';
import type { ObjectStore } from '../../stores/object-store';
import type { UsageEngine } from '../lines/usage-engine';
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
  /** Told what could not be cleaned up: it is in the way of nothing. */
  readonly warn: (message: string) => void;
}

/**
 * An engine in Athena for as long as `work` takes. What is left behind where cleaning up fails does no harm: objects
 * expire, and tables are replaced by the next attempt of the same month.
 *
 * @param name of the month, which its tables bear; no other month may be computed under it at the same time
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
