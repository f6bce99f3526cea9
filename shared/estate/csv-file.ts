import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse/sync';
import { CarbonError } from '../base/carbon-error';
import { errorCode, errorMessage } from '../base/error-info';
import { RecordScan } from './record-scan';

/** A CSV file in memory: its header, its records and the SHA-256 of its uncompressed content. */
export interface CsvContent {
  readonly header: readonly string[];
  /** One by one: all of them would take several times the memory of the text. */
  readonly records: Iterable<readonly string[]>;
  readonly sha256: string;
}

/** A file that is not valid CSV: what was expected, and the record (header excluded) with the error. */
export class CsvFormatError extends CarbonError {
  constructor(
    readonly expected: string,
    readonly row?: number | undefined,
  ) {
    super('input', expected);
  }
}

/** Returns the error of a file that is too large for memory; sizes in bytes, uncompressed. */
export function tooLarge(size: number, limit: number): CsvFormatError {
  const inMib = (bytes: number): string => `${String(Math.ceil(bytes / (1 << 20)))} MiB`;
  return new CsvFormatError(
    `at most ${inMib(Math.max(limit, 0))} of uncompressed content, which is what a table has left for this file; found ${inMib(size)}`,
  );
}

const RFC_4180 = {
  bom: true,
  relax_column_count: true,
  skip_empty_lines: true,
  record_delimiter: ['\r\n', '\n', '\r'],
};

/** How much of a large file is read to find its header. */
const HEADER_BYTES = 1 << 16;

/**
 * Reads a whole CSV file, gzip or not.
 *
 * @param limit largest uncompressed size in bytes
 * @throws CsvFormatError when it is truncated, not UTF-8 or breaks RFC 4180
 */
export async function readCsv(path: string, limit: number): Promise<CsvContent & { readonly bytes: number }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const sha256 = await scan(fileStream(path), isGzip(path), (chunk) => {
    bytes += chunk.length;
    // A small gzip file may have a content that does not fit into memory.
    if (bytes <= limit) chunks.push(chunk);
  });
  if (bytes > limit) throw tooLarge(bytes, limit);
  const content = decode(Buffer.concat(chunks));
  // Without a quote, every separator separates: splitting takes a third of the time of the parser.
  const all = content.includes('"') ? parseRecords(content)[Symbol.iterator]() : splitRecords(content);
  const first = all.next();
  return {
    header: first.done === true ? [] : first.value,
    records: all,
    sha256,
    bytes,
  };
}

/** What is known of a CSV file after one pass over its bytes. */
export interface CsvScan extends Pick<CsvContent, 'header' | 'sha256'> {
  /** Records below the header. */
  readonly records: number;
}

/**
 * Returns the header and SHA-256 of a CSV file of any size. It reads the whole file, so that damage is found.
 *
 * @throws CsvFormatError when it is a truncated gzip file, its header is not CSV, or a record has a NUL byte or over 2 MB
 */
export function scanCsv(path: string): Promise<CsvScan> {
  return scanCsvStream(fileStream(path), isGzip(path));
}

/** Returns true for a file whose name says that it is compressed. */
export function isGzip(file: string): boolean {
  return file.endsWith('.gz');
}

function fileStream(path: string): Readable {
  return createReadStream(path, { highWaterMark: 1 << 20 });
}

/**
 * Returns the same for a file's bytes as they are received.
 *
 * @param onText called with the uncompressed bytes, piece by piece
 */
export async function scanCsvStream(
  source: Readable,
  isCompressed: boolean,
  onText: (chunk: Buffer) => void = () => undefined,
): Promise<CsvScan> {
  const head: Buffer[] = [];
  const recordScan = new RecordScan();
  let bytes = 0;
  const sha256 = await scan(source, isCompressed, (chunk) => {
    const problem = recordScan.take(chunk);
    if (problem !== undefined) throw new CsvFormatError(problem.expected, problem.row);
    if (bytes < HEADER_BYTES) head.push(chunk);
    bytes += chunk.length;
    onText(chunk);
  });
  const start = Buffer.concat(head).subarray(0, HEADER_BYTES);
  const text = new TextDecoder('utf-8').decode(start);
  const [header = []] = parseRecords(text, { to: 1 });
  return { header, sha256, records: recordScan.records() };
}

async function scan(source: Readable, isCompressed: boolean, take: (chunk: Buffer) => void): Promise<string> {
  const hash = createHash('sha256');
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      try {
        take(chunk);
        done();
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  });
  if (!isCompressed) {
    await pipeline(source, sink);
    return hash.digest('hex');
  }
  try {
    await pipeline(source, createGunzip(), sink);
  } catch (error) {
    if (errorCode(error)?.startsWith('Z_') === true) {
      throw new CsvFormatError(`a whole gzip file; it is truncated or damaged (${errorMessage(error)})`);
    }
    throw error;
  }
  return hash.digest('hex');
}

function decode(content: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch (error) {
    if (errorCode(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw new CsvFormatError('text in UTF-8; it holds other bytes');
    throw error;
  }
}

function parseRecords(content: string, options: { to?: number } = {}): string[][] {
  try {
    return parse(content, { ...RFC_4180, ...options });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const records = 'records' in error && typeof error.records === 'number' ? error.records : undefined;
    throw new CsvFormatError(`a record as RFC 4180 has it (${error.message})`, records);
  }
}

/**
 * Returns the records of a content without quotes as {@link RFC_4180} reads them. Fields are cut out of the content: to make
 * lines first takes twice the time.
 */
function* splitRecords(content: string): Generator<string[]> {
  const text = content.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');
  // A file may have no comma at all: each search goes on where the last one ended.
  let comma = text.indexOf(',');
  let start = 0;
  while (start < text.length) {
    const lineFeed = text.indexOf('\n', start);
    const end = lineFeed < 0 ? text.length : lineFeed;
    const fields: string[] = [];
    let from = start;
    while (comma >= 0 && comma < end) {
      fields.push(text.slice(from, comma));
      from = comma + 1;
      comma = text.indexOf(',', from);
    }
    fields.push(text.slice(from, end));
    if (end > start) yield fields;
    start = end + 1;
  }
}
