import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { parseJson } from '../base/json';
import { processIdentitySchema } from '../base/process-identity';
import { type ObjectStore, PreconditionFailedError } from '../stores/object-store';
import { lockKey, lockPrefix, successorLockKey } from './layout';

/*
 * A lock is a chain of records. The first record has a fixed key; the key of each further record is the hash of the
 * record before it. The last record of the chain counts. A process takes over an abandoned lock by adding a record to the
 * chain. A store creates an object with a key only once, so only one process takes the lock over, even if many read the
 * same abandoned record. No record is ever changed. A record has a random member, so its hash never repeats. A process
 * that read the chain long ago adds a record that the chain does not reach, notices that and removes it.
 */

const lockRecordSchema = z.object({
  /** Makes every record different. */
  nonce: z.string().exactOptional(),
  /** Id of the run: of an execution, or a random one. */
  id: z.string(),
  /** Process of a local run; absent for an execution of the state machine. */
  ...processIdentitySchema.shape,
  host: z.string().exactOptional(),
  pid: z.number().exactOptional(),
  since: z.iso.datetime(),
  /** End of the lease. */
  until: z.iso.datetime(),
  /** True in the last record of a run that has ended. */
  released: z.boolean().exactOptional(),
});

/** Who holds a lock, and how long. */
export type LockRecord = Readonly<z.infer<typeof lockRecordSchema>>;

/** A record in its place. */
interface LockLink {
  readonly key: string;
  /** Undefined where the object cannot be read as a record. */
  readonly record: LockRecord | undefined;
  /** Key of the record that takes this one over. */
  readonly successor: string;
}

/** Result of an attempt to take a lock: `taken`, or the holder, which is undefined where the record is unreadable. */
export type Attempt = { readonly taken: true } | { readonly taken: false; readonly holder?: LockRecord };

/** How often a lock is tried that changes while it is read. */
const ATTEMPTS = 20;

/** How long an unreadable record may be in the middle of being written, where a file system has no links. */
const WRITING_MS = 200;

/**
 * Takes the lock of an export. Taking a lock that this run holds changes nothing.
 *
 * @param isAbandoned decides about the last record of the chain; undefined is an unreadable record
 */
export async function takeLock(
  store: ObjectStore,
  exportName: string,
  own: LockRecord,
  isAbandoned: (record: LockRecord | undefined) => boolean,
): Promise<Attempt> {
  const isOwn = ({ record }: LockLink): boolean => record?.id === own.id && record.released !== true;
  let created: string | undefined;
  let holder: LockRecord | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const chain = await readChain(store, exportName);
    const last = chain.at(-1);
    if (last !== undefined && isOwn(last)) {
      await removeUnreached(store, exportName, own.id);
      return { taken: true };
    }
    if (created !== undefined && !chain.some(({ key }) => key === created)) await store.delete(created);
    holder = last?.record;
    if (last !== undefined && !isAbandoned(last.record)) break;
    // Whether this run or another one creates the record, the next reading of the chain says who holds the lock.
    const isCreated = await create(store, last?.successor ?? lockKey(exportName), own);
    created = isCreated ? last?.successor : undefined;
  }
  return holder === undefined ? { taken: false } : { taken: false, holder };
}

/**
 * Releases the lock of an export if this run holds it. It adds a record that says so before it removes the chain, so that
 * no process takes the lock over in between. A run that is killed here leaves a free lock.
 */
export async function releaseLock(store: ObjectStore, exportName: string, id: string): Promise<void> {
  const chain = await readChain(store, exportName);
  const last = chain.at(-1);
  if (last?.record?.id !== id || last.record.released === true) return;
  if (!(await create(store, last.successor, { ...last.record, released: true }))) return;
  // The first record comes first: what it no longer reaches is not part of the lock.
  for (const { key } of chain) await store.delete(key);
  await store.delete(last.successor);
}

async function create(store: ObjectStore, key: string, record: LockRecord): Promise<boolean> {
  try {
    await store.put(key, JSON.stringify({ ...record, nonce: randomUUID() }), { ifNoneMatch: '*' });
    return true;
  } catch (error) {
    if (error instanceof PreconditionFailedError) return false;
    throw error;
  }
}

async function readChain(store: ObjectStore, exportName: string): Promise<LockLink[]> {
  const chain: LockLink[] = [];
  let key = lockKey(exportName);
  for (;;) {
    const link = await readLink(store, exportName, key);
    if (link === undefined) return chain;
    chain.push(link);
    key = link.successor;
  }
}

async function readLink(
  store: ObjectStore,
  exportName: string,
  key: string,
  patience = WRITING_MS,
): Promise<LockLink | undefined> {
  const stored = await store.get(key);
  if (stored === undefined) return undefined;
  const record = parseJson(stored.body, lockRecordSchema);
  if (record === undefined && patience > 0) {
    await sleep(patience);
    return readLink(store, exportName, key, 0);
  }
  const digest = createHash('sha256').update(stored.body).digest('hex').slice(0, 32);
  return { key, record, successor: successorLockKey(exportName, digest) };
}

/**
 * Removes records that the chain does not reach, which killed runs left. They are listed before the chain is read: a
 * record that another run adds meanwhile is not in the list.
 */
async function removeUnreached(store: ObjectStore, exportName: string, id: string): Promise<void> {
  const listed = await store.list(lockPrefix(exportName));
  const chain = await readChain(store, exportName);
  if (chain.at(-1)?.record?.id !== id) return;
  const reached = new Set(chain.map(({ key }) => key));
  for (const { key } of listed) if (!reached.has(key)) await store.delete(key);
}
