import { rm } from 'node:fs/promises';
import type { DuckDBAppender, DuckDBConnection, DuckDBValue, Json } from '@duckdb/node-api';
import { CarbonError } from '../base/carbon-error';
import { createScratchFolder } from '../base/scratch-folder';
import { stopping } from '../base/stopping';
import { DUCK_MACROS } from './dialect';
import { type DuckLimits, engine, type InstanceUse, separateInstance, sharedInstance } from './duck-instance';
import { engineLimit } from './engine-limit';
import type { ColumnTypes, Relation, SmallTable, SmallType, SmallValue } from './relation';

/**
 * Values that a statement refers to as $1, $2, …. Inputs reach SQL only in this way or as a {@link SmallTable}. Texts only:
 * the binding would guess the type of a number from its value; a statement casts a text where it needs a number.
 */
export type SqlParameters = readonly string[];

/** A row as JavaScript holds it: texts, numbers, booleans, bigints for 64-bit and wider integers, null. */
export type SqlRow = Readonly<Record<string, DuckDBValue>>;

/** The result of a query, as JSON can hold it: wide integers and instants as texts. */
export interface SelectResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly Json[])[];
}

/** A text that is not exactly one SELECT. */
export class NotASelectError extends CarbonError {
  constructor() {
    super('usage', 'expected one SELECT: no other statement is run on an export');
  }
}

/** How a session is opened. */
export interface SessionOptions extends DuckLimits {
  /** The session changes settings of its DuckDB, so no other session may share it. @default false */
  readonly isSeparate?: boolean;
}

/**
 * A connection to an embedded DuckDB, with a separate scratch folder. Relations last as long as the session: every month
 * has a separate session.
 */
export class DuckSession {
  private constructor(
    private readonly instance: InstanceUse,
    private readonly connection: DuckDBConnection,
    /** A folder that is removed when the session closes. */
    readonly scratch: string,
  ) {
    stopping.addEventListener('abort', this.interrupt);
  }

  private readonly interrupt = (): void => {
    this.connection.interrupt();
  };

  static async open({ isSeparate = false, ...limits }: SessionOptions = {}): Promise<DuckSession> {
    const instance = await (isSeparate ? separateInstance(limits) : sharedInstance(limits));
    try {
      const scratch = await createScratchFolder(instance.folder, 'session-');
      return new DuckSession(instance, await connectionTo(instance), scratch);
    } catch (error) {
      await instance.release();
      throw error;
    }
  }

  /** Runs a statement for its effect. */
  async run(sql: string, parameters: SqlParameters = []): Promise<void> {
    stopping.throwIfAborted();
    await this.withinLimits(this.connection.run(sql, [...parameters]));
  }

  /** Runs a query for its rows. */
  async rows(sql: string, parameters: SqlParameters = []): Promise<SqlRow[]> {
    stopping.throwIfAborted();
    const reader = await this.withinLimits(this.connection.runAndReadAll(sql, [...parameters]));
    return reader.getRowObjects();
  }

  /** Runs a query for its rows, a few thousand at a time and in their order. */
  async *chunks(sql: string, parameters: SqlParameters = []): AsyncGenerator<readonly SqlRow[]> {
    stopping.throwIfAborted();
    const result = await this.withinLimits(this.connection.stream(sql, [...parameters]));
    const chunks = result.yieldRowObjects();
    for (;;) {
      const next = await this.withinLimits(chunks.next());
      if (next.done === true) return;
      yield next.value;
    }
  }

  /**
   * Runs a user's statement, which may only read.
   *
   * @throws NotASelectError when it is not one SELECT
   */
  async select(sql: string): Promise<SelectResult> {
    const statements = await this.connection.extractStatements(sql);
    if (statements.count !== 1) throw new NotASelectError();
    const prepared = await statements.prepare(0);
    const { StatementType } = await engine();
    if (prepared.statementType !== StatementType.SELECT) throw new NotASelectError();
    const reader = await this.withinLimits(prepared.runAndReadAll());
    const types = reader.columnTypes();
    return {
      columns: reader.columnNames().map((name, index) => ({ name, type: String(types[index]) })),
      rows: reader.getRowsJson(),
    };
  }

  /**
   * Runs a SELECT and keeps its rows as a relation.
   *
   * @throws Error when the SELECT has other columns or types than `columns`
   */
  async table<const Columns extends ColumnTypes>(
    columns: Columns,
    select: string,
    parameters: SqlParameters = [],
  ): Promise<Relation<Columns>> {
    const { table, columns: found } = await this.tableOf(select, parameters);
    assertColumns(columns, found);
    return { table, columns };
  }

  /**
   * Returns a SELECT over relations as a relation, which is computed whenever it is read.
   *
   * @throws Error when the SELECT has other columns or types than `columns`
   */
  async view<const Columns extends ColumnTypes>(
    columns: Columns,
    select: string,
  ): Promise<Relation<Columns>> {
    const table = nextName();
    await this.run(`CREATE TEMP VIEW ${table} AS ${select}`);
    assertColumns(columns, await this.described(table));
    return { table, columns };
  }

