import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { lockKey } from '../../shared/exports/layout';
import { acquireRunLocks, ExportLockedError } from '../../shared/exports/run-lock';
import { FolderStore } from '../../shared/stores/folder-store';
import { EXPORT_NAME, runOn } from '../support/run-on';
import {
  AS_OF,
  carbonExports,
  EstateFolder,
  estateOf,
  NAME,
  runTiny,
  scratch,
  treeOf,
} from '../support/tiny-run';

/*
 * Two runs never write to one export at once; a run that was killed needs no cleaning up.
 */

const LOCK = lockKey(NAME);

const HOUR_MS = 3_600_000;

const folder = scratch();
let inputs = '';

beforeAll(() => {
  inputs = EstateFolder.of(estateOf(['2025-01']), join(folder(), 'inputs')).path;
});

/** A lock as another run leaves it, so many hours ago. */
function lockOf(holder: { host?: string; pid?: number }, hoursAgo = 0): string {
  const since = Date.now() - hoursAgo * HOUR_MS;
  const until = new Date(since + 23 * HOUR_MS).toISOString();
  return JSON.stringify({ id: 'other', ...holder, since: new Date(since).toISOString(), until });
}

/** A process id that nobody has any more. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

test('a lock is gone after a run', async () => {
  const out = folder();
  await runTiny(inputs, out);
  expect(existsSync(join(out, LOCK))).toBe(false);
});

test.each([
  {
    what: 'a living process of this machine',
    lock: () => lockOf({ host: hostname(), pid: process.ppid }),
    who: () => `process ${String(process.ppid)} on ${hostname()}, since `,
  },
  {
    what: 'a living process of this machine, however long it takes',
    lock: () => lockOf({ host: hostname(), pid: process.ppid }, 100),
    who: () => `process ${String(process.ppid)} on ${hostname()}, since `,
  },
  {
    what: 'another machine, within its time',
    lock: () => lockOf({ host: 'elsewhere', pid: 1 }, 22),
    who: () => 'process 1 on elsewhere, since ',
  },
  {
    what: 'an execution, within its time',
    lock: () => lockOf({}, 22),
    who: () => 'execution other, since ',
  },
])('a second run is refused while the lock is of $what', async ({ lock, who }) => {
  // Prepare
  const out = new EstateFolder(folder());
  out.write(LOCK, lock());
  const before = treeOf(out.path);
  // Act
  const options = ['--inputs', inputs, '--out', out.path, '--export-name', NAME, '--as-of', AS_OF];
  const run = await carbonExports('run', ...options);
  // Assess
  expect(run.code).toBe(1);
  expect(run.stderr.startsWith(who())).toBe(true);
  expect(run.stderr).toContain(`is writing to this export; if it is gone, remove ${LOCK}`);
  expect(treeOf(out.path)).toEqual(before);
});

test.each([
  { what: 'a process that is dead', lock: () => lockOf({ host: hostname(), pid: deadPid() }) },
  { what: 'another machine, beyond its time', lock: () => lockOf({ host: 'elsewhere', pid: 1 }, 24) },
  { what: 'an execution, beyond its time', lock: () => lockOf({}, 24) },
  { what: 'nobody: it was cut off', lock: () => '{"id":"oth' },
  { what: 'nobody: it is empty', lock: () => '' },
  { what: 'nobody: it is no lock', lock: () => '[]' },
])('a lock of $what is taken over, and given free', async ({ lock }) => {
  // Prepare
  const out = new EstateFolder(folder());
  out.write(LOCK, lock());
  // Act
  const run = await runTiny(inputs, out.path);
  // Assess
  expect(run.code).toBe(0);
  expect(existsSync(join(out.path, LOCK))).toBe(false);
});

test('of two runs at once one does the work and the other is refused', async () => {
  // Prepare
  const out = folder();
  // Act
  const runs = await Promise.allSettled([runOn(inputs, out), runOn(inputs, out)]);
  // Assess
  expect(runs.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(runs.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: expect.objectContaining({ name: 'ExportLockedError' }) as unknown,
  });
  expect(existsSync(join(out, lockKey(EXPORT_NAME)))).toBe(false);
});

test('another export of the same folder is not locked', async () => {
  const out = new EstateFolder(folder());
  out.write(lockKey('other'), lockOf({ host: hostname(), pid: process.ppid }));
  expect((await runTiny(inputs, out.path)).code).toBe(0);
});

describe('the locks of several exports', () => {
  const NAMES = ['plain', 'plain-by-tag-team', 'plain-by-resource'];

  const take = (out: string, id = 'execution-1'): Promise<void> =>
    acquireRunLocks(new FolderStore(out), NAMES, { id }, new Date());

  /** Who holds each export. */
  async function holders(out: string): Promise<(string | undefined)[]> {
    const locks = await Promise.all(NAMES.map((name) => new FolderStore(out).get(lockKey(name))));
    return locks.map((lock) => /"id":"([^"]+)"/.exec(lock?.body.toString('utf8') ?? '')?.[1]);
  }

  test('are taken together, and again by who has them', async () => {
    const out = folder();
    await take(out);
    await take(out);
    expect(await holders(out)).toEqual(['execution-1', 'execution-1', 'execution-1']);
    await expect(take(out, 'execution-2')).rejects.toThrow(ExportLockedError);
    expect(await holders(out)).toEqual(['execution-1', 'execution-1', 'execution-1']);
  });

  test.each([0, 1, 2])(
    'where another has export %d, none is kept, also of an earlier attempt',
    async (index) => {
      // Prepare
      const out = new EstateFolder(folder());
      await take(out.path);
      out.write(lockKey(NAMES[index] ?? ''), lockOf({}));
      // Act
      await expect(take(out.path)).rejects.toThrow(/^execution other, since .* is writing to this export/);
      // Assess
      expect(await holders(out.path)).toEqual(NAMES.map((_, at) => (at === index ? 'other' : undefined)));
    },
  );

  test('an abandoned lock among them is taken over', async () => {
    const out = new EstateFolder(folder());
    out.write(lockKey(NAMES[1] ?? ''), lockOf({}, 24));
    await take(out.path);
    expect(await holders(out.path)).toEqual(['execution-1', 'execution-1', 'execution-1']);
  });
});
