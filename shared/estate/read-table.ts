import { stat } from 'node:fs/promises';
import { append } from '../base/append';
import { defined } from '../base/defined';
import { type InputProblem, replacedFile } from '../base/input-problem';
import type { DuckSession } from '../sql/duck-session';
import type { InputStore, LocalCopy } from '../stores/object-store';
import { CsvFormatError, readCsv, tooLarge } from './csv-file';
import { copiesAmong, type FileContent, type RawTable, sha256Of } from './file-content';
import { headerProblems } from './header';
import { idsAsNumbers, parquetColumns, parquetRecords, parquetTextSize } from './parquet-file';
import { type PlainCopy, plainCsv } from './plain-csv';
import { TableColumns } from './table-columns';
import { duplicateKeys, type LocatedRow, locatedRows } from './table-rows';
import { requiredColumns, type TableSpec } from './table-spec';

/** A table as read: its valid rows in the order of its files, the problems of the others, and the hashes of its files. */
export interface TableContent<Row> {
  readonly rows: readonly LocatedRow<Row>[];
  readonly problems: readonly InputProblem[];
  readonly files: readonly FileContent[];
  /** Columns of the table that a file has. */
  readonly header: ReadonlySet<string>;
}

/** A table as read, by column. */
export interface ColumnsContent<Row> extends Omit<TableContent<Row>, 'rows'> {
  readonly columns: TableColumns<Row>;
}

/** Returns a table without rows. */
export function emptyTable(problems: readonly InputProblem[] = []): TableContent<never> {
  return { rows: [], problems, files: [], header: new Set() };
}

/** What reading tables needs. */
export interface TableReader {
  readonly store: InputStore;
  readonly session: DuckSession;
}

/** Largest uncompressed size of a table's files that is read into memory: about 10 million short rows. */
const TABLE_BYTES = 256 << 20;

/** How often a file that is replaced while it is read is read again. */
const READINGS = 3;

/**
 * Reads all files of a small table into memory, up to 256 MiB, and checks every record. Problems are returned, not thrown: the caller
 * decides which months they stop.
 */
export async function readTable<Row>(
  reader: TableReader,
  spec: TableSpec<Row>,
  files: readonly string[],
): Promise<TableContent<Row>> {
  const { columns, ...content } = await readColumns(reader, spec, files);
  return { ...content, rows: locatedRows(columns) };
}

/** Returns the same by column, for a table that may have hundreds of thousands of rows. */
export async function readColumns<Row>(
  reader: TableReader,
  spec: TableSpec<Row>,
  files: readonly string[],
): Promise<ColumnsContent<Row>> {
  const problems: InputProblem[] = [];
  const columns = new TableColumns(spec);
  const contents: FileContent[] = [];
  const withRecords: FileContent[] = [];
  const names = new Set<string>();
  let bytes = 0;
  for (const file of files) {
    const { raw, problems: found } = await readStable(reader, spec, { file, limit: TABLE_BYTES - bytes });
    append(problems, found);
    if (raw === undefined) continue;
    bytes += raw.bytes;
    const added = columns.add(raw);
    append(problems, added.problems);
    const content = { file, sha256: raw.sha256, ...defined({ form: raw.form }) };
    contents.push(content);
    if (added.records > 0) withRecords.push(content);
    for (const name of raw.header) names.add(name);
  }
  return {
    columns,
    problems: [...problems, ...copiesAmong(spec.name, withRecords), ...duplicateKeys(columns)],
    files: contents,
    header: names,
  };
}

/** A file to read, and the number of bytes that its uncompressed content may have. */
interface FileToRead {
  readonly file: string;
  readonly limit: number;
}

/** The content of a file, and its uncompressed size. */
interface FileRecords extends Omit<RawTable, 'file'> {
  readonly bytes: number;
  /** DuckDB types by column name in small letters, where the format has types. */
  readonly types?: ReadonlyMap<string, string>;
}

interface ReadFile {
  /** Absent where the file cannot be used. */
  readonly raw?: RawTable & { readonly bytes: number };
  readonly problems: readonly InputProblem[];
}

/** Reads a file again when it was replaced while it was read. */
async function readStable(
  reader: TableReader,
  spec: TableSpec<unknown>,
  toRead: FileToRead,
): Promise<ReadFile> {
  for (let reading = 1; reading <= READINGS; reading += 1) {
    const copy = await reader.store.localCopy(toRead.file);
    try {
      const read = await readCopy(reader, spec, toRead, copy);
      if (await copy.isCurrent()) return read;
    } finally {
      await copy.release();
    }
  }
  return { problems: [replacedFile(spec.name, toRead.file)] };
}

async function readCopy(
  { session }: TableReader,
  spec: TableSpec<unknown>,
  toRead: FileToRead,
  original: LocalCopy,
): Promise<ReadFile> {
  const place = { table: spec.name, file: toRead.file };
  let copy: PlainCopy = original;
  try {
    copy = await plainCsv(original, session.scratch);
    const { path } = copy;
    const read: FileRecords = toRead.file.endsWith('.parquet')
      ? await readParquet(session, spec, { path, limit: toRead.limit })
      : await readCsv(path, toRead.limit);
    const header = namedAs(spec.columns, read.header);
    const unusable = headerProblems(place, requiredColumns(spec), header);
    const problems = [...unusable, ...idsAsNumbers(place, spec.columns, read.types ?? new Map())];
    return unusable.length > 0
      ? { problems }
      : { raw: { ...read, file: toRead.file, header, ...defined({ form: copy.form }) }, problems };
  } catch (error) {
    if (!(error instanceof CsvFormatError)) throw error;
    return { problems: [{ ...place, ...defined({ row: error.row }), expected: error.expected }] };
  } finally {
    await copy.release();
  }
}

/** Column names as the table has them: databases such as Snowflake write them in capitals. */
function namedAs(columns: readonly string[], header: readonly string[]): string[] {
  return header.map((name) => columns.find((column) => column === name.toLowerCase()) ?? name);
}

async function readParquet(
  session: DuckSession,
  spec: TableSpec<unknown>,
  { path, limit }: { readonly path: string; readonly limit: number },
): Promise<FileRecords> {
  const sha256 = await sha256Of(path);
  const types = await parquetColumns(session, path);
  const present = [...types.keys()].filter((column) => spec.columns.includes(column.toLowerCase()));
  if (present.length === 0) return { header: [], records: [], sha256, bytes: 0 };
  const bytes = Math.max(await parquetTextSize(session, path, present), (await stat(path)).size);
  if (bytes > limit) throw tooLarge(bytes, limit);
  const lowerCase = new Map([...types].map(([column, type]) => [column.toLowerCase(), type]));
  return {
    header: present,
    records: await parquetRecords(session, path, present),
    sha256,
    bytes,
    types: lowerCase,
  };
}
