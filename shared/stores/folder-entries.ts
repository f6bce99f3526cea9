import type { Stats } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { CarbonError } from '../base/carbon-error';
import { errorCode, errorMessage, errorPath } from '../base/error-info';

/** Returns what `read` returns, or `absent` where the file or folder does not exist. */
export async function absentAs<T>(absent: T, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return absent;
    throw error;
  }
}

/**
 * Returns the names in a folder; none where it does not exist.
 *
 * @param key the folder's name in messages
 * @throws CarbonError when the folder cannot be read
 */
export async function namesIn(path: string, key: string): Promise<string[]> {
  return opened(key === '' ? path : key, () => absentAs([], () => readdir(path)));
}

/**
 * Returns the metadata of a file or folder. Returns undefined where it was removed since its folder was listed, and for
 * hidden links to nothing, which editors use as locks.
 *
 * @throws CarbonError when it cannot be opened: leaving it out would publish a month without its lines
 */
export async function detailsOf(path: string, key: string): Promise<Stats | undefined> {
  const details = await opened(key, () => absentAs(undefined, () => stat(path)));
  if (details !== undefined) return details.isDirectory() ? details : regular(details, key);
  const isHidden = (key.split('/').at(-1) ?? '').startsWith('.');
  const link = await absentAs(undefined, () => lstat(path));
  if (link !== undefined && !isHidden) {
    throw unusable(
      key,
      'a link to a file that does not exist',
      'a file: restore it, mount its volume or remove the link',
    );
  }
  // Node replaces bytes that are not UTF-8 by this character, and then no file has the name.
  if (link === undefined && key.includes('\ufffd')) {
    throw unusable(key, 'a name that is not valid UTF-8', 'a name in UTF-8: rename the file');
  }
  return undefined;
}

/**
 * Returns what is known of a file, or undefined where it does not exist.
 *
 * @throws CarbonError when it is not a regular file, or cannot be opened
 */
export async function fileDetails(path: string, key: string): Promise<Stats | undefined> {
  const details = await opened(key, () => absentAs(undefined, () => stat(path)));
  return details === undefined ? undefined : regular(details, key);
}

/** Reading a FIFO or a device waits for bytes that may never come. */
function regular(details: Stats, key: string): Stats {
  if (details.isFile()) return details;
  const found = details.isDirectory()
    ? 'a folder'
    : details.isFIFO()
      ? 'a named pipe (FIFO)'
      : details.isSocket()
        ? 'a socket'
        : 'a device';
  throw unusable(key, found, 'a file');
}

async function opened<T>(key: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    const reason = REASONS[code] ?? errorMessage(error);
    // The file in place of a folder is above the key: only the whole path shows it.
    const place = code === 'ENOTDIR' ? (errorPath(error) ?? key) : key;
    throw new CarbonError('input', `${place}: it cannot be opened: ${reason}`, { cause: error });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied; allow this user to read it',
  EPERM: 'permission denied; allow this user to read it',
  ELOOP: 'it is a link that leads back to itself; remove the link',
  ENOTDIR: 'a part of its path is a file, not a folder',
  ENAMETOOLONG: 'its path is too long, as after links that lead back to their own folder',
};

function unusable(key: string, found: string, expected: string): CarbonError {
  return new CarbonError('input', `${key}: found ${found}, expected ${expected}`);
}
