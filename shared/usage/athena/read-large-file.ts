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
 * Streams a file once for its hash and columns, checks it for damage, and stores nothing of it. So a function can read files
 * that are too large for its disk.
 *
 * @throws CsvFormatError when it is damaged, or a CSV file that Athena would read differently
 */
export async function readLargeFile({ store, session }: TableReader, file: string): Promise<ReadFile> {
  return retryTransient(async () => {
    const { body, size, isCurrent } = await store.stream(file);
    const { stream, bytes, isOver } = counting(body);
    const reading = file.endsWith('.parquet') ? readParquet(session, stream) : readCsv(stream, isGzip(file));
    const content = await reading.catch((error: unknown) => {
      // A stream that breaks off looks damaged at its end; an error before the end is damage.
      const isCutOff = isOver() && bytes() < size;
      if (!isCutOff || !(error instanceof CsvFormatError)) throw error;
    });
    if (content === undefined || bytes() !== size) throw truncatedDownload(store.uri(file), bytes());
    // The file has no local copy, so nothing has to be released.
    const copy = { isCurrent, release: () => Promise.resolve() };
    return { file, path: store.uri(file), copy, ...content };
  });
}

/** Returns a stream of the same bytes that counts them and reports its end. */
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
      'no line break inside quotes: Athena reads every line as a record (Parquet has no lines)',
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
