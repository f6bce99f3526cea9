import {
  AthenaClient,
  GetQueryExecutionCommand,
  type QueryExecutionStatus,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { mockClient } from 'aws-sdk-client-mock';
import { isTransient } from '../../../shared/base/retry';
import { AthenaQueries, AthenaQueryError } from '../../../shared/usage/athena/athena-queries';

const client = new AthenaClient({ region: 'us-east-1' });
const athena = mockClient(client);
const ID = 'e1';

beforeEach(() => {
  athena.reset();
  athena.on(StartQueryExecutionCommand).resolves({ QueryExecutionId: ID });
  athena.on(StopQueryExecutionCommand).resolves({});
});

/** Queries that have these states one after the other; the last one stays. */
function queriesWith(states: readonly QueryExecutionStatus[], remainingMs = Infinity) {
  const waits: number[] = [];
  const answers = states.map((Status) => ({ QueryExecution: { Status } }));
  const last = answers.at(-1) ?? {};
  let asked = athena.on(GetQueryExecutionCommand);
  for (const answer of answers) asked = asked.resolvesOnce(answer);
  asked.resolves(last);
  const queries = new AthenaQueries({
    client,
    workgroup: 'Months',
    database: 'scratch',
    remainingMs: () => remainingMs - waits.reduce((sum, wait) => sum + wait, 0),
    wait: (milliseconds) => Promise.resolve(waits.push(milliseconds)),
  });
  return { unload: () => queries.unload('SELECT 1 AS n', 's3://bucket/results/'), waits };
}

async function failureOf(work: () => Promise<void>): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('all went well');
}

test('a statement is run as UNLOAD in the workgroup and the database, as Parquet', async () => {
  await queriesWith([{ State: 'SUCCEEDED' }]).unload();
  expect(athena.commandCalls(StartQueryExecutionCommand).map(({ args }) => args[0].input)).toEqual([
    {
      QueryString:
        "UNLOAD (SELECT 1 AS n)\nTO 's3://bucket/results/'\nWITH (format = 'PARQUET', compression = 'SNAPPY')",
      WorkGroup: 'Months',
      QueryExecutionContext: { Database: 'scratch', Catalog: 'AwsDataCatalog' },
    },
  ]);
});

test('waits grow from a quarter of a second to five seconds', async () => {
  const running = Array.from(
    { length: 8 },
    (_, index) => ({ State: index < 2 ? 'QUEUED' : 'RUNNING' }) as const,
  );
  const { unload, waits } = queriesWith([...running, { State: 'SUCCEEDED' }]);
  await unload();
  expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000]);
});

test.each([
  ['FAILED', 'Athena query e1 failed: HIVE_BAD_DATA: no Parquet'],
  ['CANCELLED', 'Athena query e1 was cancelled: HIVE_BAD_DATA: no Parquet'],
] as const)(
  '%s is an error with the reason of Athena, which a repetition does not cure',
  async (State, message) => {
    const reason = 'HIVE_BAD_DATA: no Parquet';
    const error = await failureOf(queriesWith([{ State, StateChangeReason: reason }]).unload);
    expect(error).toBeInstanceOf(AthenaQueryError);
    expect(error).toMatchObject({ message, state: State, queryExecutionId: ID });
    expect(isTransient(error)).toBe(false);
  },
);

test('a failure that Athena says may pass is one that the state machine tries again', async () => {
  const status = {
    State: 'FAILED',
    StateChangeReason: 'exhausted',
    AthenaError: { Retryable: true },
  } as const;
  const error = await failureOf(queriesWith([status]).unload);
  expect(error).toMatchObject({ name: 'AthenaQueryError', message: 'Athena query e1 failed: exhausted' });
  expect(isTransient(error)).toBe(true);
});

test('a query that still runs at the end of its time is stopped', async () => {
  const error = await failureOf(queriesWith([{ State: 'RUNNING' }], 2_000).unload);
  expect(error).toMatchObject({
    message: 'Athena query e1 was given up: it was still running when time was up',
  });
  expect(athena.commandCalls(StopQueryExecutionCommand)[0]?.args[0].input).toEqual({ QueryExecutionId: ID });
});

test('a query whose state cannot be read is stopped, and the reason is reported', async () => {
  const { unload } = queriesWith([]);
  athena.on(GetQueryExecutionCommand).rejects(new Error('AccessDeniedException: no'));
  athena.on(StopQueryExecutionCommand).rejects(new Error('neither'));
  await expect(unload()).rejects.toThrow('AccessDeniedException: no');
  expect(athena.commandCalls(StopQueryExecutionCommand)).toHaveLength(1);
});

test('a statement that Athena would not take is not sent', async () => {
  const queries = new AthenaQueries({
    client,
    workgroup: 'Months',
    database: 'scratch',
    remainingMs: () => 1_000,
  });
  await expect(queries.unload(`SELECT '${'x'.repeat(262_144)}' AS x`, 's3://bucket/x/')).rejects.toThrow(
    /^a statement over the month's files has 262,2\d\d bytes, and Athena accepts 262,144/,
  );
  expect(athena.commandCalls(StartQueryExecutionCommand)).toEqual([]);
});

test('an answer without a state is not a success', async () => {
  await expect(queriesWith([{}]).unload()).rejects.toThrow('Athena query e1 failed: Athena reports no state');
});
