import { append } from '../../base/append';
import { CarbonError } from '../../base/carbon-error';
import { errorMessage } from '../../base/error-info';
import { InputError, type InputProblem } from '../../base/input-problem';
import { SHOWN } from '../../base/shown';
import { stopping } from '../../base/stopping';
import { damagedParquet } from '../../estate/parquet-file';
import { literalPath } from '../../sql/dialect';
import { type DuckSession, numberIn, type SqlRow, textIn } from '../../sql/duck-session';
import { csvRelation } from '../../sql/file-relation';
import type { UsageFile } from '../../sql/text-columns';
import type { UsageSource } from './usage-source';

/**
 * Returns an error with the file and record that the engine could not read; undefined where the files are valid. It reads the
 * files once more, which costs time only in a month that fails.
 *
 * @param cause the engine's error
 */
export async function unreadableUsage(
  session: DuckSession,
  { table, files }: Pick<UsageSource, 'table' | 'files'>,
  cause: unknown,
): Promise<InputError | undefined> {
  if (cause instanceof CarbonError) return undefined;
  const problems: InputProblem[] = [];
  let uncounted = 0;
  for (const file of files) {
    const found =
      file.header === undefined
        ? await parquetProblems(session, table, file)
        : await csvProblems(session, table, file, file.header);
    append(problems, found.problems);
    uncounted += found.uncounted;
  }
  return problems.length > 0 ? new InputError(problems, uncounted) : sumTooLarge(table, cause);
}

/** DuckDB's words for a sum and for a cast of a sum, and Trino's. */
const TOO_LARGE =
  /^Out of Range Error|^Conversion Error: Could not cast value -?\d+ to DECIMAL\(38,0\)|NUMERIC_VALUE_OUT_OF_RANGE|Decimal overflow/;

/** Returns the error for sums that no decimal holds; undefined where the engine threw another error. */
export function sumTooLarge(table: string, cause: unknown): InputError | undefined {
  if (!TOO_LARGE.test(errorMessage(cause))) return undefined;
  return new InputError([{ table, expected: 'quantities and revenues whose sums stay below 1e20' }]);
}

interface Found {
  readonly problems: readonly InputProblem[];
  /** Number of further problems. */
  readonly uncounted: number;
}

async function parquetProblems(
  session: DuckSession,
  table: string,
  { file, path, types }: UsageFile,
): Promise<Found> {
  const damage = await damagedParquet(session, path, [...(types?.keys() ?? [])]);
  return { problems: damage === undefined ? [] : [{ table, file, expected: damage }], uncounted: 0 };
}

/** DuckDB skips records that it cannot read when it may store them, and reports the place of each, once per missing field. */
async function csvProblems(
  session: DuckSession,
  table: string,
  { file, path }: UsageFile,
  header: readonly string[],
): Promise<Found> {
  const options =
    ", store_rejects = true, rejects_table = 'reject_error', rejects_scan = 'reject_scan', rejects_limit = 0";
  try {
    await session.rows(`SELECT sum(length(COLUMNS(*))) FROM ${csvRelation(header, '$1', options)}`, [
      literalPath(path),
    ]);
  } catch (error) {
    stopping.throwIfAborted();
    if (error instanceof CarbonError) throw error;
    const expected = 'records as RFC 4180 has them, with one kind of line break throughout';
    return { problems: [{ table, file, expected }], uncounted: 0 };
  }
  const [total] = await session.rows('SELECT COUNT(DISTINCT line) AS n FROM reject_error');
  const rows = await session.rows(
    `SELECT DISTINCT ON (line) CAST(line AS DOUBLE) AS line, CAST(error_type AS VARCHAR) AS kind, error_message
     FROM reject_error ORDER BY line, column_idx LIMIT ${String(SHOWN.lines)}`,
  );
  await session.run('DROP TABLE reject_error');
  await session.run('DROP TABLE reject_scan');
  const problems = rows.map((row) => ({
    table,
    file,
    row: numberIn(row, 'line') - 1,
    expected: expectedInstead(row, header),
  }));
  return { problems, uncounted: numberIn(total, 'n') - rows.length };
}

function expectedInstead(row: SqlRow, header: readonly string[]): string {
  const message = textIn(row, 'error_message');
  const kind = textIn(row, 'kind');
  if (kind === 'INVALID ENCODING') return 'text in UTF-8; it holds other bytes';
  const [, found] = /Found: (\d+)/.exec(message) ?? [];
  if (found !== undefined) return `${String(header.length)} fields as in the header, found ${found}`;
  if (kind === 'UNQUOTED VALUE') {
    return 'a record as RFC 4180 has it (a quote is not closed, or text follows a closed one)';
  }
  return `a record as RFC 4180 has it (${message.split('\n')[0] ?? kind})`;
}
