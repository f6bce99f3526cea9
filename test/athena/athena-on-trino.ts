import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UNLOAD_CATALOG } from './servers';
import { TrinoClient, TrinoQueryError } from './trino-client';

/** A query as Athena keeps it. */
interface Execution {
  readonly sql: string;
  readonly database: string;
  state: 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
  reason?: string;
  isStopped?: boolean;
}

/** Athena's own limit. */
const LONGEST_STATEMENT = 262_144;

const UNLOAD =
  /^UNLOAD \((?<select>[^]*)\)\nTO '(?<location>s3:\/\/[^']+)'\nWITH \(format = 'PARQUET', compression = 'SNAPPY'\)$/;

/**
 * Athena's API over a Trino server, for the SDK's own client: statements are queued, run and asked about. Trino has no
 * UNLOAD: it is run as the CREATE TABLE AS that writes the same files, whose table is dropped again.
 */
export class AthenaOnTrino {
  private readonly executions = new Map<string, Execution>();
  private isToBeCancelled = false;
  private interference: (() => Promise<void>) | undefined;

  private constructor(
    private readonly trino: string,
    private readonly server: Server,
  ) {}

  static async start(trino: string): Promise<AthenaOnTrino> {
    const server = createServer();
    const athena = new AthenaOnTrino(trino, server);
    server.on('request', (request, response) => {
      void athena.answer(request).then(
        (answer) => {
          response.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.1' });
          response.end(JSON.stringify(answer));
        },
        (error: unknown) => {
          response.writeHead(400, { 'Content-Type': 'application/x-amz-json-1.1' });
          response.end(JSON.stringify({ __type: 'InvalidRequestException', message: String(error) }));
        },
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await new TrinoClient(trino, 'information_schema').query(
      `CREATE SCHEMA IF NOT EXISTS ${UNLOAD_CATALOG}.results`,
    );
    return athena;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  /** Statements that were run, in their order. */
  get statements(): readonly string[] {
    return [...this.executions.values()].map(({ sql }) => sql);
  }

  /** How queries ended. */
  get states(): readonly string[] {
    return [...this.executions.values()].map(({ state }) => state);
  }

  /** Ends the next query from outside once it runs. */
  cancelNext(): void {
    this.isToBeCancelled = true;
  }

  /** Does something before the next query runs. */
  beforeNext(interference: () => Promise<void>): void {
    this.interference = interference;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage): Promise<unknown> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
    const action = String(request.headers['x-amz-target']).split('.').at(-1);
    const id = String(body['QueryExecutionId']);
    if (action === 'StartQueryExecution') return { QueryExecutionId: this.begin(body) };
    if (action === 'GetQueryExecution') return { QueryExecution: this.execution(id) };
    if (action !== 'StopQueryExecution') throw new Error(`${String(action)} is not stood in for`);
    this.stopQuery(id);
    return {};
  }

  private begin(body: Record<string, unknown>): string {
    const { Database: database } = body['QueryExecutionContext'] as { Database: string };
    if (Buffer.byteLength(String(body['QueryString'])) > LONGEST_STATEMENT)
      throw new Error('the statement is too long');
    const execution: Execution = { sql: String(body['QueryString']), database, state: 'QUEUED' };
    const id = randomUUID();
    this.executions.set(id, execution);
    void this.run(execution);
    return id;
  }

  private execution(id: string): unknown {
    const { state, reason } = this.executions.get(id) ?? {};
    if (state === undefined) throw new Error(`QueryExecution ${id} was not found`);
    return { QueryExecutionId: id, Status: { State: state, StateChangeReason: reason } };
  }

  /** A query that has not begun yet ends as soon as it does. */
  private stopQuery(id: string): void {
    const execution = this.executions.get(id);
    if (execution === undefined) throw new Error(`QueryExecution ${id} was not found`);
    execution.isStopped = true;
    execution.state = 'CANCELLED';
  }

  private async run(execution: Execution): Promise<void> {
    const client = new TrinoClient(this.trino, execution.database);
    const { select, location } = UNLOAD.exec(execution.sql)?.groups ?? {};
    const table = `${UNLOAD_CATALOG}.results.query_${randomUUID().replaceAll('-', '_')}`;
    const { interference } = this;
    this.interference = undefined;
    try {
      await interference?.();
      if (select === undefined || location === undefined)
        throw new Error('expected UNLOAD, which is all that is run');
      await client.query(
        `CREATE TABLE ${table} WITH (format = 'PARQUET', external_location = '${location}') AS ${select}`,
        (id, state) => {
          const isToEnd = this.isToBeCancelled || execution.isStopped === true;
          if (execution.isStopped !== true) execution.state = 'RUNNING';
          if (state !== 'RUNNING' || !isToEnd) return;
          this.isToBeCancelled = false;
          void client.cancel(id);
        },
      );
      await client.query(`DROP TABLE ${table}`);
      execution.state = 'SUCCEEDED';
    } catch (error) {
      const isCancelled =
        error instanceof TrinoQueryError && /^(USER_CANCELED|ADMINISTRATIVELY_KILLED)$/.test(error.code);
      execution.reason = error instanceof Error ? error.message : String(error);
      if (execution.isStopped !== true) execution.state = isCancelled ? 'CANCELLED' : 'FAILED';
    }
  }
}
