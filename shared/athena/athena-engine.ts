import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { literalPath, numberIn, textIn } from '../engine/duck-session';
import type { DuckSession, SqlRow } from '../engine/duck-session';
import { InputError } from '../inputs/input-problem';
import type { TableReader } from '../inputs/read-table';
import type { LocalCopy, ObjectStore } from '../stores/object-store';
import { textList } from '../usage/text-columns';
import { sumTooLarge } from '../usage/unreadable-usage';
import type {
  FileTexts,
  FoundLine,
  LineSearch,
  ReadFile,
  UsageEngine,
  UsageSums,
} from '../usage/usage-engine';
import type { AthenaQueries } from './athena-queries';
import { createTable, fileGroups, groupTexts, PATH, raggedRecords, shapeOf } from './file-groups';
import type { FileGroup } from './file-groups';
import { hiveType } from './hive-types';
import { readLargeFile } from './read-large-file';
import type { ScratchColumn, ScratchTables } from './scratch-tables';

/** What an {@link AthenaEngine} works with. */
export interface AthenaEngineOptions {
  readonly queries: AthenaQueries;
  readonly tables: ScratchTables;
  /** A place in S3 of the month's own, which the tables use too. Everything in it is deleted in the end. */
  readonly scratch: ObjectStore;
}

/**
 * Sums usage in Athena, by the statements that DuckDB runs: files that are too large for a function are never copied
 * there, and the sums, of which there is one per account and service, go on as if DuckDB had made them.
 */
export class AthenaEngine implements UsageEngine {
  /** Names of the tables over files, by the files. */
  private readonly sources = new Map<string, string>();
  private results = 0;

  constructor(private readonly options: AthenaEngineOptions) {}

  read(reader: TableReader, _table: string, file: string): Promise<ReadFile> {
    return readLargeFile(reader, file);
  }

  async sum(
    session: DuckSession,
    texts: FileTexts,
    { table, overTexts, kept = (sums) => `SELECT * FROM ${sums} s`, context }: UsageSums,
  ): Promise<void> {
    const relations = await this.relations(session, texts);
    const sums = `${table}_in_athena`;
    // Over no lines, DuckDB tells which columns and types its own sums have.
    await session.run(`CREATE TEMP TABLE ${sums} AS ${overTexts(noLines(texts))}`);
    const named = await this.withTables(session, context);
    try {
      await this.withResults(`${named}${overTexts(relations)}`, (files, parameters) =>
        session.run(`INSERT INTO ${sums} BY NAME SELECT * FROM ${files}`, parameters),
      );
    } catch (error) {
      throw sumTooLarge(texts.table, error) ?? error;
    }
    await session.run(`CREATE TEMP TABLE ${table} AS ${kept(sums)}`);
    await session.run(`DROP TABLE ${sums}`);
  }

  async find(
    session: DuckSession,
    texts: FileTexts,
    { overText, context, most }: LineSearch,
  ): Promise<FoundLine[]> {
    const relations = await this.relations(session, texts, [`${PATH} AS line`]);
    const named = await this.withTables(session, context);
    const found = relations.map(overText).join('\nUNION ALL\n');
    const rows = await this.rows(
      session,
      `${named}SELECT DISTINCT * FROM (${found}) l ORDER BY line LIMIT ${String(most)}`,
    );
    return rows.map((values) => ({ file: fileAt(texts, textIn(values, 'line')), values }));
  }

  /** Removes the month's tables and all that lies in its place in S3. */
  async close(): Promise<void> {
    const { tables, scratch } = this.options;
    await tables.drop();
    for (const { key } of await scratch.list('')) await scratch.delete(key);
  }

  /** Relations of texts, one per group of files. */
  private async relations(
    session: DuckSession,
    texts: FileTexts,
    more: readonly string[] = [],
  ): Promise<string[]> {
    const relations: string[] = [];
    for (const group of fileGroups(texts)) {
      relations.push(groupTexts(group, await this.sourceTable(session, group), more));
    }
    return relations;
  }

