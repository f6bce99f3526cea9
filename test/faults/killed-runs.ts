import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lockKey } from '../../shared/exports/layout';
import { EXPORT_NAME } from '../support/export-name';
import { hashesOf } from '../support/folder-contents';
import { ChildRun } from './child-run';
import { compareTrees, type FaultFigures, type FaultWorld, runsAgain, summed } from './fault-world';
import { seeded } from './seeded';

/** Arguments of a run of the command. */
export function runArguments(inputs: string, out: string, day: string): string[] {
  return ['run', '--inputs', inputs, '--out', out, '--export-name', EXPORT_NAME, '--as-of', day, '--json'];
}

/** Resolves when a run has taken the lock, or has ended. */
export async function lockTaken(run: ChildRun, out: string): Promise<void> {
  while (run.isRunning && !existsSync(join(out, lockKey(EXPORT_NAME)))) await sleep(2);
}

/**
 * Kills a run with SIGKILL at random instants of its work, from taking the lock to its end, and runs it again: every
 * other trial is a backfill from nothing, the others restate what is published. The first one is killed as soon as it has
 * the lock, so that one kill hits whatever the speed of the machine.
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

/** Starts a run and kills it so long after it has taken the lock; false when it had ended before. */
async function killAfter(args: readonly string[], out: string, delayMs: number): Promise<boolean> {
  const run = ChildRun.start(args);
  await lockTaken(run, out);
  await sleep(delayMs);
  run.kill();
  return (await run.ended).signal === 'SIGKILL';
}

/** How long a run works from taking the lock to its end, in ms. */
async function workDuration(world: FaultWorld): Promise<number> {
  const out = world.folder(false);
  const run = ChildRun.start(runArguments(world.inputs, out, world.trial(false).day));
  await lockTaken(run, out);
  const since = performance.now();
  await run.ended;
  return performance.now() - since;
}

/** Starts two runs of one export at once, so many times: one of them publishes, nothing is mixed or lost. */
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
  return summed('two runs at once; faults are runs that were refused', figures);
}
