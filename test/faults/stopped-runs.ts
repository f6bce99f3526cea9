import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lockPrefix } from '../../shared/exports/layout';
import { EXPORT_NAME } from '../support/export-name';
import { hashesOf } from '../support/folder-contents';
import { ChildRun } from './child-run';
import { compareTrees, type FaultFigures, type FaultWorld, runsAgain } from './fault-world';
import { lockTaken, runArguments } from './killed-runs';

/** How a stopped run ended, and what it left. */
export interface StoppedRun {
  readonly code: number | null;
  readonly expectedCode: number;
  readonly stderr: string;
  /** Records of the lock and scratch folders that are left. */
  readonly left: readonly string[];
  /** Differences from a run without faults, after the export was run again. */
  readonly differences: Pick<FaultFigures, 'lost' | 'wrong' | 'stray'>;
}

/** Stops a run with a signal `delayMs` after it has taken the lock, and runs the export again. */
export async function stoppedRun(
  world: FaultWorld,
  signal: NodeJS.Signals,
  delayMs: number,
): Promise<StoppedRun> {
  const { inputs, day, expected } = world.trial(false);
  const out = world.folder(false);
  const scratch = mkdtempSync(join(tmpdir(), 'carbon-stopped-'));
  try {
    const run = ChildRun.start(runArguments(inputs, out, day), { TMPDIR: scratch });
    await lockTaken(run, out);
    await sleep(delayMs);
    run.kill(signal);
    const { code, stderr } = await run.ended;
    const names = readdirSync(out, { recursive: true, encoding: 'utf8' });
    const left = [
      ...names.filter((name) => name.startsWith(lockPrefix(EXPORT_NAME))),
      ...readdirSync(scratch),
    ];
    await runsAgain(inputs, out, day);
    const differences = compareTrees(hashesOf(out), expected);
    return { code, expectedCode: 128 + constants.signals[signal], stderr, left, differences };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
