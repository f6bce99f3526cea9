import { randomUUID } from 'node:crypto';
import { CarbonError } from '../base/carbon-error';
import { isRunning, type ProcessIdentity, thisProcess } from '../base/process-identity';
import type { ObjectStore } from '../stores/object-store';
import { lockKey } from './layout';
import { type LockRecord, releaseLock, takeLock } from './lock-chain';

/** How long a lock counts whose holder cannot be asked: longer than any run takes. */
export const LEASE_HOURS = 23;

const HOUR_MS = 3_600_000;

/** Ids of the locks that this process holds or is about to take. */
const heldHere = new Set<string>();

/** Who takes a lock: an execution of the state machine, or a run in a process. */
export type LockHolder = { readonly id: string } & Partial<ProcessIdentity>;

/**
 * Calls `work` while this process holds an export, so that two runs never write to it at once. The lock of a process
 * that has ended is taken over.
 *
 * @param now wall clock
 * @throws CarbonError of kind state when another run holds the export
 */
export async function withRunLock<T>(
  store: ObjectStore,
  exportName: string,
  now: Date,
  work: () => Promise<T>,
): Promise<T> {
  const holder: LockHolder = { id: randomUUID(), ...thisProcess() };
  heldHere.add(holder.id);
  try {
    await acquireRunLocks(store, [exportName], holder, now);
    try {
      return await work();
    } finally {
      await releaseLock(store, exportName, holder.id);
    }
  } finally {
    heldHere.delete(holder.id);
  }
}

/**
 * Takes several exports for one holder: all of them, or none. Taking an export that the holder has changes nothing, so a
 * step of the state machine can be repeated.
 *
 * @param now wall clock
 * @throws CarbonError of kind state when another holder has one of them
 */
export async function acquireRunLocks(
  store: ObjectStore,
  exportNames: readonly string[],
  holder: LockHolder,
  now: Date,
): Promise<void> {
  try {
    for (const exportName of exportNames) await acquireRunLock(store, exportName, holder, now);
  } catch (error) {
    // A lock that cannot be released now ends with its lease; the reason why the run cannot start matters more.
    await Promise.allSettled(exportNames.map((name) => releaseLock(store, name, holder.id)));
    throw error;
  }
}

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

async function acquireRunLock(
  store: ObjectStore,
  exportName: string,
  holder: LockHolder,
  now: Date,
): Promise<void> {
  const until = new Date(now.getTime() + LEASE_HOURS * HOUR_MS).toISOString();
  const own: LockRecord = { ...holder, since: now.toISOString(), until };
  const here = thisProcess();
  const attempt = await takeLock(store, exportName, own, (record) => isAbandoned(record, here, now));
  if (attempt.taken) return;
  const place = store.describe(lockKey(exportName));
  throw new CarbonError(
    'state',
    `${place}: ${nameOf(attempt.holder)} is writing to this export; wait until it ends, or remove ${place} if it is gone`,
  );
}

function nameOf(holder: LockRecord | undefined): string {
  if (holder === undefined) return 'another run';
  const { id, host, pid, since, until } = holder;
  const who = host === undefined ? `execution ${id}` : `process ${String(pid)} on ${host}`;
  return `${who}, since ${since}, at most until ${until},`;
}

/**
 * A lock is abandoned when its process has ended; where that cannot be known, when its lease has ended. A record that
 * cannot be read was cut off while it was written. A lease longer than any that is given, as after a change of the
 * clock, does not count.
 */
function isAbandoned(record: LockRecord | undefined, here: ProcessIdentity, now: Date): boolean {
  if (record === undefined || record.released === true) return true;
  const { id, until, host, pid } = record;
  const leftMs = Date.parse(until) - now.getTime();
  const isLeaseOver = leftMs < 0 || leftMs > 2 * LEASE_HOURS * HOUR_MS;
  if (host === undefined || pid === undefined) return isLeaseOver;
  const runs = isRunning({ ...record, host, pid }, here);
  if (runs === true && pid === here.pid) return !heldHere.has(id);
  return runs === undefined ? isLeaseOver : !runs;
}
