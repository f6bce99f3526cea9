import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { append } from '../../base/append';
import { compareText } from '../../base/group';
import { InputError } from '../../base/input-problem';
import type { TableReader } from '../../estate/read-table';
import { DUCK_FILE_PATH, literalPath, quotedName, textLiteral, TRINO } from '../../sql/dialect';
import { type DuckSession, numberIn, type SqlRow, textIn } from '../../sql/duck-session';
import { accessOf } from '../../sql/file-relation';
import type { ColumnTypes, Relation } from '../../sql/relation';
import { summedTexts } from '../../sql/summed-texts';
import { csvColumn, selectTexts } from '../../sql/text-columns';
import type { LocalCopy, ObjectStore } from '../../stores/object-store';
import { sumTooLarge } from '../lines/unreadable-usage';
import {
  allSums,
  type FileTexts,
  type FoundLine,
  type LineSearch,
  type ReadFile,
  type UsageEngine,
  type UsageSums,
} from '../lines/usage-engine';
import type { AthenaQueries } from './athena-queries';
import { createTable, type FileGroup, fileGroups, groupTexts, raggedRecords, shapeOf } from './file-groups';
import { hiveType } from './hive-types';
import { readLargeFile } from './read-large-file';
import type { ScratchColumn, ScratchTables } from './scratch-tables';

/** What an {@link AthenaEngine} works with. */
export interface AthenaEngineOptions {
  readonly queries: AthenaQueries;
  readonly tables: ScratchTables;
  /** A separate place in S3 for the month, which the tables use too. Everything in it is deleted in the end. */
  readonly scratch: ObjectStore;
}

/**
 * Sums usage in Athena, by the statements that DuckDB runs: files that are too large for a function are never copied
 * there. The sums, one per account and service, return to DuckDB.
 */
export class AthenaEngine implements UsageEngine {
  /** There are no copies. */
  readonly filesAtOnce = Infinity;
  /** Names of the tables over files, by the files and their content. */
  private readonly sources = new Map<string, string>();
  /** Hashes of files when they were last read, by their address. */
  private readonly contents = new Map<string, string>();
  private results = 0;

  constructor(private readonly options: AthenaEngineOptions) {}

  async read(reader: TableReader, _table: string, file: string): Promise<ReadFile> {
    const read = await readLargeFile(reader, file);
    this.contents.set(read.path, read.sha256);
    return read;
  }

  async sum<Columns extends ColumnTypes>(
    session: DuckSession,
    texts: FileTexts,
    { columns, overTexts, kept = allSums, context }: UsageSums<Columns>,
  ): Promise<Relation<Columns>> {
    const relations = await this.relations(session, texts);
    // DuckDB's own sums over no lines have the columns and types of the relation.
    const sums = await session.tableOf(overTexts(noLines(texts)));
    const select = await this.withTables(session, context, overTexts(relations));
    try {
      await this.withResults(select, (files, parameters) =>
        session.run(`INSERT INTO ${sums.table} BY NAME SELECT * FROM ${files}`, parameters),
      );
    } catch (error) {
      throw sumTooLarge(texts.table, error) ?? error;
    }
    const relation = await session.table(columns, kept(sums.table));
    await session.drop(sums);
    return relation;
  }

  async find(
    session: DuckSession,
    texts: FileTexts,
    { overText, context, most }: LineSearch,
  ): Promise<FoundLine[]> {
    const relations = await this.relations(session, texts, TRINO.filePath);
    const found = relations.map(overText).join('\nUNION ALL\n');
    const lines = `SELECT DISTINCT * FROM (${found}) l ORDER BY line LIMIT ${String(most)}`;
    const rows = await this.rows(session, await this.withTables(session, context, lines));
    // Files of results come in any order.
    const ordered = rows.map((values) => ({
      file: fileAt(texts, textIn(values, 'line')),
      values,
      key: keyOf(values),
    }));
    ordered.sort((a, b) => compareText(a.file, b.file) || compareText(a.key, b.key));
    return ordered.map(({ file, values }) => ({ file, values }));
  }

