import { runMailKey } from '../exports/layout';
import { type ObjectStore, PreconditionFailedError } from '../stores/object-store';
import type { ExecutionReport } from './finish-run';

/**
 * Sends the mail about an execution unless an earlier attempt of the step has sent it: a step that fails after sending is
 * repeated.
 *
 * @throws the error of `send`, after which the step can send again
 */
export async function mailOnce(
  exports: ObjectStore,
  { exportName, execution, status }: Pick<ExecutionReport, 'exportName' | 'execution' | 'status'>,
  send: () => Promise<unknown>,
): Promise<void> {
  const key = runMailKey(exportName, execution, status);
  try {
    await exports.put(key, '', { ifNoneMatch: '*' });
  } catch (error) {
    if (error instanceof PreconditionFailedError) return;
    throw error;
  }
  try {
    await send();
  } catch (error) {
    await exports.delete(key);
    throw error;
  }
}
