import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { csvField } from '../base/csv-field';
import { errorCode, errorMessage } from '../base/error-info';
import { encodingOf, type TextEncoding } from '../base/text-encoding';
import type { LocalCopy } from '../stores/object-store';
import { CsvFormatError } from './csv-file';

/** Separators that spreadsheets and databases write. */
const SEPARATORS = [',', ';', '\t'] as const;

type Separator = (typeof SEPARATORS)[number];

/** How the text of a CSV file is written. */
interface CsvStyle {
  readonly encoding: TextEncoding;
  readonly separator: Separator;
  /** True where all column names are in capitals, as Snowflake unloads them. */
  readonly isUpperCase: boolean;
}

/** How much of a file is read to find its style. */
const START_BYTES = 1 << 16;

/** A copy in the one form that the engine reads. */
export interface PlainCopy extends LocalCopy {
  /** Differences of the file from that form, such as `separated by tabs`; absent where there are none. */
  readonly form?: string;
}

/**
 * Returns a copy in the one form that the engine reads: UTF-8, separated by commas, with column names that are not all in
 * capitals. A file of that form is returned itself, and so is a damaged file, which is reported when it is read.
 *
 * @param scratch folder for the new file, which is removed with the copy
 * @throws CsvFormatError when a file of another form is damaged
 */
export async function plainCsv(copy: LocalCopy, scratch: string): Promise<PlainCopy> {
  if (copy.path.endsWith('.parquet')) return copy;
  const style = styleOf(await startOf(copy.path));
  if (style.encoding === 'utf-8' && style.separator === ',' && !style.isUpperCase) return copy;
  const path = join(scratch, `${randomUUID()}.csv`);
  try {
    await pipeline(
      Readable.from(textOf(copy.path, style.encoding)),
      parse({ bom: true, delimiter: style.separator, relax_column_count: true, skip_empty_lines: true }),
      (records: AsyncIterable<readonly string[]>) => plainLines(records, style),
      createWriteStream(path),
    );
  } catch (error) {
    await rm(path, { force: true });
    throw damageOf(error, style);
  }
  return {
    path,
    form: formOf(style),
    isCurrent: () => copy.isCurrent(),
    release: async () => {
      await rm(path, { force: true });
      await copy.release();
    },
  };
}

function styleOf(start: Buffer): CsvStyle {
  const encoding = encodingOf(start);
  const [header = ''] = new TextDecoder(encoding).decode(start).split(/\r\n|\n|\r/, 1);
  const counted = SEPARATORS.map((separator) => ({ separator, count: header.split(separator).length }));
  const { separator } = counted.reduce((most, other) => (other.count > most.count ? other : most));
  return { encoding, separator, isUpperCase: header === header.toUpperCase() && /[A-Z]/.test(header) };
}

function formOf({ encoding, separator, isUpperCase }: CsvStyle): string {
  return [
    ...(separator === ',' ? [] : [`separated by ${separator === ';' ? 'semicolons' : 'tabs'}`]),
    ...(encoding === 'utf-8' ? [] : [`encoded in ${encoding.toUpperCase()}`]),
    ...(isUpperCase ? ['column names in capitals'] : []),
  ].join(', ');
}

/** First bytes of the uncompressed content; none where it cannot be read. */
async function startOf(path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of bytesOf(path)) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= START_BYTES) break;
    }
  } catch (error) {
    if (errorCode(error)?.startsWith('Z_') !== true) throw error;
  }
  return Buffer.concat(chunks).subarray(0, START_BYTES);
}

function bytesOf(path: string): AsyncIterable<Buffer> {
  const source = createReadStream(path, { highWaterMark: START_BYTES });
  if (!path.endsWith('.gz')) return source;
  const content = createGunzip();
  source.on('error', (error) => content.destroy(error));
  content.on('close', () => source.destroy());
  return source.pipe(content);
}

async function* textOf(path: string, encoding: TextEncoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  for await (const chunk of bytesOf(path)) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

async function* plainLines(
  records: AsyncIterable<readonly string[]>,
  { isUpperCase }: CsvStyle,
): AsyncGenerator<string> {
  let isHeader = true;
  for await (const record of records) {
    const fields = isHeader && isUpperCase ? record.map((name) => name.toLowerCase()) : record;
    isHeader = false;
    yield `${fields.map(csvField).join(',')}\n`;
  }
}

function damageOf(error: unknown, { encoding, separator }: CsvStyle): unknown {
  const code = errorCode(error) ?? '';
  const name = separator === '\t' ? 'tabs' : `"${separator}"`;
  if (code.startsWith('CSV_')) {
    return new CsvFormatError(
      `records of RFC 4180, separated by ${name} as in the header (${errorMessage(error)})`,
    );
  }
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return new CsvFormatError(`text in ${encoding.toUpperCase()}; it has other bytes`);
  }
  if (code.startsWith('Z_')) {
    return new CsvFormatError(`a whole gzip file; it is truncated or damaged (${errorMessage(error)})`);
  }
  return error;
}
