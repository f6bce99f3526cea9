import { tmpdir } from 'node:os';
import { makeScratch, removeScratch } from '../shared/base/stopping';

/** Calls `work` with a new folder for local copies of objects in S3, and removes the folder afterwards. */
export async function withScratch<T>(work: (scratch: string) => Promise<T>): Promise<T> {
  const scratch = await makeScratch(tmpdir());
  try {
    return await work(scratch);
  } finally {
    await removeScratch(scratch);
  }
}
