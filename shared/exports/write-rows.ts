import { rm } from 'node:fs/promises';
import { textLiteral } from '../sql/dialect';
import type { DuckSession, SqlParameters } from '../sql/duck-session';
import { gzipLines } from './gzip-lines';
import type { ExportFormat } from './layout';

/** Writes the rows of a query as a data file. */
export async function writeRows(
  session: DuckSession,
  { query, parameters = [] }: { readonly query: string; readonly parameters?: SqlParameters },
  path: string,
  format: ExportFormat,
): Promise<void> {
  const copyTo = (file: string, options: string): Promise<void> =>
    session.run(`COPY (${query}) TO ${textLiteral(file)} (${options})`, parameters);
  if (format === 'parquet') return copyTo(path, 'FORMAT parquet, COMPRESSION snappy');
  const plain = `${path}.plain`;
  await copyTo(plain, 'FORMAT csv, HEADER true, COMPRESSION none');
  await gzipLines(plain, path);
  await rm(plain);
}
