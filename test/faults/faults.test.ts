import { keepDuckDb } from '../support/kept-duckdb';
import { repetitions } from '../support/repetitions';
import { scratch } from '../support/scratch';
import { canMount, diskFull, filesCutOff, readOnly } from './disk-faults';
import { type FaultFigures, FaultWorld, MONTHS } from './fault-world';
import { killedRuns, twoRunsAtOnce } from './killed-runs';
import { lockRounds } from './lock-rounds';
import { stoppedRun } from './stopped-runs';
import { clockJumps, failingStores } from './store-faults';

/*
 * The scenarios of `npm run faults`, a few times each (`npm run test:deep`: more often). After any fault, the same command
 * run again leaves the same files, byte for byte, as a run without faults.
 */

const folder = scratch();

let world: FaultWorld;

beforeAll(async () => {
  await keepDuckDb({ threads: 1 });
  // Two months of each version; `npm run faults` uses all months.
  world = await FaultWorld.open(MONTHS.slice(0, 4));
});

afterAll(() => {
  world.close();
});

function expectNothingLost({ lost, wrong, stray, faults }: FaultFigures): void {
  expect({ lost, wrong, stray }).toEqual({ lost: 0, wrong: 0, stray: 0 });
  expect(faults).toBeGreaterThan(0);
}

/** Returns sizes in KiB: multiples of the first. */
function sizes(first: number, count: number): number[] {
  return Array.from({ length: repetitions(count) }, (_, index) => first * (index + 1));
}

test('a run that is killed and run again loses nothing', async () => {
  const figures = await killedRuns(world, repetitions(3), 1);
  expectNothingLost(figures);
  expect(figures.failedRuns).toBe(0);
});

test('two runs at the same time: one publishes, the other is refused', async () => {
  const figures = await twoRunsAtOnce(world, repetitions(2));
  expect(figures).toMatchObject({ lost: 0, wrong: 0, stray: 0, failedRuns: 0 });
});

test('when 8 processes take one abandoned lock, exactly one of them gets it each time', async () => {
  // One round for each kind of abandoned lock
  const rounds = repetitions(5);
  const figures = await lockRounds(rounds);
  expect(figures).toMatchObject({ trials: rounds, faults: rounds * 7, wrong: 0, stray: 0 });
});

test.each([
  ['SIGTERM', 0],
  ['SIGINT', 25],
  ['SIGHUP', 75],
] as const)(
  'a run that %s stops after %d ms reports the months left and leaves no other files',
  async (signal, ms) => {
    const run = await stoppedRun(world, signal, ms);
    expect(run.code).toBe(run.expectedCode);
    expect(run.stderr).toMatch(/the run was stopped .*; run the same command again to continue/);
    expect(run.left).toEqual([]);
    expect(run.differences).toEqual({ lost: 0, wrong: 0, stray: 0 });
  },
);

test('a file that cannot be written completely is published by the next run', async () => {
  const figures = await filesCutOff(world, sizes(1, 2));
  expectNothingLost(figures);
  expect(figures.failedRuns).toBe(0);
});

// Where this process may not mount, the stores below that fail with ENOSPC test a full disk.
const withMounts = canMount(folder()) ? test : test.skip;

withMounts('a disk that is full or read-only loses nothing', async () => {
  const full = await diskFull(world, sizes(40, 1));
  expectNothingLost(full);
  expect(full.failedRuns).toBe(0);
  expectNothingLost(await readOnly(world, 1));
});

test('stores that fail three calls in ten lose nothing', async () => {
  expectNothingLost(await failingStores(world, repetitions(2), 1));
});

test('a clock that jumps between runs changes nothing', async () => {
  const figures = await clockJumps(world, repetitions(1), 1);
  expectNothingLost(figures);
  expect(figures.failedRuns).toBe(0);
});
