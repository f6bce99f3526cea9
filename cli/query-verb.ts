import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { queryExport, type QueryOptions } from '../api/query-export';
import { CarbonError } from '../shared/base/carbon-error';
import { defined } from '../shared/base/defined';
import { namedQueries, type NamedQuery } from '../shared/catalog/named-queries';
import { type CatalogView, views } from '../shared/catalog/views';
import { EXPORT_NAME_HELP, wholeNumber } from './option-values';
import { formatResult, QUERY_FORMATS, type QueryFormat } from './query-output';
import { terminalOf } from './text-table';

interface QueryVerbOptions extends Omit<QueryOptions, 'sql' | 'parameters'> {
  readonly file?: string;
  readonly format: QueryFormat;
  readonly limit?: number;
  readonly set: Readonly<Record<string, string>>;
  readonly list: boolean;
}

/** Defines the verb `query`. */
export function defineQuery(verb: Command, finish: (exitCode: number) => void): void {
  verb
    .argument('[sql]', 'one SELECT; - reads it from standard input')
    .option('--out <dir>', 'folder of the exports')
    .option('--export-name <name>', EXPORT_NAME_HELP)
    .addOption(
      new Option('--file <file>', 'read the SELECT from a file; - is standard input').conflicts('named'),
    )
    .option('--named <name>', 'a query of the catalog (--list shows them)')
    .option('--set <parameter=value>', 'a parameter of the named query, repeatable', setting, {})
    .addOption(
      new Option(
        '--format <format>',
        'output; numbers of a table have four digits, those of csv and json all',
      )
        .choices([...QUERY_FORMATS])
        .default('table'),
    )
    .option(
      '--limit <n>',
      'rows of the table that are shown, 0 for all (default: as many as the terminal has lines; all in a pipe)',
      wholeNumber,
    )
    .option('--list', 'show the named queries with their parameters, and the views', false)
    .action(async (sql: string | undefined, options: Partial<QueryVerbOptions>, command: Command) => {
      if (options.list === true) console.log(listText(namedQueries(), views()));
      else {
        if (options.out === undefined) command.error("error: required option '--out <dir>' not specified");
        await printResult(sql, options as QueryVerbOptions, command);
      }
      finish(0);
    });
}

async function printResult(
  sql: string | undefined,
  { format, set, file, limit, ...query }: QueryVerbOptions,
  command: Command,
): Promise<void> {
  const given = [sql, file, query.named].filter((each) => each !== undefined);
  if (given.length !== 1) {
    command.error('error: expected either one SELECT, or --file <file>, or --named <name>');
  }
  const statement = await statementOf(sql, file);
  const result = await queryExport({ ...query, ...defined({ sql: statement }), parameters: set });
  console.log(formatResult(result, format, { terminal: terminalOf(), ...defined({ limit }) }));
}

async function statementOf(sql: string | undefined, file: string | undefined): Promise<string | undefined> {
  if (sql !== '-' && file === undefined) return sql;
  const content = sql === '-' || file === '-' ? await text(process.stdin) : readFileSync(file ?? '', 'utf8');
  if (content.trim() !== '') return content;
  throw new CarbonError('usage', `${file ?? 'standard input'}: found nothing, expected one SELECT`);
}

/** One line per query and view: its first sentence; docs/querying.md has the rest. */
function listText(queries: readonly NamedQuery[], catalog: readonly CatalogView[]): string {
  const width = Math.max(...[...queries, ...catalog].map(({ name }) => name.length));
  const line = ({ name, description }: { name: string; description: string }): string =>
    `  ${name.padEnd(width)}  ${description.split(/(?<=\.|\))\s|;|: /)[0]?.replace(/\.$/, '') ?? ''}`;
  return [
    'Named queries: query --named <name>, with --set <parameter>=<value>',
    ...queries.flatMap((query) => [
      line(query),
      ...query.parameters.map(
        ({ name, defaultValue, description }) =>
          `  ${' '.repeat(width)}  --set ${name}=${defaultValue}  ${description}`,
      ),
    ]),
    '',
    'Tables: carbon_emissions, accounts. Views:',
    ...catalog.map(line),
    '',
    'Masses are MTCO2e: metric tons of CO2 equivalent. docs/querying.md describes columns and unknown values.',
  ].join('\n');
}

function setting(value: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const at = value.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('expected parameter=value');
  return { ...before, [value.slice(0, at)]: value.slice(at + 1) };
}
