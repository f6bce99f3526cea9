import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { thisProcess } from '../../shared/base/process-identity';
import { lockKey } from '../../shared/exports/layout';
import type { FaultFigures } from './fault-world';

const BUNDLE = join(__dirname, '..', '..', 'build', 'faults', 'lock-child.cjs');

const NAME = 'carbon';

const PROCESSES = 8;

/** An order to a child process. */
export type LockOrder =
  { readonly kind: 'take'; readonly out: string; readonly exportName: string } | { readonly kind: 'release' };

/** The reply of a child process. */
export type LockReply =
  | { readonly kind: 'held' }
  | { readonly kind: 'released' }
  | { readonly kind: 'refused'; readonly reason: string };

/** Returns every kind of abandoned lock, and no lock. */
function abandonedLocks(): readonly string[] {
  const ended = spawnSync(process.execPath, ['-e', '']).pid;
  const lock = (holder: object, until: string): string =>
    JSON.stringify({ id: 'before', ...holder, since: '2020-01-01T00:00:00.000Z', until });
  const later = new Date(Date.now() + 3_600_000).toISOString();
  return [
    lock({ ...thisProcess(), pid: ended }, later),
    lock({}, '2020-01-02T00:00:00.000Z'),
    lock({ released: true }, later),
    '{"id":',
    'none',
  ];
}

/**
 * In each round 8 processes take one abandoned lock at the same moment. Exactly one of them must get it (`wrong` counts the
 * other rounds), and no record may be left when it is released (`stray`).
 */
export async function lockRounds(rounds: number): Promise<FaultFigures> {
  buildSync({
    entryPoints: [join(__dirname, 'lock-child.ts')],
    bundle: true,
    platform: 'node',
    outfile: BUNDLE,
    logLevel: 'error',
  });
  const home = mkdtempSync(join(tmpdir(), 'carbon-exports-locks-'));
  const children = Array.from({ length: PROCESSES }, () => fork(BUNDLE));
  const figures = { faults: 0, failedRuns: 0, lost: 0, wrong: 0, stray: 0 };
  try {
    const locks = abandonedLocks();
    for (let round = 0; round < rounds; round += 1) {
      const out = join(home, String(round));
      const lock = locks[round % locks.length] ?? 'none';
      const held = await holdersOf(children, out, lock);
      figures.faults += PROCESSES - held.length;
      if (held.length !== 1) figures.wrong += 1;
      await Promise.all(held.map((child) => ask(child, { kind: 'release' })));
      figures.stray += readdirSync(join(out, NAME, 'state')).length;
    }
  } finally {
    for (const child of children) child.disconnect();
    rmSync(home, { recursive: true, force: true });
  }
  return { scenario: '8 processes on one abandoned lock; faults are refusals', trials: rounds, ...figures };
}

/** Returns the children that hold the lock, after each of them has replied. */
async function holdersOf(
  children: readonly ChildProcess[],
  out: string,
  lock: string,
): Promise<ChildProcess[]> {
  const path = join(out, lockKey(NAME));
  mkdirSync(dirname(path), { recursive: true });
  if (lock !== 'none') writeFileSync(path, lock);
  const replies = await Promise.all(
    children.map((child) => ask(child, { kind: 'take', out, exportName: NAME })),
  );
  for (const reply of replies) {
    if (reply.kind === 'refused' && !reply.reason.includes('is writing to this export'))
      throw new Error(reply.reason);
  }
  return children.filter((_, index) => replies[index]?.kind === 'held');
}

async function ask(child: ChildProcess, order: LockOrder): Promise<LockReply> {
  const reply = once(child, 'message');
  child.send(order);
  const [message] = await reply;
  // The children send nothing else.
  return message as LockReply;
}
