import { Command, CommanderError } from 'commander';
import { version } from '../package.json';
import { CarbonError, EXIT } from '../shared/base/carbon-error';
import { errorMessage, errorName } from '../shared/base/error-info';
import { addDiffVerb } from './diff-verb';
import { addExplainVerb } from './explain-verb';
import { addInitVerb } from './init-verb';
import { addQueryVerb } from './query-verb';
import { addRunVerb } from './run-verb';
import { addSampleVerb } from './sample-verb';
import { addStatusVerb } from './status-verb';
import { addValidateVerb } from './validate-verb';
import { addVerifyVerb } from './verify-verb';

const HELP_HINT = '(run with --help for the options)';

/** Runs the command with its arguments (without node and script) and gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.done;
  const program = new Command('carbon-exports')
    .description('Monthly carbon exports for every account of an AWS Organization')
    .version(version)
    .exitOverride()
    .showHelpAfterError(HELP_HINT);
  const finish = (code: number): void => {
    exitCode = code;
  };
  for (const addVerb of [
    addRunVerb,
    addValidateVerb,
    addStatusVerb,
    addQueryVerb,
    addExplainVerb,
    addVerifyVerb,
    addDiffVerb,
    addInitVerb,
    addSampleVerb,
  ])
    addVerb(program, finish);
  for (const command of program.commands) command.exitOverride().showHelpAfterError(HELP_HINT);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (!(error instanceof CarbonError)) {
      console.error(`${errorName(error)}: ${errorMessage(error)}`);
      return EXIT.failed;
    }
    console.error(error.kind === 'usage' ? `error: ${error.message}\n${HELP_HINT}` : error.message);
    return error.exitCode;
  }
}
