import { Command, CommanderError } from 'commander';
import { version } from '../package.json';
import { CarbonError, EXIT } from '../shared/base/carbon-error';
import { errorText } from './error-text';
import { stopOnSignals } from './stop-on-signals';
import { VERBS } from './verbs';

const HELP_HINT = '(run with --help for the options)';

/** Runs the command with its arguments (without node and script) and returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.done;
  const program = new Command('carbon-exports')
    .description('Monthly carbon exports for every account of an AWS Organization')
    .version(version)
    .exitOverride()
    .showHelpAfterError(HELP_HINT)
    // The options of a verb are known when the verb is loaded.
    .configureHelp({ subcommandTerm: (command) => command.name() });
  for (const { name, description, load } of VERBS) {
    const command = program.command(name).description(description);
    if (!args.includes(name)) continue;
    const define = await load();
    define(command, (code) => {
      exitCode = code;
    });
  }
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
