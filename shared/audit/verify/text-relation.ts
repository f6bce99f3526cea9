import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { literalPath } from '../../sql/dialect';
import { type DuckSession, numberIn } from '../../sql/duck-session';
import type { Sql } from '../../usage/lines/usage-source';
import { csvHeader } from './text-records';

/**
 * Returns SQL of a CSV file (gzip or not) or a Parquet file with these columns, every value as its text; null is ''.
 * For files that are too large to be read into memory.
 *
 * @param parameter number of the statement's parameter that holds the path
 * @throws Error when a CSV file has no such column
 */
export async function textRelation(
  path: string,
  columns: readonly string[],
  parameter: number,
): Promise<Sql> {
  const parameters = [literalPath(path)];
  if (path.endsWith('.parquet')) {
    const list = columns.map((column) => `coalesce(CAST("${column}" AS VARCHAR), '') AS "${column}"`);
    return { sql: `SELECT ${list.join(', ')} FROM ${parquetFile(parameter)}`, parameters };
  }
  const header = (await csvHeader(path)).map((name) => name.toLowerCase());
  const missing = columns.find((column) => !header.includes(column));
  if (missing !== undefined) throw new Error(`${path} has no column ${missing}`);
  const list = columns.map((column) => `coalesce(f${String(header.indexOf(column))}, '') AS "${column}"`);
  return { sql: `SELECT ${list.join(', ')} FROM ${csvFile(header.length, parameter)}`, parameters };
}

/** SQL of a Parquet file. */
export function parquetFile(parameter: number): string {
  return `read_parquet($${String(parameter)}, hive_partitioning = false)`;
}

/** SQL of a CSV file's fields as texts f0, f1, … */
export function csvFile(fields: number, parameter: number): string {
  const types = Array.from({ length: fields }, (_, index) => `'f${String(index)}': 'VARCHAR'`);
  return `read_csv($${String(parameter)}, columns = {${types.join(', ')}}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', hive_partitioning = false)`;
}

/**
 * Returns the number of records of a file, without its header: of Parquet from its metadata, of CSV counted byte by byte,
 * independently of the engine's CSV reader.
 */
export async function countRecords(session: DuckSession, path: string): Promise<number> {
  if (!path.endsWith('.parquet')) return Math.max(0, (await countLines(path)) - 1);
  const [total] = await session.rows(`SELECT CAST(COUNT(*) AS DOUBLE) AS n FROM ${parquetFile(1)}`, [
    literalPath(path),
  ]);
  return numberIn(total, 'n');
}

const [LF, CR, QUOTE, COMMA] = [10, 13, 34, 44];

/** Lines of a CSV file that are not blank; a line end in quotes does not count. */
async function countLines(path: string): Promise<number> {
  const file = createReadStream(path, { highWaterMark: 1 << 20 });
  const gunzip = path.endsWith('.gz') ? createGunzip() : undefined;
  if (gunzip !== undefined) file.on('error', (error) => gunzip.destroy(error));
  const bytes: AsyncIterable<Buffer> = gunzip === undefined ? file : file.pipe(gunzip);
  let [lines, length, previous, inQuotes] = [0, 0, COMMA, false];
  for await (const chunk of bytes) {
    for (const byte of chunk) {
      if (inQuotes) {
        inQuotes = byte !== QUOTE;
      } else if (byte === LF || byte === CR) {
        if (length > 0) lines += 1;
        length = 0;
        previous = COMMA;
        continue;
      } else if (byte === QUOTE) {
        // A quote begins a quoted field, or is the second of two quotes in one.
        inQuotes = previous === COMMA || previous === QUOTE;
      }
      length += 1;
      previous = byte;
    }
  }
  return length > 0 ? lines + 1 : lines;
}
