import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { errorMessage } from '../base/error-info';
import { type InputProblem, replacedFile } from '../base/input-problem';
import { literalPath, quotedName } from '../sql/dialect';
import { type DuckSession, textIn } from '../sql/duck-session';
import type { InputStore, LocalCopy } from '../stores/object-store';
import { CsvFormatError, missingColumns, readCsv, scanCsv } from './csv-file';
import type { RawRecord, TableSpec } from './table-spec';

/** A typed row with the place it was read from. */
export interface LocatedRow<Row> {
  readonly value: Row;
  readonly file: string;
  /** Record of the file, counted from 1, header excluded. */
  readonly row: number;
}

/** A table as read: its sound rows in the order of its files, what is wrong with the others, and its content's hashes. */
export interface TableContent<Row> {
  readonly rows: readonly LocatedRow<Row>[];
  readonly problems: readonly InputProblem[];
  readonly files: readonly FileContent[];
}

/** A file and the SHA-256 of its content: of the uncompressed text for CSV, of the bytes for Parquet. */
export interface FileContent {
  readonly file: string;
  readonly sha256: string;
}

interface RawTable extends FileContent {
  readonly header: readonly string[];
  readonly records: readonly (readonly string[])[];
}

/** A Parquet file by its content alone: `name=value` in the folders above it is no column. */
const PARQUET_FILE = 'read_parquet($1, hive_partitioning = false)';

/** What reading tables needs. */
export interface TableReader {
  readonly store: InputStore;
  readonly session: DuckSession;
}

/**
 * Reads all files of a small table into memory and checks every record. Problems are collected, never thrown: the
 * caller decides which months they stop.
 */
export async function readTable<Row>(
  reader: TableReader,
  spec: TableSpec<Row>,
  files: readonly string[],
): Promise<TableContent<Row>> {
  const problems: InputProblem[] = [];
  const rows: LocatedRow<Row>[] = [];
  const contents: RawTable[] = [];
  for (const file of files) {
    const raw = await readRaw(reader, spec, file, problems);
    if (raw === undefined) continue;
    contents.push(raw);
    rows.push(...typedRows(spec, raw, problems));
  }
  problems.push(...duplicateFiles(spec.name, contents), ...duplicateKeys(spec, rows));
  return { rows, problems, files: contents.map(({ file, sha256 }) => ({ file, sha256 })) };
}

const NO_TYPES: ReadonlyMap<string, string> = new Map();

/** How often a file is read that is replaced while it is read. */
const READINGS = 3;

async function readRaw(
  reader: TableReader,
  spec: TableSpec<unknown>,
  file: string,
  problems: InputProblem[],
): Promise<RawTable | undefined> {
  for (let reading = 1; ; reading += 1) {
    const found: InputProblem[] = [];
    const copy = await reader.store.localCopy(file);
    try {
      const raw = await readCopy(reader, spec, file, copy, found);
      if (await copy.isCurrent()) {
        problems.push(...found);
        return raw;
      }
      if (reading === READINGS) {
        problems.push(replacedFile(spec.name, file));
        return undefined;
      }
    } finally {
      await copy.release();
    }
  }
}

async function readCopy(
  { session }: TableReader,
  spec: TableSpec<unknown>,
  file: string,
  copy: LocalCopy,
  problems: InputProblem[],
): Promise<RawTable | undefined> {
  const { name: table } = spec;
  try {
    const raw: ParquetContent = file.endsWith('.parquet')
      ? await readParquet(session, spec, copy)
      : await readCsv(copy.path);
    const missing = missingColumns(spec, raw.header);
    problems.push(
      ...missing.map((column) => ({ table, file, column, expected: 'the column to be there' })),
      ...idsAsNumbers(table, file, spec.columns, raw.types ?? NO_TYPES),
    );
    return missing.length > 0 ? undefined : { file, ...raw };
  } catch (error) {
    if (!(error instanceof CsvFormatError)) throw error;
    const place = error.row === undefined ? {} : { row: error.row };
    problems.push({ table, file, ...place, expected: error.expected });
    return undefined;
  }
}

interface ParquetContent extends Omit<RawTable, 'file'> {
  /** DuckDB types by column. */
  readonly types?: ReadonlyMap<string, string>;
}

async function readParquet(
  session: DuckSession,
  spec: TableSpec<unknown>,
  copy: LocalCopy,
): Promise<ParquetContent> {
  const sha256 = await sha256Of(copy.path);
  const types = await parquetColumns(session, copy.path);
  const present = spec.columns.filter((column) => types.has(column));
  if (present.length === 0) return { header: [], records: [], sha256 };
  const damage = await damagedParquet(session, copy.path, present);
  if (damage !== undefined) throw new CsvFormatError(damage);
  const list = present.map((column) => `coalesce(CAST(${column} AS VARCHAR), '') AS ${column}`);
  const rows = await session.rows(`SELECT ${list.join(', ')} FROM ${PARQUET_FILE}`, [literalPath(copy.path)]);
  const records = rows.map((row) => present.map((column) => textIn(row, column)));
  return { header: present, records, sha256, types };
}

/** Columns that hold account ids as numbers, in a file whose columns have types. */
export function idsAsNumbers(
  table: string,
  file: string,
  columns: readonly string[],
  types: ReadonlyMap<string, string>,
): InputProblem[] {
  return columns.flatMap((column): InputProblem[] => {
    const type = types.get(column);
    if (type === undefined || type === 'VARCHAR' || !/account_?id$/i.test(column)) return [];
    const expected = 'a text column: a number loses the leading zeros of an account id';
    return [{ table, file, column, value: type, expected }];
  });
}

