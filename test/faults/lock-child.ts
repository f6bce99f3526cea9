import { withRunLock } from '../../shared/exports/run-lock';
import { FolderStore } from '../../shared/stores/folder-store';
import type { LockOrder, LockReply } from './lock-rounds';

/*
 * A process that tries to take the lock of a folder on each order, and holds it until the next order.
 */

let release: () => void = () => undefined;

function reply(message: LockReply): void {
  process.send?.(message);
}

async function take(out: string, exportName: string): Promise<void> {
  try {
    await withRunLock(new FolderStore(out), exportName, new Date(), async () => {
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      reply({ kind: 'held' });
      await released;
    });
    reply({ kind: 'released' });
  } catch (error) {
    reply({ kind: 'refused', reason: error instanceof Error ? error.message : String(error) });
  }
}

process.on('message', (order: LockOrder) => {
  if (order.kind === 'release') release();
  else void take(order.out, order.exportName);
});

process.on('disconnect', () => {
  process.exit();
});
