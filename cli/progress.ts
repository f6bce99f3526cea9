import { coloured } from './text-table';

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

type Screen = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** What the screen shows after `done` of `total` months. */
type Drawing = (done: number, total: number, step: Step, screen: Screen) => string;

/** One line per month, for logs and pipes. */
const line: Drawing = (done, total, step) => `[${String(done)}/${String(total)}] ${step.line}\n`;

/** A bar that is drawn over itself, for terminals. Failed months stay on the screen. */
const bar: Drawing = (done, total, step, screen) => {
  const filled = Math.round((done / total) * BAR_WIDTH);
  const drawn = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  const failure = step.isFailed ? `${coloured('red', step.line, screen)}\n` : '';
  return `\r\u001b[2K${failure}${drawn} ${String(done)}/${String(total)} ${step.name}${done === total ? '\n' : ''}`;
};

/** Returns a progress that draws on the screen. */
export function progressOn<Done>(screen: Screen, stepOf: (done: Done) => Step): Progress<Done> {
  const drawing = screen.isTTY === true ? bar : line;
  let [count, total] = [0, 0];
  return {
    planned: (months) => {
      total = months;
    },
    finished: (done) => {
      count += 1;
      screen.write(drawing(count, total, stepOf(done), screen));
    },
  };
}

/** A progress that shows nothing, for output that programs read. */
export const NO_PROGRESS: Progress<unknown> = { planned: () => undefined, finished: () => undefined };
