import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  type QueryExecution,
  QueryExecutionState,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { CarbonError } from '../../base/carbon-error';
import { TransientError } from '../../base/retry';

/** How statements are run. */
export interface AthenaQueriesOptions {
  readonly client: AthenaClient;
  readonly workgroup: string;
  /** Glue database that names without one are looked up in. */
  readonly database: string;
  /** Milliseconds that are left for queries; one that takes longer is stopped. */
  readonly remainingMs: () => number;
  /** Waits before the state is asked again; @default - doubling from a quarter of a second up to 5 seconds */
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

/** Athena did not run a statement to its end: it failed, was cancelled, or took too long. */
export class AthenaQueryError extends CarbonError {
  constructor(
    readonly queryExecutionId: string,
    readonly state: 'FAILED' | 'CANCELLED' | 'STOPPED',
    /** Athena's words. */
    reason: string,
    options?: ErrorOptions,
  ) {
    super('state', `Athena query ${queryExecutionId} ${STATES[state]}: ${reason}`, options);
  }
}

const STATES = { FAILED: 'failed', CANCELLED: 'was cancelled', STOPPED: 'was given up' } as const;

/** Athena's limit of a statement's length, in bytes of UTF-8. */
const LONGEST_STATEMENT = 262_144;

/** A statement is longer than Athena takes. */
export class StatementTooLongError extends CarbonError {
  constructor(bytes: number) {
    const limit = LONGEST_STATEMENT.toLocaleString('en-US');
    super(
      'state',
      `a statement over the month's files has ${bytes.toLocaleString('en-US')} bytes, and Athena accepts ${limit}: the files have too many different sets of columns; deliver them with the same columns in the same order`,
    );
  }
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

/** Runs statements in a workgroup of Athena and waits for their end. */
export class AthenaQueries {
  constructor(private readonly options: AthenaQueriesOptions) {}

  /**
   * Writes the rows of a SELECT to an empty location in S3, as Parquet files.
   *
   * @param location `s3://bucket/prefix/`
   * @throws StatementTooLongError when the statement is too long for Athena
   * @throws AthenaQueryError with Athena's reason; its cause is a TransientError where Athena reports that a retry may help
   */
  async unload(select: string, location: string): Promise<void> {
    await this.run(`UNLOAD (${select})\nTO '${location}'\nWITH (format = 'PARQUET', compression = 'SNAPPY')`);
  }

  private async run(sql: string): Promise<void> {
    const { client, workgroup, database } = this.options;
    const bytes = Buffer.byteLength(sql);
    if (bytes > LONGEST_STATEMENT) throw new StatementTooLongError(bytes);
    const { QueryExecutionId: id = '' } = await client.send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        WorkGroup: workgroup,
        QueryExecutionContext: { Database: database, Catalog: 'AwsDataCatalog' },
      }),
    );
    const { Status: status = {} } = await this.ended(id).catch(async (error: unknown) => {
      // The query is no longer needed. It may be over, and the first error says more than a stop that fails.
      await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id })).catch(() => undefined);
      throw error;
    });
    const { State: state, StateChangeReason: reason = 'no reason is given', AthenaError: error } = status;
    if (state === QueryExecutionState.CANCELLED) throw new AthenaQueryError(id, 'CANCELLED', reason);
    if (state !== QueryExecutionState.FAILED) return;
    const cause = error?.Retryable === true ? { cause: new TransientError(reason) } : {};
    throw new AthenaQueryError(id, 'FAILED', reason, cause);
  }

  private async ended(id: string): Promise<QueryExecution> {
    const { client, remainingMs, wait = sleep } = this.options;
    for (let pause = FIRST_WAIT_MS; ; pause = Math.min(2 * pause, LONGEST_WAIT_MS)) {
      const answer = await client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
      const execution = answer.QueryExecution ?? {};
      const { State: state } = execution.Status ?? {};
      if (state !== QueryExecutionState.QUEUED && state !== QueryExecutionState.RUNNING) {
        if (state === undefined) throw new AthenaQueryError(id, 'FAILED', 'Athena reports no state');
        return execution;
      }
      if (remainingMs() < pause) {
        throw new AthenaQueryError(id, 'STOPPED', `it was still ${state.toLowerCase()} when time was up`);
      }
      await wait(pause);
    }
  }
}
