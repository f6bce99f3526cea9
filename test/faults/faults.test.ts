import { join } from 'node:path';
import { canMount, diskFull, filesCutOff, readOnly } from './disk-faults';
import { type FaultFigures, FaultWorld } from './fault-world';
import { killedRuns, twoRunsAtOnce } from './killed-runs';
import { lockRounds } from './lock-rounds';
import { stoppedRun } from './stopped-runs';
import { clockJumps, failingStores } from './store-faults';

/*
 * The same scenarios as `npm run faults`, a few times each: whatever hits a run, running it again leaves byte for byte
 * what an undisturbed run leaves.
 */

let world: FaultWorld;

beforeAll(async () => {
  world = await FaultWorld.open();
});

afterAll(() => {
  world.close();
});

function expectNothingLost({ lost, wrong, stray, faults }: FaultFigures): void {
  expect({ lost, wrong, stray }).toEqual({ lost: 0, wrong: 0, stray: 0 });
  expect(faults).toBeGreaterThan(0);
}

test('a run that is killed and run again', async () => {
  const figures = await killedRuns(world, 6, 1);
  expectNothingLost(figures);
  expect(figures.failedRuns).toBe(0);
});

test('two runs at once', async () => {
  const figures = await twoRunsAtOnce(world, 3);
  expect(figures).toMatchObject({ lost: 0, wrong: 0, stray: 0, failedRuns: 0 });
});

test('8 processes take one abandoned lock, and each time exactly one of them gets it', async () => {
  const figures = await lockRounds(15);
  expect(figures).toMatchObject({ trials: 15, faults: 15 * 7, wrong: 0, stray: 0 });
});

test.each([
  ['SIGTERM', 0],
  ['SIGINT', 50],
  ['SIGHUP', 150],
] as const)(
  'a run that %s stops after %d ms says what is left and leaves nothing else',
  async (signal, ms) => {
    const run = await stoppedRun(world, signal, ms);
    expect(run.code).toBe(run.expectedCode);
    expect(run.stderr).toMatch(/the run was stopped .*; run the same command again to continue/);
    expect(run.left).toEqual([]);
    expect(run.differences).toEqual({ lost: 0, wrong: 0, stray: 0 });
  },
);

test('a file that cannot be written to its end', async () => {
  const figures = await filesCutOff(world, [1, 2, 3]);
  expectNothingLost(figures);
  expect(figures.failedRuns).toBe(0);
});

test('a disk that is full, or cannot be written', async () => {
  // Where nothing may be mounted, stores that fail with ENOSPC stand for it below.
  if (!canMount(join(world.folder(false), 'mount'))) return;
  const full = await diskFull(world, [12, 40, 90]);
  expectNothingLost(full);
  expect(full.failedRuns).toBe(0);
  expectNothingLost(await readOnly(world, 1));
});

test('stores of which three calls in ten fail', async () => {
  expectNothingLost(await failingStores(world, 4, 1));
});

test('a clock that jumps', async () => {
  const figures = await clockJumps(world, 2, 1);
  expectNothingLost(figures);
  expect(figures.failedRuns).toBe(0);
});
