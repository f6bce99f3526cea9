import { z } from 'zod';
import { releaseLock } from '../exports/lock-chain';
import type { ObjectStore } from '../stores/object-store';

/** The event "Step Functions Execution Status Change" of an execution that ended. */
export const executionEndSchema = z.object({
  detail: z.object({
    executionArn: z.string(),
    status: z.enum(['ABORTED', 'FAILED', 'TIMED_OUT']),
    /** Name of the execution, which is the id of its locks. */
    name: z.string().min(1),
  }),
});

/**
 * Releases the locks that one holder has on these exports. Locks of other holders stay.
 *
 * @throws the first error, after every lock was tried
 */
export async function releaseRunLocks(
  store: ObjectStore,
  exportNames: readonly string[],
  id: string,
): Promise<void> {
  const released = await Promise.allSettled(exportNames.map((name) => releaseLock(store, name, id)));
  for (const result of released) if (result.status === 'rejected') throw result.reason;
}
