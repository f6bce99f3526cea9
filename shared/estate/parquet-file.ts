import { CarbonError } from '../base/carbon-error';
import { errorMessage } from '../base/error-info';
import type { InputProblem } from '../base/input-problem';
import { stopping } from '../base/stopping';
import { literalPath, quotedName } from '../sql/dialect';
import { type DuckSession, numberIn, type SqlRow, textIn } from '../sql/duck-session';
import { CsvFormatError } from './csv-file';

/** A Parquet file without partitions: `name=value` in the folders above it is not a column. */
const PARQUET_FILE = 'read_parquet($1, hive_partitioning = false)';

/**
 * Returns names and DuckDB types of a Parquet file's columns.
 *
 * @throws CsvFormatError when the file is truncated or not Parquet
 */
export async function parquetColumns(session: DuckSession, path: string): Promise<Map<string, string>> {
  const rows = await orDamaged(path, () =>
    session.rows(`DESCRIBE SELECT * FROM ${PARQUET_FILE}`, [literalPath(path)]),
  );
  return new Map(rows.map((row) => [textIn(row, 'column_name'), textIn(row, 'column_type')]));
}

/** What the statistics in the footer of a Parquet file say of its rows. */
export interface ParquetStatistics {
  /** Columns of texts that are the same in all rows. */
  readonly constants: ReadonlyMap<string, { readonly text: string | undefined }>;
  /** Columns of times, and two times between which all of theirs are. */
  readonly times: ReadonlyMap<string, TimeRange>;
  /** Columns of doubles, and a size that none of theirs exceeds. */
  readonly largest: ReadonlyMap<string, number>;
}

/** How statistics write a time. */
const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/;

/** A first and a last time as texts, such as 2026-10-01 00:00:00. */
export interface TimeRange {
  readonly first: string;
  readonly last: string;
}

/**
 * Returns what the statistics of a Parquet file say of its columns. A writer that shortens a long text writes two different
 * limits, so that the text is not a constant.
 */
export async function parquetStatistics(session: DuckSession, path: string): Promise<ParquetStatistics> {
  const rows = await session.rows(
    `SELECT path_in_schema AS name, type, any_value(stats_min_value) AS text,
       bool_and(coalesce(stats_null_count = num_values, false))
         OR (COUNT(DISTINCT stats_min_value) = 1 AND bool_and(coalesce(
           stats_min_value = stats_max_value AND stats_null_count = 0
             AND min_is_exact IS DISTINCT FROM false AND max_is_exact IS DISTINCT FROM false, false))) AS is_constant,
       min(stats_min_value) AS first, max(stats_max_value) AS last,
       max(CASE WHEN type = 'DOUBLE' THEN greatest(abs(TRY_CAST(stats_min_value AS DOUBLE)), abs(TRY_CAST(stats_max_value AS DOUBLE))) END) AS largest,
       bool_and(coalesce(stats_null_count = num_values OR stats_min_value || stats_max_value IS NOT NULL, false)) AS is_bounded
     FROM parquet_metadata($1)
     WHERE type IN ('BYTE_ARRAY', 'INT64', 'DOUBLE')
     GROUP BY name, type
     ORDER BY name`,
    [literalPath(path)],
  );
  const texts = rows.filter((row) => row['type'] === 'BYTE_ARRAY' && row['is_constant'] === true);
  const isTime = (column: string, row: SqlRow): boolean => TIME.test(String(row[column]));
  const times = rows.filter(
    (row) =>
      row['type'] === 'INT64' && row['is_bounded'] === true && isTime('first', row) && isTime('last', row),
  );
  const doubles = rows.filter((row) => row['is_bounded'] === true && typeof row['largest'] === 'number');
  return {
    largest: new Map(doubles.map((row) => [textIn(row, 'name'), numberIn(row, 'largest')])),
    constants: new Map(
      texts.map((row) => [
        textIn(row, 'name'),
        { text: row['text'] === null ? undefined : textIn(row, 'text') },
      ]),
    ),
    times: new Map(
      times.map((row) => [textIn(row, 'name'), { first: textIn(row, 'first'), last: textIn(row, 'last') }]),
    ),
  };
}

/** @throws CsvFormatError when the engine cannot read the file */
async function orDamaged<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    // An interrupted statement, or one without room, says nothing about the file.
    stopping.throwIfAborted();
    if (error instanceof CarbonError) throw error;
    throw new CsvFormatError(damageOf(error, path));
  }
}

/** Returns the records of a Parquet file as texts, nulls as ''. */
export async function parquetRecords(
  session: DuckSession,
  path: string,
  columns: readonly string[],
): Promise<string[][]> {
  const texts = columns.map(
    (column) => `coalesce(CAST(${quotedName(column)} AS VARCHAR), '') AS ${quotedName(column)}`,
  );
  const rows = await session.rows(`SELECT ${texts.join(', ')} FROM ${PARQUET_FILE}`, [literalPath(path)]);
  return rows.map((row) => columns.map((column) => textIn(row, column)));
}

/**
 * Returns the number of characters in these columns of a Parquet file. It reads all of their pages.
 *
 * @throws CsvFormatError when a page is damaged, which the footer does not show
 */
export async function parquetTextSize(
  session: DuckSession,
  path: string,
  columns: readonly string[],
): Promise<number> {
  const lengths = columns.map((column) => `coalesce(sum(length(CAST(${quotedName(column)} AS VARCHAR))), 0)`);
  const sum = `CAST(${lengths.join(' + ')} AS VARCHAR) AS size`;
  const [row] = await orDamaged(path, () =>
    session.rows(`SELECT ${sum} FROM ${PARQUET_FILE}`, [literalPath(path)]),
  );
  return row === undefined ? 0 : Number(textIn(row, 'size'));
}

/** Returns what is wrong with the pages of these columns of a Parquet file, or undefined where they are valid. */
export async function damagedParquet(
  session: DuckSession,
  path: string,
  columns: readonly string[],
): Promise<string | undefined> {
  try {
    await parquetTextSize(session, path, columns);
    return undefined;
  } catch (error) {
    if (error instanceof CsvFormatError) return error.expected;
    throw error;
  }
}

/** Types of numbers that hold every account id exactly, apart from its leading zeros. */
const EXACT_IDS = /^(?:U?(?:BIGINT|HUGEINT)|DOUBLE|DECIMAL\(\d+,0\))$/;

/**
 * Returns a problem for each column with account ids that is not a text column, where the file has types.
 *
 * @param isPadded true where leading zeros are restored, so that numbers are ids too; @default - the table's never are
 */
export function idsAsNumbers(
  place: { readonly table: string; readonly file: string },
  columns: readonly string[],
  types: ReadonlyMap<string, string>,
  isPadded?: boolean,
): InputProblem[] {
  return columns.flatMap((column): InputProblem[] => {
    const type = types.get(column);
    if (type === undefined || type === 'VARCHAR' || !/account_?id$/i.test(column)) return [];
    if (isPadded === true && EXACT_IDS.test(type)) return [];
    const expected = 'a text column: a number loses the leading zeros of an account id';
    const hint = '. The setting pad_account_ids restores them in numbers of 64 bits';
    return [{ ...place, column, value: type, expected: isPadded === undefined ? expected : expected + hint }];
  });
}

function damageOf(error: unknown, path: string): string {
  const [reason = ''] = errorMessage(error).replaceAll(path, 'the file').split('\n');
  return `a whole Parquet file; it is truncated or damaged (${reason})`;
}
