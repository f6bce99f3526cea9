import { FolderStore } from '../../shared/stores/folder-store';
import { hashesOf } from '../support/folder-contents';
import { hasFailed, runFolders, runStores } from '../support/run-export';
import { FailingStore } from './failing-store';
import { compareTrees, type FaultFigures, type FaultWorld, summed } from './fault-world';
import { seeded } from './seeded';

const MOST_RUNS = 40;

/**
 * Runs on stores that fail 30 % of their calls, of inputs and exports, up to a number of faults in each run. Repeats the run
 * until it has no error.
 */
export async function failingStores(world: FaultWorld, trials: number, seed: number): Promise<FaultFigures> {
  const random = seeded(seed);
  const figures = [];
  for (const { inputs, out, day, expected } of world.trials(trials)) {
    let [faults, failedRuns] = [0, 0];
    for (let run = 0; run < MOST_RUNS; run += 1) {
      // Fewer with every run, so that the trial ends.
      const most = Math.max(0, Math.floor(random() * (8 - run)));
      const stores = [inputs, out].map(
        (folder) => new FailingStore(new FolderStore(folder), random, 0.3, most),
      );
      const isDone = await succeeds(stores, day);
      faults += stores.reduce((sum, store) => sum + store.faults, 0);
      if (isDone) break;
      failedRuns += 1;
    }
    figures.push({ faults, failedRuns, ...compareTrees(hashesOf(out), expected) });
  }
  return summed('30 % of calls fail: 503, resets, time-outs, ENOSPC, EIO (folder)', figures);
}

async function succeeds([inputs, out]: readonly FailingStore[], day: string): Promise<boolean> {
  if (inputs === undefined || out === undefined) throw new Error('two stores are needed');
  try {
    return !hasFailed(await runStores(inputs, out, { asOf: day, threads: 1 }));
  } catch {
    return false;
  }
}

/** A clock before the as-of day is refused. */
const EARLIEST = Date.UTC(2026, 0, 1);

/** Runs over the same inputs and as-of day, between which the wall clock jumps by decades in both directions. */
export async function clockJumps(world: FaultWorld, trials: number, seed: number): Promise<FaultFigures> {
  const random = seeded(seed);
  const figures = [];
  for (let trial = 0; trial < trials; trial += 1) {
    const out = world.folder(false);
    let failedRuns = 0;
    for (const isRestatement of [false, false, true, true]) {
      const { inputs, day } = world.trial(isRestatement);
      const now = new Date(EARLIEST + random() * (Date.UTC(2100, 0, 1) - EARLIEST));
      const report = await runFolders(inputs, out, { asOf: day, now, threads: 1 });
      if (hasFailed(report)) failedRuns += 1;
    }
    figures.push({ faults: 4, failedRuns, ...compareTrees(hashesOf(out), world.expectedSecond) });
  }
  return summed('the clock jumps between runs; faults are jumps', figures);
}
