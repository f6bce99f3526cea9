import { createHash, randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { retryTransient } from '../../base/retry';
import { CsvFormatError, isGzip, scanCsvStream } from '../../estate/csv-file';
import { parquetColumns } from '../../estate/parquet-file';
import type { TableReader } from '../../estate/read-table';
import type { DuckSession } from '../../sql/duck-session';
import { truncatedDownload } from '../../stores/s3-errors';
import { parquetRows } from '../lines/duck-engine';
import { EngineRefusal } from '../lines/engine-refusal';
import type { ReadFile } from '../lines/usage-engine';
import { ParquetFooter } from './parquet-footer';
import { QuotedLineBreaks } from './quoted-line-breaks';

/**
 * Reads a file once as it streams by, for its hash, columns and damage, and keeps none of it: what is too large for a
 * function's disk can be read.
 *
 * @throws CsvFormatError when it is damaged, or a CSV file that Athena would read otherwise than it is meant
 */
export async function readLargeFile({ store, session }: TableReader, file: string): Promise<ReadFile> {
  return retryTransient(async () => {
    const { body, size, isCurrent } = await store.stream(file);
    const { stream, bytes, isOver } = counting(body);
    const reading = file.endsWith('.parquet') ? readParquet(session, stream) : readCsv(stream, isGzip(file));
    const content = await reading.catch((error: unknown) => {
      // What breaks off looks damaged at its end; what is given up before that is damaged.
      const isCutOff = isOver() && bytes() < size;
      if (!isCutOff || !(error instanceof CsvFormatError)) throw error;
    });
    if (content === undefined || bytes() !== size) throw truncatedDownload(store.uri(file), bytes());
    // There is no copy of it, so nothing is left when the month is over.
    const copy = { isCurrent, release: () => Promise.resolve() };
    return { file, path: store.uri(file), copy, ...content };
  });
}

/** A stream with the same bytes that tells how many have come, and whether more will. */
function counting(body: Readable): {
  readonly stream: Readable;
  readonly bytes: () => number;
  readonly isOver: () => boolean;
} {
  let bytes = 0;
  let isOver = false;
  async function* chunks(): AsyncGenerator<Buffer> {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      yield chunk;
    }
    isOver = true;
  }
  const stream = Readable.from(chunks(), { objectMode: false });
  return { stream, bytes: () => bytes, isOver: () => isOver };
}

type Content = Omit<ReadFile, 'file' | 'path' | 'copy'>;

async function readCsv(body: Readable, isCompressed: boolean): Promise<Content> {
  const breaks = new QuotedLineBreaks();
  const content = await scanCsvStream(body, isCompressed, (chunk) => {
    breaks.take(chunk);
  });
  if (breaks.found) {
    throw new EngineRefusal(
      'no line break inside quotes: Athena takes every line for a record (Parquet has no lines)',
    );
  }
  return content;
}

async function readParquet(session: DuckSession, body: Readable): Promise<Content> {
  const hash = createHash('sha256');
  const footer = new ParquetFooter();
  for await (const chunk of body as AsyncIterable<Buffer>) {
    hash.update(chunk);
    footer.take(chunk);
  }
  const path = join(session.scratch, `${randomUUID()}.parquet`);
  try {
    await writeFile(path, footer.asFile());
    const types = await parquetColumns(session, path);
    return { sha256: hash.digest('hex'), types, records: await parquetRows(session, path) };
  } finally {
    await rm(path, { force: true });
  }
}
