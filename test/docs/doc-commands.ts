import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The repository. */
export const ROOT = join(__dirname, '..', '..');

/** A command in a document. */
export interface DocCommand {
  /** Document and line, such as `docs/querying.md:12`. */
  readonly where: string;
  /** The command as written, without its comment. */
  readonly text: string;
  readonly words: readonly string[];
}

/** Documents of the repository in the order in which a reader meets them: README.md first. */
export function documents(): string[] {
  const inDocs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
  const pages = inDocs.filter((path) => path.endsWith('.md')).map((path) => `docs/${path}`);
  return [
    ...['README.md', ...pages.sort(), 'shared/README.md', 'CHANGELOG.md'],
    ...['CONTRIBUTING.md', 'SECURITY.md'],
  ];
}

/** Commands of the blocks of a document that are marked `sh`, one a line. */
export function blockCommands(document: string): DocCommand[] {
  let inBlock = false;
  return lines(document).flatMap(({ where, line }) => {
    if (line.startsWith('```')) {
      inBlock = line === '```sh';
      return [];
    }
    return inBlock ? commandsOf(where, line) : [];
  });
}

/** Commands inside sentences and table cells of a document: code that begins with the name of a program. */
export function inlineCommands(document: string): DocCommand[] {
  return lines(document).flatMap(({ where, line }) =>
    [...line.matchAll(/`((?:npm|npx|aws|carbon-exports) [^`]+)`/g)].flatMap(([, code = '']) =>
      commandsOf(where, code.replaceAll(String.raw`\|`, '|').replaceAll(String.raw`\"`, '"')),
    ),
  );
}

function lines(document: string): { readonly where: string; readonly line: string }[] {
  return readFileSync(join(ROOT, document), 'utf8')
    .split('\n')
    .map((line, index) => ({ where: `${document}:${String(index + 1)}`, line }));
}

function commandsOf(where: string, line: string): DocCommand[] {
  const words = shellWords(line);
  const commands: string[][] = [[]];
  for (const word of words) {
    if (word === '&&') commands.push([]);
    else commands.at(-1)?.push(word);
  }
  return commands.flatMap((command) =>
    command.length === 0 ? [] : [{ where, text: command.join(' '), words: command }],
  );
}

/** Words of a line as a shell reads them: without quotes, comment and the file that the output goes to. */
function shellWords(line: string): string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)) {
    if (word.startsWith('#') || word === '>') break;
    words.push(
      word.replace(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ''),
    );
  }
  return words;
}
