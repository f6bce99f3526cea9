import { Buffer } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';

/** Bytes at the start of a compressed file that hold the first line. */
const START = 8_192;

/**
 * Returns the names of the columns of a data file in CSV, which are never quoted.
 *
 * @returns undefined where the file cannot be read; the engine says why
 */
export function csvHeader(path: string): readonly string[] | undefined {
  try {
    // The start of a file ends within a block, which is no error.
    const text = gunzipSync(startOf(path), { finishFlush: constants.Z_SYNC_FLUSH }).toString('utf8');
    const end = text.indexOf('\n');
    return end < 0 ? undefined : text.slice(0, end).split(',');
  } catch {
    return undefined;
  }
}

function startOf(path: string): Buffer {
  const bytes = Buffer.alloc(START);
  const file = openSync(path, 'r');
  try {
    return bytes.subarray(0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}
