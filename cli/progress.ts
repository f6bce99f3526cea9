import { coloured, shortened } from './text-table';

/*
 * The progress bar is written here because packages do not fit. The widely used one (cli-progress) was last released in
 * 2023. The one of @clack/prompts sets the keyboard to raw mode, so that Ctrl-C no longer ends a run cleanly.
 */

const BAR_WIDTH = 30;

/** What is shown when a month is done. */
export interface Step {
  /** Month and model version. */
  readonly name: string;
  /** What happened to it, in one line. */
  readonly line: string;
  readonly isFailed: boolean;
}

/** Counts months as they are done. */
export interface Progress<Done> {
  planned(months: number): void;
  finished(done: Done): void;
}

type Screen = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** How far the work is. */
interface State {
  readonly done: number;
  readonly total: number;
  /** Time since the months were planned. */
  readonly seconds: number;
}

/** What the screen shows after a step. */
type Drawing = (state: State, step: Step, screen: Screen) => string;

/** One line per month, for logs and pipes. */
const line: Drawing = ({ done, total }, step) => `[${String(done)}/${String(total)}] ${step.line}\n`;

/** A bar that is drawn over itself, for terminals. Failed months stay on the screen. */
const bar: Drawing = (state, step, screen) => {
  const { done, total } = state;
  const filled = Math.round((done / total) * BAR_WIDTH);
  const drawn = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  const failure = step.isFailed ? `${coloured('red', step.line, screen)}\n` : '';
  const text = `${drawn} ${String(done)}/${String(total)} ${step.name}${paceOf(state)}`;
  // A line longer than the terminal would wrap, and could not be drawn over.
  const fitted = screen.columns === undefined ? text : shortened(text, screen.columns - 1);
  return `\r\u001b[2K${failure}${fitted}${done === total ? '\n' : ''}`;
};

/** Rate and remaining time: of the work so far, which may be uneven. */
function paceOf({ done, total, seconds }: State): string {
  if (seconds < 1) return '';
  const rate = done / seconds;
  const pace = rate >= 1 ? `${rate.toFixed(1)} months/s` : `${(1 / rate).toFixed(1)} s/month`;
  return done === total ? ` ${pace}` : ` ${pace}, ${durationText((total - done) / rate)} left`;
}

function durationText(seconds: number): string {
  if (seconds < 90) return `${String(Math.ceil(seconds))} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${String(minutes)} min` : `${(minutes / 60).toFixed(1)} h`;
}

/** Returns a progress that draws on the screen. The clock returns milliseconds. */
export function progressOn<Done>(
  screen: Screen,
  stepOf: (done: Done) => Step,
  clock: () => number = () => performance.now(),
): Progress<Done> {
  const drawing = screen.isTTY === true ? bar : line;
  let [count, total, start] = [0, 0, clock()];
  return {
    planned: (months) => {
      [count, total, start] = [0, months, clock()];
    },
    finished: (done) => {
      count += 1;
      const state = { done: count, total, seconds: (clock() - start) / 1_000 };
      screen.write(drawing(state, stepOf(done), screen));
    },
  };
}

/** A progress that shows nothing, for output that programs read, and for --quiet. */
export const NO_PROGRESS: Progress<unknown> = { planned: () => undefined, finished: () => undefined };
