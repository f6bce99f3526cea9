import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { z } from 'zod';
import { lockKey } from '../exports/layout';
import type { ObjectStore } from '../stores/object-store';
import { PreconditionFailedError } from '../stores/object-store';

const lockSchema = z.object({ id: z.string(), host: z.string(), pid: z.number(), since: z.string() });

type LockRecord = z.infer<typeof lockSchema>;

/** How long a lock of another machine is respected: longer than any run takes. */
const LEASE_MS = 24 * 3_600_000;

/** Another run is writing to the export. */
export class ExportLockedError extends Error {
  override readonly name = 'ExportLockedError';
}

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
  const key = lockKey(exportName);
  const own: LockRecord = { id: randomUUID(), host: hostname(), pid: process.pid, since: now.toISOString() };
  await acquire(store, key, own, now);
  try {
    return await work();
  } finally {
    await store.delete(key);
  }
}

async function acquire(store: ObjectStore, key: string, own: LockRecord, now: Date): Promise<void> {
  try {
    await store.put(key, JSON.stringify(own), { ifNoneMatch: '*' });
    return;
  } catch (error) {
    if (!(error instanceof PreconditionFailedError)) throw error;
  }
  const present = await store.get(key);
  const holder = present === undefined ? undefined : lockOf(present.body.toString('utf8'));
  if (present !== undefined && (holder === undefined || isAbandoned(holder, now))) {
    await store.put(key, JSON.stringify(own), { ifMatch: present.etag });
    return;
  }
  const who =
    holder === undefined
      ? 'another run'
      : `process ${String(holder.pid)} on ${holder.host}, since ${holder.since},`;
  throw new ExportLockedError(
    `${who} is writing to this export; if it is gone, remove ${store.describe(key)}`,
  );
}

/** A lock that was cut off in the middle of being written is nobody's. */
function lockOf(text: string): LockRecord | undefined {
  try {
    return lockSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function isAbandoned(holder: LockRecord, now: Date): boolean {
  if (holder.host !== hostname()) return now.getTime() - Date.parse(holder.since) > LEASE_MS;
  return !isAlive(holder.pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