  /** Runs a SELECT and keeps its rows as a relation with the columns and types that the SELECT has. */
  async tableOf(select: string, parameters: SqlParameters = []): Promise<Relation> {
    const table = nextName();
    await this.run(`CREATE TEMP TABLE ${table} AS ${select}`, parameters);
    return { table, columns: await this.described(table) };
  }

  /** Reads the columns off a statement that is not run: DESCRIBE takes three times as long. */
  private async described(table: string): Promise<ColumnTypes> {
    const statement = await this.connection.prepare(`FROM ${table}`);
    try {
      const positions = Array.from({ length: statement.columnCount }, (_, position) => position);
      return Object.fromEntries(
        positions.map((at) => [statement.columnName(at), String(statement.columnType(at))]),
      );
    } finally {
      statement.destroySync();
    }
  }

  /** Keeps rows of JavaScript as a relation, through DuckDB's appender. */
  async load<const Columns extends Readonly<Record<string, SmallType>>>({
    columns,
    rows,
  }: SmallTable<Columns>): Promise<Relation<Columns>> {
    const table = nextName();
    const types = Object.values(columns);
    const list = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
    await this.run(`CREATE TEMP TABLE ${table} (${list.join(', ')})`);
    const appender = await this.connection.createAppender(table);
    for (const row of rows) {
      for (const [index, type] of types.entries()) append(appender, type, row[index]);
      appender.endRow();
    }
    appender.closeSync();
    return { table, columns };
  }

  /**
   * Returns a type that holds the texts of a SELECT of one column as numbers, and writes them as a dictionary: sorting and
   * writing such texts takes half the time.
   */
  async enumOf(select: string): Promise<string> {
    const type = nextName();
    await this.run(
      `CREATE TEMP TYPE ${type} AS ENUM (SELECT DISTINCT t.text FROM (${select}) t(text) ORDER BY 1)`,
    );
    return type;
  }

  /** Frees the memory and disk of a relation that no later step takes. */
  async drop({ table }: Relation): Promise<void> {
    await this.run(`DROP TABLE ${table}`);
  }

  /** @throws CarbonError of kind state where the engine has no disk or memory left */
  private async withinLimits<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw engineLimit(error, this.instance.folder, this.instance.memoryLimit) ?? error;
    }
  }

  async close(): Promise<void> {
    stopping.removeEventListener('abort', this.interrupt);
    this.connection.closeSync();
    await rm(this.scratch, { recursive: true, force: true });
    await this.instance.release();
  }
}

async function connectionTo({ database }: InstanceUse): Promise<DuckDBConnection> {
  const connection = await database.connect();
  // Times with a zone are written in UTC, whatever the machine's zone.
  await connection.run("SET TimeZone = 'UTC'");
  for (const macro of DUCK_MACROS) await connection.run(macro);
  return connection;
}

let relations = 0;

/** Returns a name that no session of this process has used: sessions may share a DuckDB. */
function nextName(): string {
  relations += 1;
  return `relation_${String(relations)}`;
}

/** Opens a session for as long as `work` takes. */
export async function withSession<T>(
  options: SessionOptions,
  work: (session: DuckSession) => Promise<T>,
): Promise<T> {
  const session = await DuckSession.open(options);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

/** @throws Error when a relation has other columns or types than declared */
function assertColumns(declared: ColumnTypes, found: ColumnTypes): void {
  const names = new Set([...Object.keys(declared), ...Object.keys(found)]);
  const wrong = [...names].filter((name) => declared[name] !== found[name]);
  if (wrong.length === 0) return;
  const different = wrong.map((name) => `${name} (${declared[name] ?? '-'}, is ${found[name] ?? '-'})`);
  throw new Error(`a relation has other columns than declared: ${different.join(', ')}`);
}

function append(appender: DuckDBAppender, type: SmallType, value: SmallValue | undefined): void {
  if (value === undefined) throw new Error('a row is shorter than its table');
  if (type === 'BIGINT') appender.appendBigInt(BigInt(value));
  else if (type === 'INTEGER') appender.appendInteger(Number(value));
  else if (type === 'DOUBLE') appender.appendDouble(Number(value));
  else if (type === 'BOOLEAN') appender.appendBoolean(Boolean(value));
  else appender.appendVarchar(String(value));
}

/** Returns a number of a row; DuckDB returns 64-bit integers as bigint. */
export function numberIn(row: SqlRow | undefined, column: string): number {
  const value = row?.[column];
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  throw new Error(`column ${column} does not hold a number`);
}

/** Returns a number of a row, or null where the value is unknown. */
export function numberOrNullIn(row: SqlRow | undefined, column: string): number | null {
  return row?.[column] === null ? null : numberIn(row, column);
}

/** Returns a text of a row. */
export function textIn(row: SqlRow | undefined, column: string): string {
  const value = row?.[column];
  if (typeof value === 'string') return value;
  throw new Error(`column ${column} does not hold a text`);
}
