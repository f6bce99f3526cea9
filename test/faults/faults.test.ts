import { repetitions } from '../support/repetitions';
import { scratch } from '../support/scratch';
import { canMount, diskFull, filesCutOff, readOnly } from './disk-faults';
import { type FaultFigures, FaultWorld } from './fault-world';
import { killedRuns, twoRunsAtOnce } from './killed-runs';
import { lockRounds } from './lock-rounds';
import { stoppedRun } from './stopped-runs';
import { clockJumps, failingStores } from './store-faults';

/*
 * The scenarios of `npm run faults`, a few times each (`npm run test:deep`: more often). Whatever stops a run, the same
 * command run again leaves byte for byte what an undisturbed run leaves.
 */

const folder = scratch();

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

/** Sizes in KiB, from the first one on. */
function sizes(first: number, count: number): number[] {
  return Array.from({ length: repetitions(count) }, (_, index) => first * (index + 1));
}

test('a run that is killed and run again', async () => {
  const figures = await killedRuns(world, repetitions(3), 1);
  expectNothingLost(figures);
  expect(figures.failedRuns).toBe(0);
});

test('two runs at once', async () => {
  const figures = await twoRunsAtOnce(world, repetitions(2));
  expect(figures).toMatchObject({ lost: 0, wrong: 0, stray: 0, failedRuns: 0 });
});

test('8 processes take one abandoned lock, and each time exactly one of them gets it', async () => {
  // One round for each kind of abandoned lock
  const rounds = repetitions(5);
  const figures = await lockRounds(rounds);
  expect(figures).toMatchObject({ trials: rounds, faults: rounds * 7, wrong: 0, stray: 0 });
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
  const figures = await filesCutOff(world, sizes(1, 2));
  expectNothingLost(figures);
  expect(figures.failedRuns).toBe(0);
});

// Without the right to mount, the stores below that fail with ENOSPC are the test of it.
const withMounts = canMount(folder()) ? test : test.skip;

withMounts('a disk that is full, or cannot be written', async () => {
  const full = await diskFull(world, sizes(40, 1));
  expectNothingLost(full);
  expect(full.failedRuns).toBe(0);
  expectNothingLost(await readOnly(world, 1));
});

test('stores of which three calls in ten fail', async () => {
  expectNothingLost(await failingStores(world, repetitions(2), 1));
});

test('a clock that jumps', async () => {
  const figures = await clockJumps(world, repetitions(1), 1);
  expectNothingLost(figures);
  expect(figures.failedRuns).toBe(0);
});
