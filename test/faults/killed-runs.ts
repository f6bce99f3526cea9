import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lockKey } from '../../shared/exports/layout';
import { EXPORT_NAME } from '../support/export-name';
import { hashesOf } from '../support/folder-contents';
import { ChildRun } from './child-run';
import { compareTrees, type FaultFigures, type FaultWorld, runsAgain, summed } from './fault-world';
import { seeded } from './seeded';

/** Returns the arguments of a run of the command. */
export function runArguments(inputs: string, out: string, day: string): string[] {
  const places = ['--inputs', inputs, '--out', out, '--export-name', EXPORT_NAME];
  // The runs without faults write no report page.
  return ['run', ...places, '--as-of', day, '--no-report', '--json'];
}

/** Resolves when a run has taken the lock, or has ended. */
export async function lockTaken(run: ChildRun, out: string): Promise<void> {
  while (run.isRunning && !existsSync(join(out, lockKey(EXPORT_NAME)))) await sleep(2);
}

/**
 * Kills a run with SIGKILL at a random instant after it has taken the lock, and runs it again. Backfills and restatements
 * alternate. The first run is killed as soon as it has the lock, so that one kill hits on a machine of any speed.
 */
export async function killedRuns(world: FaultWorld, trials: number, seed: number): Promise<FaultFigures> {
  const random = seeded(seed);
  const workMs = await workDuration(world);
  const figures = [];
  for (const { inputs, out, day, expected } of world.trials(trials)) {
    const delayMs = figures.length === 0 ? 0 : random() * workMs;
    const killed = await killAfter(runArguments(inputs, out, day), out, delayMs);
    const isDone = await runsAgain(inputs, out, day);
    const differences = compareTrees(hashesOf(out), expected);
    figures.push({ faults: killed ? 1 : 0, failedRuns: isDone ? 0 : 1, ...differences });
  }
  return summed('SIGKILL at a random instant, then a rerun (folder)', figures);
}

/** Starts a run and kills it after it has had the lock for `delayMs`. Returns false when it had ended before. */
async function killAfter(args: readonly string[], out: string, delayMs: number): Promise<boolean> {
  const run = ChildRun.start(args);
  await lockTaken(run, out);
  await sleep(delayMs);
  run.kill();
  return (await run.ended).signal === 'SIGKILL';
}

/** Returns how long a run works from taking the lock to its end, in ms. */
async function workDuration(world: FaultWorld): Promise<number> {
  const out = world.folder(false);
  const run = ChildRun.start(runArguments(world.inputs, out, world.trial(false).day));
  await lockTaken(run, out);
  const since = performance.now();
  await run.ended;
  return performance.now() - since;
}

/** Starts two runs of one export at the same time. One of them publishes, and nothing is mixed or lost. */
export async function twoRunsAtOnce(world: FaultWorld, trials: number): Promise<FaultFigures> {
  const figures = [];
  for (const { inputs, out, day, expected } of world.trials(trials)) {
    const runs = [1, 2].map(() => ChildRun.start(runArguments(inputs, out, day)));
    const ends = await Promise.all(runs.map(({ ended }) => ended));
    const refused = ends.filter(
      ({ code, stderr }) => code === 1 && stderr.includes('is writing to this export'),
    );
    const crashed = ends.filter(({ code }) => code !== 0).length - refused.length;
    const differences = compareTrees(hashesOf(out), expected);
    figures.push({ ...differences, faults: refused.length, failedRuns: crashed });
  }
  return summed('two runs at the same time; faults are runs that were refused', figures);
}
