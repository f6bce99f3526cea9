import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { copyFolder, hashesOf } from '../support/folder-contents';
import { ChildRun } from './child-run';
import { compareTrees, type FaultFigures, type FaultWorld, runsAgain, summed } from './fault-world';
import { runArguments } from './killed-runs';

/**
 * Runs with a limit on the size of files (`ulimit -f`, in units of 1,024 bytes), then without it. The limit acts as a disk
 * that is full in the middle of a file.
 */
export async function filesCutOff(world: FaultWorld, limitsKib: readonly number[]): Promise<FaultFigures> {
  const figures = [];
  const limits = limitsKib.values();
  for (const { inputs, out, day, expected } of world.trials(limitsKib.length)) {
    const limit = limits.next().value;
    const args = runArguments(inputs, out, day);
    const disturbed = await ChildRun.start(args, {}, `ulimit -f ${String(limit)}`).ended;
    const isDone = await runsAgain(inputs, out, day);
    const differences = compareTrees(hashesOf(out), expected);
    figures.push({
      ...differences,
      faults: disturbed.code === 0 ? 0 : 1,
      failedRuns: isDone ? 0 : 1,
    });
  }
  return summed('file size limit, then none (RLIMIT_FSIZE)', figures);
}

/** Returns true where this process may mount file systems. Only root may, and in most containers not even root. */
export function canMount(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Runs on a file system that is full before the run ends, then on the same one with more space. Sizes are in KiB. */
export async function diskFull(world: FaultWorld, sizesKib: readonly number[]): Promise<FaultFigures> {
  const figures = [];
  for (const size of sizesKib) {
    const { inputs, day, expected } = world.trial(false);
    const mounted = world.folder(false);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${String(size)}k`, 'tmpfs', mounted]);
    try {
      const args = runArguments(inputs, mounted, day);
      const disturbed = await ChildRun.start(args).ended;
      execFileSync('mount', ['-o', 'remount,size=64m', mounted]);
      const isDone = await runsAgain(inputs, mounted, day);
      const differences = compareTrees(hashesOf(mounted), expected);
      const isFault = disturbed.code === 1 && disturbed.signal === null;
      figures.push({ ...differences, faults: isFault ? 1 : 0, failedRuns: isDone ? 0 : 1 });
    } finally {
      execFileSync('umount', [mounted]);
    }
  }
  return summed('disk full (tmpfs), then room', figures);
}

/** Runs on a published tree that is mounted read-only. The run must fail with a clear error and change nothing. */
export async function readOnly(world: FaultWorld, trials: number): Promise<FaultFigures> {
  const figures = [];
  for (let trial = 0; trial < trials; trial += 1) {
    const { inputs, day, expected } = world.trial(true);
    const mounted = world.folder(false);
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', mounted]);
    try {
      copyFolder(world.published, mounted);
      execFileSync('mount', ['-o', 'remount,ro', mounted]);
      const args = runArguments(inputs, mounted, day);
      const disturbed = await ChildRun.start(args).ended;
      const untouched = compareTrees(hashesOf(mounted), world.expectedFirst);
      execFileSync('mount', ['-o', 'remount,rw', mounted]);
      const isDone = await runsAgain(inputs, mounted, day);
      const after = compareTrees(hashesOf(mounted), expected);
      figures.push({
        faults: disturbed.code === 1 && disturbed.stderr.includes('read-only') ? 1 : 0,
        failedRuns: isDone ? 0 : 1,
        lost: untouched.lost + after.lost,
        wrong: untouched.wrong + after.wrong,
        stray: untouched.stray + after.stray,
      });
    } finally {
      execFileSync('umount', [mounted]);
    }
  }
  return summed('read-only output (tmpfs), then writable', figures);
}
