import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CarbonError } from './carbon-error';
import { errorCode, errorMessage } from './error-info';
import { parseJson } from './json';
import { isRunning, processIdentitySchema, thisProcess } from './process-identity';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'it does not exist',
  ENOSPC: 'its disk is full',
  EROFS: 'its file system is read-only',
};

/** File of a scratch folder that identifies its process. */
const OWNER = 'process.json';

/**
 * Creates a folder for temporary files and returns its path; the caller removes it.
 *
 * @throws CarbonError when the parent is full or cannot be written to
 */
export async function createScratchFolder(parent: string, prefix: string): Promise<string> {
  return mkdtemp(join(parent, prefix)).catch((error: unknown) => {
    throw noFolder(parent, error);
  });
}

/**
 * Creates such a folder with the identity of this process in it, so that another process can remove it once this one has
 * ended.
 *
 * @throws CarbonError when the parent is full or cannot be written to
 */
export async function createOwnedScratch(parent: string, prefix: string): Promise<string> {
  const folder = await createScratchFolder(parent, prefix);
  try {
    await writeFile(join(folder, OWNER), JSON.stringify(thisProcess()));
    return folder;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw noFolder(parent, error);
  }
}

function noFolder(parent: string, error: unknown): CarbonError {
  const reason = REASONS[errorCode(error) ?? ''] ?? errorMessage(error);
  const fix = 'free some space there, or set TMPDIR to another folder';
  return new CarbonError('state', `${parent}: no temporary folder can be created in it: ${reason}; ${fix}`, {
    cause: error,
  });
}

/**
 * Removes the scratch folders of processes that no longer run. A process that was killed, and a Lambda function that timed
 * out, leave theirs; the next one may need the space. Folders whose process cannot be known from here stay.
 */
export async function removeAbandonedScratch(parent: string, prefix: string): Promise<void> {
  const here = thisProcess();
  // A parent that cannot be listed is an error of the folder that is created in it.
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isDirectory() || !entry.name.startsWith(prefix)) continue;
    const folder = join(parent, entry.name);
    const content = await readFile(join(folder, OWNER)).catch(() => undefined);
    const owner = content && parseJson(content, processIdentitySchema);
    // Another process may remove the folder at the same time, or it is another user's: then it is not ours to remove.
    if (owner !== undefined && isRunning(owner, here) === false) {
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}
