import { Command, CommanderError } from 'commander';
import { version } from '../package.json';
import { CarbonError, EXIT } from '../shared/base/carbon-error';
import { errorText } from './error-text';
import { examplesText } from './examples';
import { asksForJson, jsonError } from './json-error';
import { jsonReport } from './json-report';
import { assertKnownOptions } from './known-options';
import { stopOnSignals } from './stop-on-signals';
import { VERBS } from './verbs';

const HELP_HINT = '(run with --help for the options)';

/** Runs the command with its arguments (without node and script) and returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.done;
  const isJson = asksForJson(args);
  return exitCodeOf(async () => {
    const program = await commandTree(args, isJson, (code) => {
      exitCode = code;
    });
    assertKnownOptions(program, args);
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  }, isJson);
}

/**
 * Returns the program with its verbs; the options of a verb are loaded where the arguments name it.
 *
 * @param args without arguments, and for completion, the options of every verb are loaded
 * @param finish is called with the exit code of a verb
 */
export async function commandTree(
  args: readonly string[] | undefined,
  isJson = false,
  finish: (exitCode: number) => void = () => undefined,
): Promise<Command> {
  const program = newProgram(isJson);
  for (const { name, description, load } of VERBS) {
    const command = program.command(name).description(description);
    if (args !== undefined && args[0] !== 'completion' && !args.includes(name)) continue;
    const define = await load();
    define(command, finish);
    command.addHelpText('after', examplesText(name));
    for (const below of command.commands) {
      below.addHelpText('after', examplesText(`${name} ${below.name()}`));
    }
  }
  return program;
}

/** Returns the program without verbs; they inherit its settings. */
function newProgram(isJson: boolean): Command {
  const program = new Command('carbon-exports')
    .description('Monthly carbon exports for every account of an AWS Organization')
    .version(version)
    .exitOverride()
    .configureHelp({
      // The options of a verb are known when the verb is loaded.
      subcommandTerm: (command) => command.name(),
      optionDescription: (option) => {
        const notes = [
          ...(option.mandatory ? ['required'] : []),
          ...(option.argChoices === undefined ? [] : [`choices: ${option.argChoices.join(', ')}`]),
          ...(hasShownDefault(option.defaultValue) ? [`default: ${String(option.defaultValue)}`] : []),
        ];
        return notes.length === 0 ? option.description : `${option.description} (${notes.join('; ')})`;
      },
    })
    .addHelpText('after', examplesText(''))
    .showHelpAfterError(HELP_HINT);
  // The error is printed as JSON instead.
  return isJson ? program.configureOutput({ writeErr: () => undefined }) : program;
}

function hasShownDefault(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

/**
 * Returns the exit code of some work. An error is printed on standard error, in words or as JSON, and returned as its
 * exit code.
 */
export async function exitCodeOf(work: () => Promise<number>, isJson = false): Promise<number> {
  try {
    return await work();
  } catch (error) {
    // Help and version are not errors.
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
    if (isJson) console.error(jsonReport(jsonError(error)));
    // commander has printed its message.
    else if (!(error instanceof CommanderError)) console.error(messageOf(error));
    if (error instanceof CommanderError) return EXIT.usage;
    return error instanceof CarbonError ? error.exitCode : EXIT.failed;
  }
}

function messageOf(error: unknown): string {
  const isUsage = error instanceof CarbonError && error.kind === 'usage';
  return isUsage ? `error: ${error.message}\n${HELP_HINT}` : errorText(error);
}

/** Sets the exit code of the process to that of some work, or to 128 + n where signal n stopped the work. */
export function exitWith(work: () => Promise<number>): void {
  const signalCode = stopOnSignals();
  void exitCodeOf(work).then((code) => {
    process.exitCode = signalCode() ?? code;
  });
}
