import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defined } from '../../shared/base/defined';
import { type ProcessIdentity, thisProcess } from '../../shared/base/process-identity';
import { lockKey, lockPrefix } from '../../shared/exports/layout';
import { acquireRunLocks, LEASE_HOURS, releaseRunLocks } from '../../shared/exports/run-lock';
import { FolderStore } from '../../shared/stores/folder-store';
import { EstateFolder } from '../support/estate-folder';
import { monthlyEstate } from '../support/estates/monthly-estate';
import { EXPORT_NAME } from '../support/export-name';
import { hashesAndTimesOf } from '../support/folder-contents';
import { AS_OF, carbonExports, runEstate } from '../support/run-command';
import { runFolders } from '../support/run-export';
import { scratch } from '../support/scratch';

/*
 * Two runs never write to one export at once; a run that was killed needs no cleaning up.
 */

const LOCK = lockKey(EXPORT_NAME);

const HOUR_MS = 3_600_000;

const folder = scratch();
let inputs = '';

beforeAll(() => {
  inputs = EstateFolder.of(monthlyEstate(['2025-01']), join(folder(), 'inputs')).path;
});

const HERE = thisProcess();

/** The parent of this process runs as long as the test. */
const PARENT: ProcessIdentity = { ...HERE, pid: process.ppid, started: startOf(process.ppid) };

