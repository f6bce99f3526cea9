import { append } from '../../base/append';
import { defined } from '../../base/defined';
import { InputError, replacedFile } from '../../base/input-problem';
import { CsvFormatError, scanCsv } from '../../estate/csv-file';
import { sha256Of } from '../../estate/file-content';
import { parquetColumns, parquetStatistics } from '../../estate/parquet-file';
import { plainCsv } from '../../estate/plain-csv';
import { literalPath } from '../../sql/dialect';
import { type DuckSession, numberIn } from '../../sql/duck-session';
import { fileRelation, fileTexts, pathsOf } from '../../sql/file-relation';
import type { UsageFile } from '../../sql/text-columns';
import { unreadableUsage } from './unreadable-usage';
import { allSums, type FoundLine, type ReadFile, type UsageEngine } from './usage-engine';

/** DuckDB in this process, over local copies of the files. */
export const DUCK_ENGINE: UsageEngine = {
  filesAtOnce: 1,
  hasTextCodes: true,
  hasWideIntegers: true,
  read: async ({ store, session }, table, file) => {
    const original = await store.localCopy(file);
    try {
      const copy = await plainCsv(original, session.scratch);
      const { path, form } = copy;
      const content = await scanContent(session, file, path);
      const statistics = content.types && (await statisticsOf(session, path, content.types));
      return { file, path, copy, ...defined({ form }), ...statistics, ...content };
    } catch (error) {
      if (error instanceof CsvFormatError && !(await original.isCurrent())) {
        throw new InputError([replacedFile(table, file)]);
      }
      throw error;
    }
  },
  sum: async (session, texts, { columns, overTexts, kept = allSums }) => {
    try {
      return await session.table(columns, kept(`(${overTexts(fileTexts(texts))})`), pathsOf(texts));
    } catch (error) {
      throw (await unreadableUsage(session, texts, error)) ?? error;
    }
  },
  find: async (session, { files, columnsOf }, { overText, most }) => {
    const found: FoundLine[] = [];
    for (const file of files) {
      if (found.length >= most) break;
      const texts = fileRelation(file, columnsOf(file), '$1', true);
      // A line that is divided over several clusters is found once.
      const rows = await session.rows(
        `SELECT DISTINCT ON (line) * FROM (${overText(texts)}) l ORDER BY line LIMIT ${String(most - found.length)}`,
        [literalPath(file.path)],
      );
      append(
        found,
        rows.map((values) => ({ file: file.file, row: numberIn(values, 'line'), values })),
      );
    }
    return found;
  },
};

/** What the statistics of a Parquet file say of its columns of texts, of times and of doubles. */
async function statisticsOf(
  session: DuckSession,
  path: string,
  types: ReadonlyMap<string, string>,
): Promise<Pick<UsageFile, 'constants' | 'times' | 'largest'>> {
  const { constants, ...others } = await parquetStatistics(session, path);
  return {
    ...others,
    constants: new Map([...constants].filter(([column]) => types.get(column) === 'VARCHAR')),
  };
}

/**
 * Reads a file of usage, of bills or of AWS's export once.
 *
 * @throws CsvFormatError when it is damaged
 */
export async function scanContent(
  session: DuckSession,
  file: string,
  path: string,
): Promise<Pick<ReadFile, 'sha256' | 'records' | 'header' | 'types'>> {
  if (!file.endsWith('.parquet')) return scanCsv(path);
  const types = await parquetColumns(session, path);
  return { sha256: await sha256Of(path), records: await parquetRows(session, path), types };
}

/** Returns the number of rows of a Parquet file, by its metadata. */
export async function parquetRows(session: DuckSession, path: string): Promise<number> {
  const [total] = await session.rows('SELECT COUNT(*) AS n FROM read_parquet($1)', [literalPath(path)]);
  return numberIn(total, 'n');
}
