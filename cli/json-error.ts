import { CommanderError } from 'commander';
import { CarbonError, EXIT, type ErrorKind } from '../shared/base/carbon-error';
import { InputError, type InputProblem } from '../shared/base/input-problem';
import { errorText } from './error-text';

/** An error as `--json` prints it on standard error. */
export interface JsonError {
  readonly error: {
    /** What has to change; `unexpected` for an error in the program or its surroundings. */
    readonly kind: ErrorKind | 'unexpected';
    readonly message: string;
    readonly exitCode: number;
    /** Each problem of the inputs with its place. */
    readonly problems?: readonly InputProblem[];
  };
}

/** Returns an error for programs. */
export function jsonError(error: unknown): JsonError {
  if (error instanceof CommanderError) {
    const message = error.message.replace(/^error: /, '');
    return { error: { kind: 'usage', message, exitCode: EXIT.usage } };
  }
  const message = errorText(error);
  if (!(error instanceof CarbonError)) {
    return { error: { kind: 'unexpected', message, exitCode: EXIT.failed } };
  }
  const { kind, exitCode } = error;
  const problems = error instanceof InputError ? { problems: error.problems } : {};
  return { error: { kind, message, exitCode, ...problems } };
}

/** Whether arguments ask for output that programs read. */
export function asksForJson(args: readonly string[]): boolean {
  return args.some(
    (arg, at) =>
      arg === '--json' || arg === '--format=json' || (arg === '--format' && args[at + 1] === 'json'),
  );
}
