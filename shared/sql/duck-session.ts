import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBValue,
  type Json,
  StatementType,
} from '@duckdb/node-api';
import { CarbonError } from '../base/carbon-error';
import { DUCK_MACROS } from './dialect';
import type { SmallTable } from './small-table';

/**
 * Values that a statement refers to as $1, $2, …: the only way in which inputs reach SQL. Texts only: the binding
 * would guess the type of a number from its value; a statement casts where it wants one.
 */
export type SqlParameters = readonly string[];

/** A row as JavaScript holds it: texts, numbers, booleans, bigints for 64-bit and wider integers, null. */
export type SqlRow = Readonly<Record<string, DuckDBValue>>;

/** What a query gives, as JSON can hold it: wide integers and instants as texts. */
export interface SelectResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly Json[])[];
}

/** A text that is not one statement that only reads. */
export class NotASelectError extends CarbonError {
  constructor() {
    super('usage', 'expected one SELECT: nothing else is run on an export');
  }
}

/** Limits of an embedded DuckDB. */
export interface DuckLimits {
  /** Memory DuckDB may use before it spills to the scratch folder, e.g. `3GB`. @default - 3GB */
  readonly memoryLimit?: string;
  /** Threads. No result depends on it. @default - one per core */
  readonly threads?: number;
  /** Parent of the scratch folder. @default - the system's folder for temporary files */
  readonly scratchParent?: string;
}

/**
 * An embedded DuckDB with a scratch folder of its own. Temporary tables last as long as the session, so every month
 * gets a session and leaves nothing to the next.
 */
export class DuckSession {
  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
    /** A folder that is removed when the session closes. */
    readonly scratch: string,
  ) {}

  static async open(limits: DuckLimits = {}): Promise<DuckSession> {
    const scratch = await mkdtemp(join(limits.scratchParent ?? tmpdir(), 'carbon-exports-'));
    try {
      const instance = await DuckDBInstance.create(':memory:', {
        memory_limit: limits.memoryLimit ?? '3GB',
        temp_directory: join(scratch, 'spill'),
        // Files may be replaced by others of the same size between two reads.
        enable_external_file_cache: 'false',
        // Nothing is fetched at run time.
        autoinstall_known_extensions: 'false',
        // Trino divides integers to an integer.
        integer_division: 'true',
        preserve_insertion_order: 'true',
        ...(limits.threads === undefined ? {} : { threads: String(limits.threads) }),
      });
      const connection = await instance.connect();
      // Times with a zone are told in UTC, whatever the machine's zone.
      await connection.run("SET TimeZone = 'UTC'");
      for (const macro of DUCK_MACROS) await connection.run(macro);
      return new DuckSession(instance, connection, scratch);
    } catch (error) {
      await rm(scratch, { recursive: true, force: true });
      throw error;
    }
  }

  /** Runs a statement for its effect. */
  async run(sql: string, parameters: SqlParameters = []): Promise<void> {
    await this.connection.run(sql, [...parameters]);
  }

  /** Runs a query for its rows. */
  async rows(sql: string, parameters: SqlParameters = []): Promise<SqlRow[]> {
    const reader = await this.connection.runAndReadAll(sql, [...parameters]);
    return reader.getRowObjects();
  }

  /** Runs a query for its rows, a few thousand at a time and in their order. */
  async *chunks(sql: string, parameters: SqlParameters = []): AsyncGenerator<readonly SqlRow[]> {
    const result = await this.connection.stream(sql, [...parameters]);
    yield* result.yieldRowObjects();
  }

  /**
   * Runs somebody else's statement, which may only read.
   *
   * @throws NotASelectError when it is not one SELECT
   */
  async select(sql: string): Promise<SelectResult> {
    const statements = await this.connection.extractStatements(sql);
    if (statements.count !== 1) throw new NotASelectError();
    const prepared = await statements.prepare(0);
    if (prepared.statementType !== StatementType.SELECT) throw new NotASelectError();
    const reader = await prepared.runAndReadAll();
    const types = reader.columnTypes();
    return {
      columns: reader.columnNames().map((name, index) => ({ name, type: String(types[index]) })),
      rows: reader.getRowsJson(),
    };
  }

  /** Creates a table with these columns and fills it with these rows, through DuckDB's appender. */
  async load(name: string, columns: SmallTable['columns'], rows: SmallTable['rows']): Promise<void> {
    await this.run(
      `CREATE TEMP TABLE ${name} (${columns.map(([column, type]) => `${column} ${type}`).join(', ')})`,
    );
    const appender = await this.connection.createAppender(name);
    for (const row of rows) {
      for (const [index, [, type]] of columns.entries()) {
        const value = row[index];
        if (value === undefined) throw new Error(`${name}: a row is shorter than the table`);
        if (type === 'BIGINT') appender.appendBigInt(BigInt(value));
        else if (type === 'INTEGER') appender.appendInteger(Number(value));
        else if (type === 'DOUBLE') appender.appendDouble(Number(value));
        else if (type === 'BOOLEAN') appender.appendBoolean(Boolean(value));
        else appender.appendVarchar(String(value));
      }
      appender.endRow();
    }
    appender.closeSync();
  }

  async close(): Promise<void> {
    this.connection.closeSync();
    this.instance.closeSync();
    await rm(this.scratch, { recursive: true, force: true });
  }
}

/** Opens a session for as long as `work` takes. */
export async function withSession<T>(
  limits: DuckLimits,
  work: (session: DuckSession) => Promise<T>,
): Promise<T> {
  const session = await DuckSession.open(limits);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

/** A path as a table function takes it: characters that would make it a pattern stand for themselves. */
export function literalPath(path: string): string {
  return path.replace(/[*?[]/g, '[$&]');
}

/** A number out of a row; DuckDB gives 64-bit integers as bigint. */
export function numberIn(row: SqlRow | undefined, column: string): number {
  const value = row?.[column];
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  throw new Error(`column ${column} holds no number`);
}

/** A text out of a row. */
export function textIn(row: SqlRow | undefined, column: string): string {
  const value = row?.[column];
  if (typeof value === 'string') return value;
  throw new Error(`column ${column} holds no text`);
}
