/**
 * What has to change after an error.
 *
 * - `input`: the inputs of a month; running again does not help.
 * - `usage`: the command, a setting or an event.
 * - `state`: a stored file or another run, which does not allow the work now.
 * - `transient`: nothing; the same work may succeed in another attempt.
 */
export type ErrorKind = 'input' | 'usage' | 'state' | 'transient';

/** Exit codes of the command: 0 all done, 1 some month failed, 2 wrong usage. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/**
 * Every error that this program raises deliberately. Its message has four parts: where, what was found, what was expected
 * and how to fix it.
 */
export class CarbonError extends Error {
  /** @param kind what has to change */
  constructor(
    readonly kind: ErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }

  /** Exit code of a command that ends with this error. */
  get exitCode(): number {
    return this.kind === 'usage' ? EXIT.usage : EXIT.failed;
  }
}
