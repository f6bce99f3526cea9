import type { Command } from 'commander';
import { commandTree } from '../cli/main';

const HEADING = `# The command

Made by \`npm run generate\` from the command itself; a test compares them. In a clone of the repository, after \`npm ci && npm run build\`,
\`npx carbon-exports\` runs the built command, and \`npm run --silent cli -- <verb>\` builds and runs it.

Results are written to standard output, everything else to standard error. With \`--json\` (\`query\`: \`--format json\`), an error is
\`{"schema": 1, "error": {"kind", "message", "exitCode"}}\` on standard error. The schemas of all outputs are in \`schemas/\` of the package.

| exit code | meaning |
| --- | --- |
| 0 | all done |
| 1 | a month, a file or a check failed |
| 2 | wrong use: options, locations, settings, names that do not exist |
| 128 + n | stopped by signal n; what was at work is cleaned up, and the same command continues |

Tables fit the width of a terminal, and a query shows as many rows as it has lines; a pipe or file gets everything. Colours are used on
terminals only, and never where \`NO_COLOR\` is set. Masses are shown with four significant digits and their unit (Mt, t, kg, g or mg of CO2
equivalent; t are metric tons).
`;

/** Returns the reference of the verbs. */
export async function commandDocument(): Promise<string> {
  return [HEADING, ...verbs(await commandTree(undefined), '')].join('\n');
}

function verbs(command: Command, above: string): string[] {
  return command.commands.flatMap((verb) => {
    const name = `${above} ${verb.name()}`.trim();
    return verb.commands.length > 0 ? verbs(verb, name) : [section(verb, name)];
  });
}

function section(verb: Command, name: string): string {
  const help = verb.createHelp();
  const values = verb.registeredArguments.map((argument) => [
    help.argumentTerm(argument),
    help.argumentDescription(argument),
  ]);
  const options = help
    .visibleOptions(verb)
    .filter(({ long }) => long !== '--help')
    .map((option) => [help.optionTerm(option), verb.configureHelp().optionDescription?.(option) ?? '']);
  const rows = [...values, ...options].map(
    ([term = '', text = '']) =>
      `| \`${term}\` | ${text.replaceAll('|', String.raw`\|`).replaceAll('<', '&lt;')} |`,
  );
  const table = rows.length === 0 ? [] : ['', '| option | meaning |', '| --- | --- |', ...rows];
  return [`\n## ${name}`, '', `${verb.description()}.`, ...table].join('\n');
}