/**
 * Names and DuckDB types of a Parquet file's columns.
 *
 * @throws CsvFormatError when the file is truncated or no Parquet
 */
export async function parquetColumns(session: DuckSession, path: string): Promise<Map<string, string>> {
  try {
    const rows = await session.rows(`DESCRIBE SELECT * FROM ${PARQUET_FILE}`, [literalPath(path)]);
    return new Map(rows.map((row) => [textIn(row, 'column_name'), textIn(row, 'column_type')]));
  } catch (error) {
    throw new CsvFormatError(damageOf(error, path));
  }
}

/** What is wrong with the pages of these columns of a Parquet file, whose footer may be sound all the same. */
export async function damagedParquet(
  session: DuckSession,
  path: string,
  columns: readonly string[],
): Promise<string | undefined> {
  const lengths = columns.map((column) => `sum(length(CAST(${quotedName(column)} AS VARCHAR)))`);
  try {
    await session.rows(`SELECT ${lengths.join(', ')} FROM ${PARQUET_FILE}`, [literalPath(path)]);
    return undefined;
  } catch (error) {
    return damageOf(error, path);
  }
}

function damageOf(error: unknown, path: string): string {
  const [reason = ''] = errorMessage(error).replaceAll(path, 'the file').split('\n');
  return `a whole Parquet file; it is truncated or damaged (${reason})`;
}

/**
 * The hash of a file's content, whether or not the file is sound: damage is told when the file is read.
 */
export async function contentOf({ store }: TableReader, file: string): Promise<FileContent> {
  const copy = await store.localCopy(file);
  try {
    const sha256 = file.endsWith('.parquet') ? await sha256Of(copy.path) : (await scanCsv(copy.path)).sha256;
    return { file, sha256 };
  } catch (error) {
    if (!(error instanceof CsvFormatError)) throw error;
    return { file, sha256: 'damaged' };
  } finally {
    await copy.release();
  }
}

/** SHA-256 of a file's bytes. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

function typedRows<Row>(spec: TableSpec<Row>, raw: RawTable, problems: InputProblem[]): LocatedRow<Row>[] {
  const positions = spec.columns.map((column) => raw.header.indexOf(column));
  const rows: LocatedRow<Row>[] = [];
  raw.records.forEach((fields, index) => {
    const place = { table: spec.name, file: raw.file, row: index + 1 };
    if (fields.length !== raw.header.length) {
      const expected = `${String(raw.header.length)} fields as in the header, found ${String(fields.length)}`;
      problems.push({ ...place, expected });
      return;
    }
    const record: RawRecord = Object.fromEntries(
      spec.columns.map((column, at) => [column, fields[positions[at] ?? -1] ?? '']),
    );
    const parsed = spec.schema.safeParse(record);
    if (parsed.success) rows.push({ value: parsed.data, file: raw.file, row: index + 1 });
    else problems.push(...issuesOf(spec, record, place, parsed.error.issues));
  });
  return rows;
}

function issuesOf(
  spec: TableSpec<unknown>,
  record: RawRecord,
  place: { table: string; file: string; row: number },
  issues: readonly { path: readonly PropertyKey[]; message: string }[],
): InputProblem[] {
  return issues.map(({ path, message }) => {
    const column = String(path[0] ?? '');
    const concerns = spec.concerns === undefined ? {} : { concerns: spec.concerns(record) };
    return { ...place, column, value: record[column] ?? '', expected: message, ...concerns };
  });
}

/** Two files with the same content are a copy: their rows would count twice. Files without records add nothing. */
function duplicateFiles(table: string, contents: readonly RawTable[]): InputProblem[] {
  return copiesAmong(
    table,
    contents.filter(({ records }) => records.length > 0),
  );
}

/** One problem for every file whose content equals that of an earlier one. */
export function copiesAmong(table: string, contents: readonly FileContent[]): InputProblem[] {
  const first = new Map<string, string>();
  return contents.flatMap(({ file, sha256 }) => {
    const original = first.get(sha256);
    if (original === undefined) {
      first.set(sha256, file);
      return [];
    }
    return [
      { table, file, expected: `content of its own; it is a copy of ${original} and would count twice` },
    ];
  });
}

function duplicateKeys<Row>(spec: TableSpec<Row>, rows: readonly LocatedRow<Row>[]): InputProblem[] {
  const { key } = spec;
  if (key === undefined) return [];
  const seen = new Map<string, LocatedRow<Row>>();
  return rows.flatMap((row): InputProblem[] => {
    const record = row.value as Readonly<Record<string, unknown>>;
    const values = key.map((column) => String(record[column]));
    const id = JSON.stringify(values);
    const earlier = seen.get(id);
    if (earlier === undefined) {
      seen.set(id, row);
      return [];
    }
    const raw = Object.fromEntries(Object.entries(record).map(([column, value]) => [column, String(value)]));
    return [
      {
        table: spec.name,
        file: row.file,
        row: row.row,
        column: key.join(' + '),
        value: values.join(' + '),
        expected: `a key of its own; row ${String(earlier.row)} of ${earlier.file} has it too`,
        ...(spec.concerns === undefined ? {} : { concerns: spec.concerns(raw) }),
      },
    ];
  });
}
