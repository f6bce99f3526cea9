import { Command, CommanderError } from 'commander';
import { version } from '../package.json';
import { CarbonError, EXIT } from '../shared/base/carbon-error';
import { addAccountsVerb } from './accounts-verb';
import { addDiffVerb } from './diff-verb';
import { errorText } from './error-text';
import { addExplainVerb } from './explain-verb';
import { addInitVerb } from './init-verb';
import { addQueryVerb } from './query-verb';
import { addRunVerb } from './run-verb';
import { addSampleVerb } from './sample-verb';
import { addStatusVerb } from './status-verb';
import { stopOnSignals } from './stop-on-signals';
import { addValidateVerb } from './validate-verb';
import { addVerifyVerb } from './verify-verb';

const HELP_HINT = '(run with --help for the options)';

const VERBS = [
  addRunVerb,
  addValidateVerb,
  addStatusVerb,
  addQueryVerb,
  addExplainVerb,
  addVerifyVerb,
  addDiffVerb,
  addAccountsVerb,
  addInitVerb,
  addSampleVerb,
];

/** Runs the command with its arguments (without node and script) and returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.done;
  const program = new Command('carbon-exports')
    .description('Monthly carbon exports for every account of an AWS Organization')
    .version(version)
    .exitOverride()
    .showHelpAfterError(HELP_HINT);
  for (const addVerb of VERBS) {
    addVerb(program, (code) => {
      exitCode = code;
    });
  }
  for (const command of program.commands) command.exitOverride().showHelpAfterError(HELP_HINT);
  return exitCodeOf(async () => {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  });
}

/** Returns the exit code of some work. An error is printed in words and returned as its exit code. */
export async function exitCodeOf(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    // commander has printed its message.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    const isUsage = error instanceof CarbonError && error.kind === 'usage';
    console.error(isUsage ? `error: ${error.message}\n${HELP_HINT}` : errorText(error));
    return error instanceof CarbonError ? error.exitCode : EXIT.failed;
  }
}

/** Sets the exit code of the process to that of some work, or to 128 + n where signal n stopped the work. */
export function exitWith(work: () => Promise<number>): void {
  const signalCode = stopOnSignals();
  void exitCodeOf(work).then((code) => {
    process.exitCode = signalCode() ?? code;
  });
}
