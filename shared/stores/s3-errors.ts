import { setTimeout as sleep } from 'node:timers/promises';
import { S3ServiceException } from '@aws-sdk/client-s3';
import { CarbonError } from '../base/carbon-error';
import { isTransient } from '../base/transient-error';

/** True when S3 says that an object is not there. */
export function isNotFound(error: unknown): boolean {
  return error instanceof S3ServiceException && (error.name === 'NoSuchKey' || error.name === 'NotFound');
}

/** True when a conditional put lost: to what was there before, or to one that runs at the same time. */
export function isPreconditionFailed(error: unknown): boolean {
  if (!(error instanceof S3ServiceException)) return false;
  return error.$metadata.httpStatusCode === 412 || error.name === 'ConditionalRequestConflict';
}

const ATTEMPTS = 4;
const FIRST_WAIT_MS = 200;

/** Repeats work that failed for a reason that can pass, with waits that double. */
export async function retryTransient<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !isTransient(error)) throw error;
      await sleep(FIRST_WAIT_MS * 2 ** (attempt - 1));
    }
  }
}

/** Fewer bytes arrived than the object has. */
export class TruncatedDownloadError extends CarbonError {
  /** Read by {@link retryTransient}. */
  readonly code = 'ECONNRESET';

  constructor(uri: string, size: number) {
    super('transient', `${uri}: the connection ended after ${String(size)} bytes`);
  }
}
