import { Argument, type Command } from 'commander';
import { defined } from '../shared/base/defined';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

type Shell = (typeof SHELLS)[number];

/** What can follow the command, or one of its verbs. */
interface Words {
  /** Blank for the command itself, else the verb, such as `accounts refresh`. */
  readonly verb: string;
  readonly words: readonly Word[];
}

interface Word {
  readonly word: string;
  readonly description: string;
  /** Values that follow an option, where they are known. */
  readonly choices?: readonly string[];
  /** Whether a value follows the option. */
  readonly hasValue: boolean;
}

/** Defines the verb `completion`. The scripts are made of the verbs and options of the program, which are loaded for it. */
export function defineCompletion(verb: Command, finish: (exitCode: number) => void): void {
  verb
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(SHELLS))
    .addHelpText(
      'after',
      `
Examples:
  source <(carbon-exports completion bash)                                     # in ~/.bashrc
  source <(carbon-exports completion zsh)                                      # in ~/.zshrc, after compinit
  carbon-exports completion fish > ~/.config/fish/completions/carbon-exports.fish`,
    )
    .action((shell: Shell) => {
      const all = wordsOf(verb.parent ?? verb, '');
      console.log(shell === 'fish' ? fishScript(all) : shellScript(shell, all));
      finish(0);
    });
}

function wordsOf(command: Command, verb: string): Words[] {
  const verbs = command.commands.map((each) => ({
    word: each.name(),
    description: each.description(),
    hasValue: false,
  }));
  const options = command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description, argChoices, required: hasValue }): Word[] =>
      long === undefined || long === null
        ? []
        : [{ word: long, description, hasValue, ...defined({ choices: argChoices }) }],
    );
  const values = command.registeredArguments.flatMap(({ argChoices = [], description }) =>
    argChoices.map((word) => ({ word, description, hasValue: false })),
  );
  const below = command.commands.flatMap((each) => wordsOf(each, `${verb} ${each.name()}`.trim()));
  return [{ verb, words: [...verbs, ...values, ...options] }, ...below];
}

/** bash, and zsh by its bash functions: words of the verb, choices of the option before, otherwise files. */
function shellScript(shell: Exclude<Shell, 'fish'>, all: readonly Words[]): string {
  const choices = all.flatMap(({ verb, words }) =>
    words.flatMap(({ word, choices: values }) =>
      values === undefined ? [] : [`    '${verb} ${word}') words='${values.join(' ')}' ;;`],
    ),
  );
  const words = all.map(
    ({ verb, words: each }) => `    '${verb}') words='${each.map(({ word }) => word).join(' ')}' ;;`,
  );
  const verbs = all.map(({ verb }) => verb).filter((verb) => verb !== '');
  return [
    ...(shell === 'zsh' ? ['autoload -U +X bashcompinit && bashcompinit'] : []),
    '_carbon_exports() {',
    '  local current="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" verb="" words="" tried="" i',
    '  for ((i = 1; i < COMP_CWORD; i++)); do',
    '    tried="${verb:+$verb }${COMP_WORDS[i]}"',
    `    case "$tried" in ${verbs.map((verb) => `'${verb}'`).join('|')}) verb="$tried" ;; esac`,
    '  done',
    '  case "$verb $before" in',
    ...choices,
    '  esac',
    '  [ -n "$words" ] || case "$verb" in',
    ...words,
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '}',
    'complete -o default -F _carbon_exports carbon-exports',
  ].join('\n');
}

/** fish: a condition on the words so far, because the name of a verb can also be the value of an option. */
const FISH_CONDITION = [
  'function __carbon_exports_at',
  '    set -l words (commandline -opc)[2..-1]',
  '    set -l length (count $argv)',
  '    test $length -eq 0; and return (count $words)',
  '    test (count $words) -ge $length; and test "$words[1..$length]" = "$argv"',
  'end',
  '# Verbs and their values are not files; the values of options may be.',
  'complete -c carbon-exports -f',
];

function fishScript(all: readonly Words[]): string {
  const quoted = (text: string): string =>
    `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;
  const lines = all.flatMap(({ verb, words }) => {
    const when = quoted(`__carbon_exports_at ${verb}`.trim());
    return words.map(({ word, description, choices, hasValue }) => {
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`;
      const files = hasValue ? ' -rF' : '';
      const values = choices === undefined ? files : ` -x -a ${quoted(choices.join(' '))}`;
      return `complete -c carbon-exports -n ${when} ${what}${values} -d ${quoted(description)}`;
    });
  });
  return [...FISH_CONDITION, ...lines].join('\n');
}
