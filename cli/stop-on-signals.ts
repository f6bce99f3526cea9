import { constants } from 'node:os';
import { removeAllScratch, stopWork } from '../shared/base/stopping';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** How long work may take to stop before the process exits without it. A lock that it holds is then free at once. */
const GRACE_MS = 8_000;

/** Exit code of a process that a signal stopped, as shells report it. */
function exitCodeFor(signal: (typeof SIGNALS)[number]): number {
  return 128 + constants.signals[signal];
}

/**
 * Stops the work of this process on the first SIGTERM, SIGINT or SIGHUP, and exits at once on the second one.
 *
 * @returns a function that returns the exit code of the signal, or undefined where there was none
 */
export function stopOnSignals(): () => number | undefined {
  let exitCode: number | undefined;
  const exitNow = (code: number): void => {
    removeAllScratch();
    process.exit(code);
  };
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      const code = exitCodeFor(signal);
      if (exitCode !== undefined) exitNow(code);
      exitCode = code;
      stopWork(signal);
      setTimeout(exitNow, GRACE_MS, code).unref();
    });
  }
  return () => exitCode;
}
