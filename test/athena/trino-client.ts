import { setTimeout as sleep } from 'node:timers/promises';

/** A column of a result, as Trino names its type. */
export interface TrinoColumn {
  readonly name: string;
  readonly type: string;
}

/** A result as Trino's HTTP protocol returns it: instants and decimals as texts. */
export interface TrinoResult {
  readonly columns: readonly TrinoColumn[];
  readonly rows: readonly (readonly unknown[])[];
}

/** A query that Trino did not run to its end. */
export class TrinoQueryError extends Error {
  override readonly name = 'TrinoQueryError';

  constructor(
    /** e.g. SYNTAX_ERROR, TABLE_NOT_FOUND, USER_CANCELED. */
    readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

interface Page {
  readonly id: string;
  readonly nextUri?: string;
  readonly columns?: readonly TrinoColumn[];
  readonly data?: readonly (readonly unknown[])[];
  readonly stats: { readonly state: string };
  readonly error?: {
    readonly errorName: string;
    readonly message: string;
    readonly failureInfo?: Failure;
  };
}

/** What an error came from. */
interface Failure {
  readonly type: string;
  readonly message?: string;
  readonly cause?: Failure;
}

/** The causes of an error, each in a line. */
function causesOf(failure: Failure | undefined): string {
  const cause = failure?.cause;
  return cause === undefined ? '' : `\n  from ${cause.type}: ${cause.message ?? ''}${causesOf(cause)}`;
}

const ATTEMPTS = 5;

/**
 * True for what a busy machine is to blame for: the only node is taken for absent, or moto drops a connection. A
 * statement that writes is not repeated after the latter, since a part of its files may be there.
 */
function isOfMachine(error: unknown, sql: string): boolean {
  if (!(error instanceof TrinoQueryError)) return false;
  if (error.code === 'NO_NODES_AVAILABLE') return true;
  return error.code === 'HIVE_FILESYSTEM_ERROR' && !/^\s*CREATE/.test(sql);
}

/** Trino's client protocol: POST a statement, then follow nextUri to the last page. */
export class TrinoClient {
  constructor(
    private readonly server: string,
    private readonly schema: string,
  ) {}

  /**
   * Runs a statement to its end. A statement that fails because of the machine is run again, and this is logged.
   *
   * @param onPage called with the query's id and state with every page, e.g. to cancel it
   * @throws TrinoQueryError with Trino's reason
   */
  async query(sql: string, onPage?: (id: string, state: string) => void): Promise<TrinoResult> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.queryOnce(sql, onPage);
      } catch (error) {
        if (attempt === ATTEMPTS || !isOfMachine(error, sql)) throw error;
        console.log(`        tried again: ${String(error)}`);
        await sleep(2_000);
      }
    }
  }

  private async queryOnce(sql: string, onPage?: (id: string, state: string) => void): Promise<TrinoResult> {
    const headers = {
      'X-Trino-User': 'test',
      'X-Trino-Catalog': 'awsdatacatalog',
      'X-Trino-Schema': this.schema,
      'X-Trino-Time-Zone': 'UTC',
      // Without it, timestamp(3) is returned as timestamp.
      'X-Trino-Client-Capabilities': 'PARAMETRIC_DATETIME',
    };
    let page = await pageOf(
      await fetch(`${this.server}/v1/statement`, { method: 'POST', headers, body: sql }),
    );
    let columns: readonly TrinoColumn[] = [];
    const rows: (readonly unknown[])[] = [];
    for (;;) {
      if (page.error !== undefined) {
        const { errorName, message, failureInfo } = page.error;
        throw new TrinoQueryError(errorName, message + causesOf(failureInfo));
      }
      onPage?.(page.id, page.stats.state);
      columns = page.columns ?? columns;
      rows.push(...(page.data ?? []));
      if (page.nextUri === undefined) return { columns, rows };
      page = await pageOf(await fetch(page.nextUri, { headers: { 'X-Trino-User': 'test' } }));
    }
  }

  /** Ends a running query from outside, as an operator would. */
  async cancel(id: string): Promise<void> {
    await fetch(`${this.server}/v1/query/${id}`, { method: 'DELETE', headers: { 'X-Trino-User': 'test' } });
  }
}

async function pageOf(response: Response): Promise<Page> {
  if (!response.ok) throw new Error(`Trino answered ${String(response.status)}: ${await response.text()}`);
  return (await response.json()) as Page;
}
