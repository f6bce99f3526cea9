import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { literalPath } from '../../sql/dialect';
import { type DuckSession, textIn } from '../../sql/duck-session';

/** A record of a file by column name, every value as its text in the file; null is ''. */
export type TextRecord<Column extends string> = Readonly<Record<Column, string>>;

/**
 * Returns the records of a CSV file (gzip or not) or a Parquet file in their order. This second, simple reader is
 * independent of the one that the calculation uses, and reads files that the calculation has accepted.
 *
 * @param columns names of columns that the file has
 * @param optional names of columns that the file may lack; they are then blank
 */
export function textRecords<Column extends string>(
  session: DuckSession,
  path: string,
  columns: readonly Column[],
  optional: readonly Column[] = [],
): AsyncGenerator<TextRecord<Column>> {
  return path.endsWith('.parquet')
    ? parquetRecords(session, path, columns, optional)
    : csvRecords(path, columns, optional);
}

async function* csvRecords<Column extends string>(
  path: string,
  required: readonly Column[],
  optional: readonly Column[],
): AsyncGenerator<TextRecord<Column>> {
  const columns = [...required, ...optional];
  let positions: readonly number[] | undefined;
  for await (const fields of csvLines(path)) {
    if (positions === undefined) {
      // The run reads names in capitals too.
      const names = fields.map((name) => name.toLowerCase());
      positions = columns.map((column) => names.indexOf(column));
      const missing = required.find((column) => !names.includes(column));
      if (missing !== undefined) throw new Error(`${path} has no column ${missing}`);
      continue;
    }
    const at = positions;
    const cells = columns.map((column, index) => [column, fields[at[index] ?? -1] ?? '']);
    // Each column has a text; the type of fromEntries does not show it.
    yield Object.fromEntries(cells) as TextRecord<Column>;
  }
}

/** Returns the header of a CSV file; empty where the file is empty. */
export async function csvHeader(path: string): Promise<readonly string[]> {
  for await (const fields of csvLines(path)) return fields;
  return [];
}

/** The lines of a CSV file as fields, the header first. */
async function* csvLines(path: string): AsyncGenerator<readonly string[]> {
  const parser = parse({
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n', '\r'],
  });
  const file = createReadStream(path, { highWaterMark: 1 << 20 });
  const source = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  for (const stream of [file, source]) stream.on('error', (error: Error) => parser.destroy(error));
  const lines: AsyncIterable<string[]> = source.pipe(parser);
  try {
    yield* lines;
  } finally {
    // A reader of the header alone leaves the rest of the file unread; destroying the parser does not close the file.
    file.destroy();
    source.destroy();
  }
}

async function* parquetRecords<Column extends string>(
  session: DuckSession,
  path: string,
  required: readonly Column[],
  optional: readonly Column[],
): AsyncGenerator<TextRecord<Column>> {
  const columns = [...required, ...optional];
  const present = optional.length === 0 ? new Set<string>() : await parquetNames(session, path);
  const list = columns.map((column) =>
    required.includes(column) || present.has(column)
      ? `coalesce(CAST("${column}" AS VARCHAR), '') AS "${column}"`
      : `'' AS "${column}"`,
  );
  const sql = `SELECT ${list.join(', ')} FROM read_parquet($1, hive_partitioning = false)`;
  for await (const rows of session.chunks(sql, [literalPath(path)])) {
    for (const row of rows) {
      yield Object.fromEntries(columns.map((column) => [column, textIn(row, column)])) as TextRecord<Column>;
    }
  }
}

async function parquetNames(session: DuckSession, path: string): Promise<ReadonlySet<string>> {
  const rows = await session.rows('DESCRIBE SELECT * FROM read_parquet($1, hive_partitioning = false)', [
    literalPath(path),
  ]);
  return new Set(rows.map((row) => textIn(row, 'column_name').toLowerCase()));
}
