import type { MonthOutcome } from '../shared/runs/month-outcome';
import type { RunObserver } from '../shared/runs/run-export';

const BAR_WIDTH = 30;

/** A stream that may be a terminal. */
export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** What a screen shows once so many of so many months are finished. */
type Drawing = (done: number, total: number, outcome: MonthOutcome) => string;

/** One line per finished month, for logs and pipes. */
const line: Drawing = (done, total, outcome) => `[${String(done)}/${String(total)}] ${inWords(outcome)}\n`;

/** A bar that is drawn over itself, for terminals. Failed months stay on the screen. */
const bar: Drawing = (done, total, outcome) => {
  const filled = Math.round((done / total) * BAR_WIDTH);
  const drawn = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  const failure = outcome.status === 'failed' ? `${inWords(outcome)}\n` : '';
  const place = `${String(done)}/${String(total)} ${outcome.month} ${outcome.modelVersion}`;
  return `\r\u001b[2K${failure}${drawn} ${place}${done === total ? '\n' : ''}`;
};

/** Progress as the screen can show it; nothing at all when `quiet`. */
export function progressOn(screen: Screen, quiet: boolean): RunObserver {
  if (quiet) return { planned: () => undefined, finished: () => undefined };
  const drawing = screen.isTTY === true ? bar : line;
  let done = 0;
  let total = 0;
  return {
    planned: (months) => {
      total = months;
    },
    finished: (outcome) => {
      done += 1;
      screen.write(drawing(done, total, outcome));
    },
  };
}

function inWords({ month, modelVersion, status, summary, error }: MonthOutcome): string {
  const what = `${month} ${modelVersion} ${status}`;
  if (error !== undefined) return `${what}: ${error.split('\n')[0] ?? ''}`;
  return summary === undefined ? what : `${what}, ${String(summary.rows)} rows`;
}
