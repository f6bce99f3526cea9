/** Counts the steps of long work, such as the months of a run, as they are done. */
export interface Progress<Done> {
  /** Called with the number of steps before the first one. */
  planned(steps: number): void;
  /** Called after each step. */
  finished(done: Done): void;
}

/** A progress that no one follows. */
export const NO_PROGRESS: Progress<unknown> = { planned: () => undefined, finished: () => undefined };