/** Start of a process, as /proc has it. */
function startOf(pid: number): string {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/** A lock that another run took so many hours ago. */
function lockOf(holder: Partial<ProcessIdentity>, hoursAgo = 0): string {
  const since = Date.now() - hoursAgo * HOUR_MS;
  const until = new Date(since + LEASE_HOURS * HOUR_MS).toISOString();
  return JSON.stringify({ id: 'other', ...holder, since: new Date(since).toISOString(), until });
}

/** Number of a process that has ended. */
function endedPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

test('a lock is gone after a run', async () => {
  const out = folder();
  await runEstate(inputs, out);
  expect(existsSync(join(out, LOCK))).toBe(false);
});

test.each([
  { what: 'a running process of this machine', lock: lockOf(PARENT), who: 'process' },
  { what: 'a running process of this machine, after its lease', lock: lockOf(PARENT, 100), who: 'process' },
  {
    what: 'another machine, within its lease',
    lock: lockOf({ host: 'elsewhere', pid: 1 }, 22),
    who: 'process',
  },
  {
    what: 'another container with the name of this machine, whose process number has ended here',
    lock: lockOf({ ...HERE, pid: endedPid(), pidNamespace: 'pid:[1]' }, 22),
    who: 'process',
  },
  {
    what: 'another machine with the same name',
    lock: lockOf({ ...HERE, pid: endedPid(), boot: 'another boot', machine: 'another machine' }, 22),
    who: 'process',
  },
  { what: 'an execution, within its lease', lock: lockOf({}, 22), who: 'execution other' },
])('a second run is refused while the lock is held by $what', async ({ lock, who }) => {
  // Prepare
  const out = new EstateFolder(folder());
  out.write(LOCK, lock);
  const before = hashesAndTimesOf(out.path);
  // Act
  const options = ['--inputs', inputs, '--out', out.path, '--export-name', EXPORT_NAME, '--as-of', AS_OF];
  const run = await carbonExports('run', ...options);
  // Assess
  expect(run.code).toBe(1);
  expect(run.stderr.startsWith(`${LOCK}: ${who}`)).toBe(true);
  expect(run.stderr).toContain('is writing to this export; wait until it ends, or remove');
  expect(hashesAndTimesOf(out.path)).toEqual(before);
});

test.each([
  { what: 'by a process that has ended', lock: lockOf({ ...HERE, pid: endedPid() }) },
  {
    what: 'by a process whose number another process has now',
    lock: lockOf({ ...PARENT, started: '1' }),
  },
  { what: 'by another machine, after its lease', lock: lockOf({ host: 'elsewhere', pid: 1 }, 24) },
  { what: 'by a process without a start time, after its lease', lock: lockOf({ ...notStarted(PARENT) }, 24) },
  { what: 'by an execution, after its lease', lock: lockOf({}, 24) },
  { what: 'with an end that is not a time', lock: lockOf({}).replace(/"until":"[^"]*"/, '"until":"soon"') },
  { what: 'until a time that is too far away', lock: lockOf({}, -100) },
  { what: 'in a record that was cut off', lock: '{"id":"oth' },
  { what: 'in an empty record', lock: '' },
  { what: 'in a record that is not a lock', lock: '[]' },
])('a lock that was taken $what is taken over and released', async ({ lock }) => {
  await expectTakenOver(lock);
});

// Without an id of the machine, a lock from before its last start cannot be recognized.
const withMachineId = (HERE.machine ?? '') === '' ? test.skip : test;

withMachineId(
  'a lock that was taken before this machine was started again is taken over and released',
  async () => {
    await expectTakenOver(lockOf({ ...PARENT, boot: 'the boot before' }));
  },
);

async function expectTakenOver(lock: string): Promise<void> {
  // Prepare
  const out = new EstateFolder(folder());
  out.write(LOCK, lock);
  // Act
  const run = await runEstate(inputs, out.path);
  // Assess
  expect(run.code).toBe(0);
  expect(lockFiles(out.path)).toEqual([]);
}

function notStarted({ host, pid, boot, pidNamespace }: ProcessIdentity): Partial<ProcessIdentity> {
  return { host, pid, ...defined({ boot, pidNamespace }) };
}

/** Records of locks that are stored in a folder of exports. */
function lockFiles(out: string): string[] {
  return readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('/lock'));
}

test('of two runs at once one does the work and the other is refused', async () => {
  // Prepare
  const out = folder();
  // Act
  const runs = await Promise.allSettled([runFolders(inputs, out), runFolders(inputs, out)]);
  // Assess
  expect(runs.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(runs.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: expect.objectContaining({ kind: 'state' }) as unknown,
  });
  expect(existsSync(join(out, lockKey(EXPORT_NAME)))).toBe(false);
});

test('another export of the same folder is not locked', async () => {
  const out = new EstateFolder(folder());
  out.write(lockKey('other'), lockOf(PARENT));
  expect((await runEstate(inputs, out.path)).code).toBe(0);
});

describe('the locks of several exports', () => {
  const NAMES = ['plain', 'plain-by-tag-team', 'plain-by-resource'];

  const take = (out: string, id = 'execution-1'): Promise<void> =>
    acquireRunLocks(new FolderStore(out), NAMES, { id }, new Date());

  /** Who holds each export: the id in the last record, which alone is not the first one. */
  async function holders(out: string): Promise<(string | undefined)[]> {
    const store = new FolderStore(out);
    const ids = NAMES.map(async (name) => {
      const records = await store.list(lockPrefix(name));
      const last = records.find(({ key }) => key !== lockKey(name)) ?? records[0];
      const body = last === undefined ? '' : (await store.get(last.key))?.body.toString('utf8');
      return /"id":"([^"]+)"/.exec(body ?? '')?.[1];
    });
    return Promise.all(ids);
  }

  test('are taken together, and again by who has them', async () => {
    const out = folder();
    await take(out);
    await take(out);
    expect(await holders(out)).toEqual(['execution-1', 'execution-1', 'execution-1']);
    await expect(take(out, 'execution-2')).rejects.toThrow(
      /execution execution-1, since .* is writing to this export/,
    );
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
      await expect(take(out.path)).rejects.toThrow(/: execution other, since .* is writing to this export/);
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

test('the locks of the execution are released, and those of another one stay', async () => {
  const store = new FolderStore(folder());
  await acquireRunLocks(store, ['x', 'x-by-tag-team'], { id: 'e1' }, new Date());
  await acquireRunLocks(store, ['x-by-resource'], { id: 'e2' }, new Date());
  await releaseRunLocks(store, ['x', 'x-by-tag-team', 'x-by-resource', 'x-unlocked'], 'e1');
  const locks = (await store.list('')).map(({ key }) => key).filter((key) => key.includes('lock'));
  expect(locks).toEqual([lockKey('x-by-resource')]);
});
