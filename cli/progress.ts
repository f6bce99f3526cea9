import type { MonthOutcome } from '../shared/runs/month-outcome';
import type { RunObserver } from '../shared/runs/run-export';

const BAR_WIDTH = 30;

/** A stream that may be a terminal. */
export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** One line per finished month, for logs and pipes. */
function plainProgress(screen: Screen): RunObserver {
  let done = 0;
  let total = 0;
  return {
    planned: (months) => {
      total = months;
    },
    finished: (outcome) => {
      done += 1;
      screen.write(`[${String(done)}/${String(total)}] ${inWords(outcome)}\n`);
    },
  };
}

/** A bar that is drawn over itself, for terminals. Failed months stay on the screen. */
function barProgress(screen: Screen): RunObserver {
  let done = 0;
  let total = 0;
  return {
    planned: (months) => {
      total = months;
    },
    finished: (outcome) => {
      done += 1;
      const filled = Math.round((done / total) * BAR_WIDTH);
      const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
      const line = `${bar} ${String(done)}/${String(total)} ${outcome.month} ${outcome.modelVersion}`;
      const failure = outcome.status === 'failed' ? `${inWords(outcome)}\n` : '';
      screen.write(`\r\u001b[2K${failure}${line}${done === total ? '\n' : ''}`);
    },
  };
}

/** Progress as the screen can show it; nothing at all when `quiet`. */
export function progressOn(screen: Screen, quiet: boolean): RunObserver {
  if (quiet) return { planned: () => undefined, finished: () => undefined };
  return screen.isTTY === true ? barProgress(screen) : plainProgress(screen);
}

function inWords({ month, modelVersion, status, summary, error }: MonthOutcome): string {
  const what = `${month} ${modelVersion} ${status}`;
  if (error !== undefined) return `${what}: ${error.split('\n')[0] ?? ''}`;
  return summary === undefined ? what : `${what}, ${String(summary.rows)} rows`;
}
