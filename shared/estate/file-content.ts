import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { InputProblem } from '../base/input-problem';
import { type Warning, warningAbout } from '../base/warning';
import type { DuckSession } from '../sql/duck-session';
import type { InputStore } from '../stores/object-store';
import { CsvFormatError, scanCsv } from './csv-file';
import { plainCsv } from './plain-csv';

/** A file and the SHA-256 of its content: of the uncompressed text for CSV, of the bytes for Parquet. */
export interface FileContent {
  readonly file: string;
  readonly sha256: string;
  /** Differences from UTF-8 with commas, such as `separated by tabs`; absent where there are none. */
  readonly form?: string;
}

/** A file as read: its records as texts. */
export interface RawTable extends FileContent {
  readonly header: readonly string[];
  /** One by one: all of them would take several times the memory of the text. */
  readonly records: Iterable<readonly string[]>;
}

/** Returns the hash of a file's content; a damaged file is reported when it is read. */
export async function contentOf(
  { store, session }: { readonly store: InputStore; readonly session: Pick<DuckSession, 'scratch'> },
  file: string,
): Promise<FileContent> {
  let copy = await store.localCopy(file);
  try {
    copy = await plainCsv(copy, session.scratch);
    const sha256 = file.endsWith('.parquet') ? await sha256Of(copy.path) : (await scanCsv(copy.path)).sha256;
    return { file, sha256 };
  } catch (error) {
    if (!(error instanceof CsvFormatError)) throw error;
    return { file, sha256: 'damaged' };
  } finally {
    await copy.release();
  }
}

/** Returns the SHA-256 of a file's bytes. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** Returns a warning with the files that were read although they are not UTF-8 with commas. */
export function formWarnings(files: readonly FileContent[]): Warning[] {
  return warningAbout(
    { severity: 'for-the-record', code: 'file-form' },
    files.flatMap(({ file, form }) => (form === undefined ? [] : [`${file} (${form})`])),
    (named) => `read as CSV in the form that was found: ${named}`,
  );
}

/** Returns a problem for each file whose content equals that of an earlier one: its rows would count twice. */
export function copiesAmong(table: string, contents: readonly FileContent[]): InputProblem[] {
  const first = new Map<string, string>();
  return contents.flatMap(({ file, sha256 }) => {
    const original = first.get(sha256);
    if (original === undefined) {
      first.set(sha256, file);
      return [];
    }
    const expected = `content that no other file has; it is a copy of ${original} and would count twice`;
    return [{ table, file, expected }];
  });
}
