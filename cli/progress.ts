import type { Progress } from '../shared/base/progress';
import { coloured, shortened } from './text-table';

/*
 * The progress bar is written here because packages do not fit. The widely used one (cli-progress) was last released in
 * 2023. The one of @clack/prompts sets the keyboard to raw mode, so that Ctrl-C no longer ends a run cleanly.
 */

const BAR_WIDTH = 30;

/** What is shown when a step, such as a month, is done. */
export interface Step {
  /** Such as the month and its model version. */
  readonly name: string;
  /** What happened to it, in one line. */
  readonly line: string;
  readonly isFailed: boolean;
}

type Screen = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** How far the work is. */
interface State {
  readonly done: number;
  readonly total: number;
  /** Time since the steps were planned. */
  readonly seconds: number;
  /** What a step is, such as `month`. */
  readonly unit: string;
}

/** What the screen shows after a step. */
type Drawing = (state: State, step: Step, screen: Screen) => string;

/** One line per step, for logs and pipes. */
const line: Drawing = ({ done, total }, step) => `[${String(done)}/${String(total)}] ${step.line}\n`;

/** A bar that is drawn over itself, for terminals. Failed steps stay on the screen. */
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
function paceOf({ done, total, seconds, unit }: State): string {
  if (seconds < 1) return '';
  const rate = done / seconds;
  const pace = rate >= 1 ? `${rate.toFixed(1)} ${unit}s/s` : `${(1 / rate).toFixed(1)} s/${unit}`;
  return done === total ? ` ${pace}` : ` ${pace}, ${durationText((total - done) / rate)} left`;
}

function durationText(seconds: number): string {
  if (seconds < 90) return `${String(Math.ceil(seconds))} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${String(minutes)} min` : `${(minutes / 60).toFixed(1)} h`;
}

/** How a progress is drawn. */
export interface ProgressOptions {
  /** What a step is. @default 'month' */
  readonly unit?: string;
  /** Seconds for which nothing is drawn, for work that is mostly short. @default 0 */
  readonly quietSeconds?: number;
  /** Returns milliseconds. @default - the clock of the process */
  readonly clock?: () => number;
}

/** Returns a progress that draws on the screen. */
export function progressOn<Done>(
  screen: Screen,
  stepOf: (done: Done) => Step,
  { unit = 'month', quietSeconds = 0, clock = () => performance.now() }: ProgressOptions = {},
): Progress<Done> {
  const drawing = screen.isTTY === true ? bar : line;
  let [count, total, start] = [0, 0, clock()];
  return {
    planned: (steps) => {
      [count, total, start] = [0, steps, clock()];
    },
    finished: (done) => {
      count += 1;
      const state = { done: count, total, seconds: (clock() - start) / 1_000, unit };
      if (state.seconds < quietSeconds) return;
      screen.write(drawing(state, stepOf(done), screen));
    },
  };
}

/** Seconds after which work that is mostly short shows its progress. */
const SHORT_SECONDS = 2;

/** Returns a progress for work that is mostly short: it draws the names of the steps once the work takes long. */
export function lateProgress<Done>(unit: string, nameOf: (done: Done) => string): Progress<Done> {
  const stepOf = (done: Done): Step => ({ name: nameOf(done), line: nameOf(done), isFailed: false });
  return progressOn(process.stderr, stepOf, { unit, quietSeconds: SHORT_SECONDS });
}
