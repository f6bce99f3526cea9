import { type Command, InvalidArgumentError, Option } from 'commander';
import { errorMessage } from '../shared/base/error-info';
import { namedQueries, type NamedQuery } from '../shared/catalog';
import { ExportMissingError, openLocalCatalog } from '../shared/catalog/local-catalog';
import { QueryParameterError } from '../shared/catalog/named-queries';
import { NotASelectError, withSession } from '../shared/sql/duck-session';
import { FolderStore } from '../shared/stores/folder-store';
import { formatResult, QUERY_FORMATS, type QueryFormat } from './query-output';
import { DEFAULT_EXPORT_NAME } from './run-verb';

interface QueryOptions {
  readonly out: string;
  readonly exportName: string;
  readonly format: QueryFormat;
  readonly named?: string;
  readonly set: Readonly<Record<string, string>>;
  readonly list: boolean;
}

/** Adds the verb `query`. */
export function addQueryVerb(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('query')
    .description('ask an export in SQL: the tables and views that the stacks deploy to Athena, on DuckDB')
    .argument('[sql]', 'one SELECT')
    .option('--out <dir>', 'folder that holds what a bucket would hold')
    .option('--export-name <name>', 'name of the export', DEFAULT_EXPORT_NAME)
    .option('--named <name>', 'a query that is shipped (--list shows them)')
    .option('--set <parameter=value>', 'a parameter of the named query, repeatable', setting, {})
    .addOption(new Option('--format <format>', 'output').choices([...QUERY_FORMATS]).default('table'))
    .option('--list', 'show the named queries and their parameters', false)
    .action(async (sql: string | undefined, options: Partial<QueryOptions>, command: Command) => {
      if (options.list === true) {
        console.log(namedQueryList(namedQueries()));
        finish(0);
        return;
      }
      if (options.out === undefined) command.error("error: required option '--out <dir>' not specified");
      if ((sql === undefined) === (options.named === undefined)) {
        command.error('error: give either one SELECT or --named <name>');
      }
      finish(await queryVerb(sql, options as QueryOptions));
    });
}

/** Runs a query and prints what it gives. Gives the exit code: 1 when the query cannot be run. */
export async function queryVerb(sql: string | undefined, options: QueryOptions): Promise<number> {
  try {
    const statement = sql ?? namedStatement(options.named ?? '', options.set);
    const result = await withSession({}, async (session) => {
      const { out: folder, exportName } = options;
      await openLocalCatalog(session, { store: new FolderStore(folder), folder, exportName });
      return session.select(statement);
    });
    console.log(formatResult(result, options.format));
    return 0;
  } catch (error) {
    console.error(inWords(error));
    return 1;
  }
}

function namedStatement(name: string, values: Readonly<Record<string, string>>): string {
  const query = namedQueries().find((candidate) => candidate.name === name);
  if (query !== undefined) return query.withParameters(values);
  const known = namedQueries().map((candidate) => candidate.name);
  throw new QueryParameterError(`no query is named ${name}; there are: ${known.join(', ')}`);
}

function inWords(error: unknown): string {
  // DuckDB appends the addresses of its code to some errors.
  const message = errorMessage(error).split('\n\nStack Trace:')[0] ?? '';
  const isOurs =
    error instanceof ExportMissingError ||
    error instanceof NotASelectError ||
    error instanceof QueryParameterError;
  return isOurs ? message : `the query cannot be run: ${message}`;
}

function namedQueryList(queries: readonly NamedQuery[]): string {
  return queries
    .map(({ name, description, parameters }) =>
      [
        name,
        `  ${description}`,
        ...parameters.map(
          (parameter) => `  --set ${parameter.name}=${parameter.defaultValue}  ${parameter.description}`,
        ),
      ].join('\n'),
    )
    .join('\n\n');
}

function setting(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('expected parameter=value');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
