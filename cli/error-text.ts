import { CarbonError } from '../shared/base/carbon-error';
import { errorCode, errorMessage } from '../shared/base/error-info';

/** System errors that a wrong path, a disk or a right can cause: what was found, and what was expected. */
const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied; expected a file or folder that this user may use',
  EPERM: 'permission denied; expected a file or folder that this user may use',
  ENOENT: 'there is no such file or folder',
  EISDIR: 'found a folder, expected a file',
  ENOTDIR: 'a part of this path is a file, expected a folder',
  EEXIST: 'there is a file or folder of this name already',
  ELOOP: 'found a symbolic link that leads to itself, expected a file or folder',
  ENAMETOOLONG: 'the name is too long for this file system',
  ENOSPC: 'the disk is full; free some space, or set TMPDIR to a folder on another disk',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many open files; raise the limit (ulimit -n)',
};

/** Returns what the command prints for an error. */
export function errorText(error: unknown): string {
  if (error instanceof CarbonError) return error.message;
  const known = SYSTEM_ERRORS[errorCode(error) ?? ''];
  if (known === undefined) return `unexpected failure: ${errorMessage(error)}`;
  const path: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'path') : undefined;
  return typeof path === 'string' ? `${path}: ${known}` : known;
}
