import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { CarbonError } from './carbon-error';
import { errorCode, errorMessage } from './error-info';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'it does not exist',
  ENOSPC: 'its disk is full',
  EROFS: 'its file system is read-only',
};

/**
 * Creates a folder for temporary files and returns its path; the caller removes it.
 *
 * @throws CarbonError when the parent is full or cannot be written to
 */
export async function createScratchFolder(parent: string, prefix: string): Promise<string> {
  try {
    return await mkdtemp(join(parent, prefix));
  } catch (error) {
    const reason = REASONS[errorCode(error) ?? ''] ?? errorMessage(error);
    const fix = 'free some space there, or set TMPDIR to another folder';
    throw new CarbonError('state', `${parent}: no temporary folder can be created in it: ${reason}; ${fix}`, {
      cause: error,
    });
  }
}