  /** The table over a group's files, which is checked when it is created. */
  private async sourceTable(session: DuckSession, group: FileGroup): Promise<string> {
    const key = JSON.stringify([shapeOf(group.files[0]), group.files.map(({ path }) => path)]);
    const known = this.sources.get(key);
    if (known !== undefined) return known;
    const name = await createTable(this.options.tables, group);
    const ragged = raggedRecords(group, name);
    const rows = ragged === undefined ? [] : await this.rows(session, ragged);
    if (rows.length > 0) throw new InputError(rows.map((row) => raggedProblem(group, row)));
    this.sources.set(key, name);
    return name;
  }

  /** A WITH clause that gives the session's tables of these names to a statement in Athena. */
  private async withTables(session: DuckSession, context: readonly string[]): Promise<string> {
    const parts: string[] = [];
    for (const table of context) {
      parts.push(`${table} AS (SELECT * FROM "${await this.copyOfTable(session, table)}")`);
    }
    return parts.length === 0 ? '' : `WITH ${parts.join(',\n')}\n`;
  }

  private async copyOfTable(session: DuckSession, table: string): Promise<string> {
    const described = await session.rows(`DESCRIBE ${table}`);
    const columns = described.map((row): ScratchColumn => {
      const [name, type] = [textIn(row, 'column_name'), textIn(row, 'column_type')];
      const hive = hiveType(type);
      if (hive === undefined) throw new Error(`${table}.${name} is a ${type}, which Athena does not read`);
      return [name, hive];
    });
    const path = join(session.scratch, `${randomUUID()}.parquet`);
    try {
      await session.run(`COPY ${table} TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`);
      return await this.options.tables.ofFile(path, columns);
    } finally {
      await rm(path, { force: true });
    }
  }

  private async rows(session: DuckSession, select: string): Promise<SqlRow[]> {
    const rows: SqlRow[] = [];
    await this.withResults(select, async (files, parameters) => {
      rows.push(...(await session.rows(`SELECT * FROM ${files}`, parameters)));
    });
    return rows;
  }

  /** Runs a statement and hands its results over as a relation; nothing is handed over where there are none. */
  private async withResults(
    select: string,
    work: (files: string, parameters: readonly string[]) => Promise<void>,
  ): Promise<void> {
    const { queries, scratch } = this.options;
    this.results += 1;
    const folder = `results_${String(this.results)}/`;
    await queries.unload(select, scratch.uri(folder));
    const objects = await scratch.list(folder);
    const copies: LocalCopy[] = [];
    try {
      for (const { key } of objects) copies.push(await scratch.localCopy(key));
      if (copies.length === 0) return;
      const placeholders = copies.map((_, index) => `$${String(index + 1)}`).join(', ');
      await work(
        `read_parquet([${placeholders}])`,
        copies.map(({ path }) => literalPath(path)),
      );
    } finally {
      for (const copy of copies) await copy.release();
    }
  }
}

function raggedProblem({ table, files }: FileGroup, row: SqlRow): InputError['problems'][number] {
  const file = files.find(({ path }) => path === textIn(row, 'path'))?.file ?? textIn(row, 'path');
  const value = `${String(numberIn(row, 'records'))} records`;
  return { table, file, value, expected: 'as many fields in every record as the header has' };
}

function fileAt({ files }: FileTexts, path: string): string {
  return files.find((file) => file.path === path)?.file ?? path;
}

/** Relations like those of the files, without a line. */
function noLines({ files, columnsOf }: FileTexts): string[] {
  return files.slice(0, 1).map((file) => {
    const typeOf = (column: string): string | undefined => file.types?.get(column);
    const list = textList(columnsOf(file), {
      columnOf: (column) => `CAST(NULL AS ${typeOf(column) ?? 'VARCHAR'})`,
      textOf: () => 'CAST(NULL AS VARCHAR)',
      path: 'NULL',
      typeOf,
    });
    return `SELECT ${list.join(', ')} WHERE false`;
  });
}
