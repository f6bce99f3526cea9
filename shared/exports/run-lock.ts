import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { z } from 'zod';
import { CarbonError } from '../base/carbon-error';
import { parseJson } from '../base/json';
import { isProcessAlive } from '../base/process-alive';
import { type ObjectStore, PreconditionFailedError } from '../stores/object-store';
import { lockKey } from './layout';

const lockSchema = z.object({
  id: z.string(),
  /** Machine of a local run; absent for an execution of the state machine. */
  host: z.string().optional(),
  pid: z.number().optional(),
  since: z.string(),
  /** Instant after which nobody respects the lock any more. */
  until: z.string(),
});

type LockRecord = z.infer<typeof lockSchema>;

/** How long a lock is respected that nobody can be asked about: longer than any run takes. */
export const LEASE_HOURS = 23;

const HOUR_MS = 3_600_000;

/** Ids of the locks that this process holds or is asking for. */
const heldHere = new Set<string>();

/** Another run is writing to the export. */
export class ExportLockedError extends CarbonError {
  constructor(message: string, options?: ErrorOptions) {
    super('state', message, options);
  }
}

/** Who holds a lock. */
export type LockHolder = Pick<LockRecord, 'id' | 'host' | 'pid'>;

/**
 * Holds an export for as long as `work` takes, so that two runs never interleave. A lock whose process is gone is
 * taken over: a run that was killed needs no cleaning up.
 *
 * @throws ExportLockedError when another run holds it
 */
export async function withRunLock<T>(
  store: ObjectStore,
  exportName: string,
  now: Date,
  work: () => Promise<T>,
): Promise<T> {
  const holder: LockHolder = { id: randomUUID(), host: hostname(), pid: process.pid };
  heldHere.add(holder.id);
  try {
    await acquireRunLock(store, exportName, holder, now);
    try {
      return await work();
    } finally {
      await releaseRunLock(store, exportName, holder.id);
    }
  } finally {
    heldHere.delete(holder.id);
  }
}

/**
 * Takes the export for a holder. Taking it twice is the same as taking it once, so that a step may be repeated.
 *
 * @param now wall clock
 * @throws ExportLockedError when another holder has it
 */
export async function acquireRunLock(
  store: ObjectStore,
  exportName: string,
  holder: LockHolder,
  now: Date,
): Promise<void> {
  const key = lockKey(exportName);
  const until = new Date(now.getTime() + LEASE_HOURS * HOUR_MS).toISOString();
  const own = JSON.stringify({ ...holder, since: now.toISOString(), until } satisfies LockRecord);
  try {
    await store.put(key, own, { ifNoneMatch: '*' });
    return;
  } catch (error) {
    if (!(error instanceof PreconditionFailedError)) throw error;
  }
  const present = await store.get(key);
  const other = present === undefined ? undefined : lockOf(present.body.toString('utf8'));
  if (other?.id === holder.id) return;
  if (present !== undefined && (other === undefined || isAbandoned(other, now))) {
    await takeOver(store, key, own, present.etag);
    return;
  }
  throw lockedError(store, key, other);
}

/**
 * Takes several exports for a holder: all of them, or none.
 *
 * @param now wall clock
 * @throws ExportLockedError when another holder has one of them
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
    // What cannot be given free now is free when its lease ends; why the run cannot begin must not be lost over it.
    await Promise.allSettled(exportNames.map((name) => releaseRunLock(store, name, holder.id)));
    throw error;
  }
}

/** Gives the export free if this holder has it. */
export async function releaseRunLock(store: ObjectStore, exportName: string, id: string): Promise<void> {
  const key = lockKey(exportName);
  const present = await store.get(key);
  if (present === undefined || lockOf(present.body.toString('utf8'))?.id !== id) return;
  await store.delete(key);
}

async function takeOver(store: ObjectStore, key: string, own: string, etag: string): Promise<void> {
  try {
    await store.put(key, own, { ifMatch: etag });
  } catch (error) {
    if (error instanceof PreconditionFailedError) throw lockedError(store, key, undefined);
    throw error;
  }
}

function lockedError(store: ObjectStore, key: string, holder: LockRecord | undefined): ExportLockedError {
  const who =
    holder === undefined
      ? 'another run'
      : `${nameOf(holder)}, since ${holder.since}, at most until ${holder.until},`;
  return new ExportLockedError(
    `${who} is writing to this export; if it is gone, remove ${store.describe(key)}`,
  );
}

function nameOf({ id, host, pid }: LockRecord): string {
  return host === undefined ? `execution ${id}` : `process ${String(pid)} on ${host}`;
}

/** A lock that was cut off in the middle of being written is nobody's. */
function lockOf(text: string): LockRecord | undefined {
  return parseJson(text, lockSchema);
}

/**
 * A process of this machine can be asked about; of others the lease is all that is known. In containers a process often
 * has the number that the killed one had: what this process holds it knows.
 */
function isAbandoned({ id, host, pid, until }: LockRecord, now: Date): boolean {
  if (pid === undefined || host !== hostname()) return now.getTime() > Date.parse(until);
  return pid === process.pid ? !heldHere.has(id) : !isProcessAlive(pid);
}