  /** Removes the month's tables and all objects of its place in S3. */
  async close(): Promise<void> {
    const { tables, scratch } = this.options;
    try {
      await tables.drop();
    } finally {
      for (const { key } of await scratch.list('')) await scratch.delete(key);
    }
  }

  /** Relations of texts, one per group of files, with SQL of a further column `line` where that is passed. */
  private async relations(session: DuckSession, texts: FileTexts, line?: string): Promise<string[]> {
    const relations: string[] = [];
    for (const group of fileGroups(texts)) {
      relations.push(groupTexts(group, await this.sourceTable(session, group), line));
    }
    return relations;
  }

  /** The table over a group's files, which is checked when it is created. */
  private async sourceTable(session: DuckSession, group: FileGroup): Promise<string> {
    const contents = group.files.map(({ path }) => [path, this.contents.get(path)]);
    const key = JSON.stringify([shapeOf(group.files[0]), contents]);
    const known = this.sources.get(key);
    if (known !== undefined) return known;
    const name = await createTable(this.options.tables, group);
    const ragged = raggedRecords(group, name);
    const rows = ragged === undefined ? [] : await this.rows(session, ragged);
    if (rows.length > 0) throw new InputError(rows.map((row) => raggedProblem(group, row)));
    this.sources.set(key, name);
    return name;
  }

  /** A statement that can refer to these relations. It begins with SELECT, as UNLOAD is documented. */
  private async withTables(
    session: DuckSession,
    context: readonly Relation[],
    statement: string,
  ): Promise<string> {
    const parts: string[] = [];
    for (const relation of context) {
      const copy = await this.copyOf(session, relation);
      parts.push(`${relation.table} AS (SELECT * FROM ${quotedName(copy)})`);
    }
    if (parts.length === 0) return statement;
    return `SELECT * FROM (\nWITH ${parts.join(',\n')}\n${statement}\n) unloaded`;
  }

  /** Copies a relation to S3. Returns the name of the scratch table over the copy. */
  private async copyOf(session: DuckSession, relation: Relation): Promise<string> {
    const columns = Object.entries(relation.columns).map(([name, type]): ScratchColumn => {
      const hive = hiveType(type);
      if (hive === undefined) throw new Error(`${name} is a ${type}, which Athena does not read`);
      return [name, hive];
    });
    const path = join(session.scratch, `${randomUUID()}.parquet`);
    try {
      await session.run(`COPY ${relation.table} TO ${textLiteral(path)} (FORMAT parquet)`);
      return await this.options.tables.ofFile(path, columns);
    } finally {
      await rm(path, { force: true });
    }
  }

  private async rows(session: DuckSession, select: string): Promise<SqlRow[]> {
    const rows: SqlRow[] = [];
    await this.withResults(select, async (files, parameters) => {
      append(rows, await session.rows(`SELECT * FROM ${files}`, parameters));
    });
    return rows;
  }

  /** Runs a statement and calls `work` with a relation of its results; does not call it where there are no results. */
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

/** A row as a text, to be ordered by. */
function keyOf(values: SqlRow): string {
  return Object.values(values).map(String).join('\n');
}

function fileAt({ files }: FileTexts, path: string): string {
  return files.find((file) => file.path === path)?.file ?? path;
}

/** Relations like those of the files, without a line. */
function noLines({ files, columnsOf, summed }: FileTexts): string[] {
  return files.slice(0, 1).map((file) => {
    const { header, types = new Map<string, string>() } = file;
    const columns =
      header === undefined
        ? [...types].map(([name, type]) => `CAST(NULL AS ${type}) AS ${quotedName(name)}`)
        : header.map((_, position) => `CAST(NULL AS VARCHAR) AS ${csvColumn(position)}`);
    const path = `CAST(NULL AS VARCHAR) AS ${DUCK_FILE_PATH}`;
    const from = `(SELECT ${[...columns, path].join(', ')} WHERE false) no_line`;
    const access = accessOf(file);
    if (summed !== undefined) return summedTexts(columnsOf(file), access, from, summed);
    return selectTexts(columnsOf(file), access, from);
  });
}
