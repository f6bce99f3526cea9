import type { Command } from 'commander';
import { nearestName } from '../shared/base/nearest-name';

/**
 * Ends the command where an option is unknown. commander reports a missing option first: `--inptus` would read as if
 * `--inputs` had been forgotten.
 */
export function assertKnownOptions(program: Command, args: readonly string[]): void {
  const command = verbOf(program, args);
  const [first] = args;
  // commander names the nearest verb.
  if (first === undefined || (command === program && !first.startsWith('-'))) return;
  const known = command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long }) => long ?? []);
  const unknown = args.find((arg) => /^--[a-z][a-z-]*$/.test(arg) && !known.includes(arg));
  if (unknown === undefined || isHelp(args)) return;
  const near = nearestName(unknown, known);
  const hint = near === undefined ? '' : `\n(Did you mean ${near}?)`;
  command.error(`error: unknown option '${unknown}'${hint}`, {
    code: 'commander.unknownOption',
    exitCode: 1,
  });
}

function isHelp(args: readonly string[]): boolean {
  return args[0] === 'help' || args.includes('--help');
}

/** Returns the verb that the first arguments name, or the program itself. */
function verbOf(program: Command, [name, ...rest]: readonly string[]): Command {
  const verb = program.commands.find((each) => each.name() === name);
  return verb === undefined ? program : verbOf(verb, rest);
}
