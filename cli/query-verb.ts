import { type Command, InvalidArgumentError, Option } from 'commander';
import { CarbonError } from '../shared/base/carbon-error';
import { errorMessage } from '../shared/base/error-info';
import { namedQueries, type NamedQuery } from '../shared/catalog/named-queries';
import { openLocalCatalog } from '../shared/catalog/local-catalog';
import { type SelectResult, withSession } from '../shared/sql/duck-session';
import { FolderStore } from '../shared/stores/folder-store';
import { chosenExport, EXPORT_NAME_HELP } from './chosen-export';
import { formatResult, QUERY_FORMATS, type QueryFormat } from './query-output';

interface QueryOptions {
  readonly out: string;
  readonly exportName?: string;
  readonly format: QueryFormat;
  readonly named?: string;
  readonly set: Readonly<Record<string, string>>;
  readonly list: boolean;
}

/** Defines the verb `query`. */
export function defineQuery(verb: Command, finish: (exitCode: number) => void): void {
  verb
    .argument('[sql]', 'one SELECT')
    .option('--out <dir>', 'folder of the exports')
    .option('--export-name <name>', EXPORT_NAME_HELP)
    .option('--named <name>', 'a query of the catalog (--list shows them)')
    .option('--set <parameter=value>', 'a parameter of the named query, repeatable', setting, {})
    .addOption(new Option('--format <format>', 'output').choices([...QUERY_FORMATS]).default('table'))
    .option('--list', 'show the named queries and their parameters', false)
    .action(async (sql: string | undefined, options: Partial<QueryOptions>, command: Command) => {
      if (options.list === true) {
        console.log(namedQueryList(namedQueries()));
      } else {
        if (options.out === undefined) command.error("error: required option '--out <dir>' not specified");
        if ((sql === undefined) === (options.named === undefined)) {
          command.error('error: expected either one SELECT or --named <name>');
        }
        const { format, ...query } = options as QueryOptions;
        console.log(formatResult(await resultOf(sql, query), format));
      }
      finish(0);
    });
}

async function resultOf(
  sql: string | undefined,
  { out: folder, exportName: asked, named = '', set }: Omit<QueryOptions, 'format'>,
): Promise<SelectResult> {
  const statement = sql ?? namedStatement(named, set);
  return withSession({}, async (session) => {
    const store = new FolderStore(folder);
    const exportName = await chosenExport(store, folder, asked);
    await openLocalCatalog(session, { store, folder, exportName });
    try {
      return await session.select(statement);
    } catch (error) {
      if (error instanceof CarbonError) throw error;
      // DuckDB appends the addresses of its code to some errors.
      const message = errorMessage(error).split('\n\nStack Trace:')[0] ?? '';
      if (/carbon_by_tag does not exist/.test(message)) {
        throw new CarbonError(
          'usage',
          `${folder}: found no breakdown of ${exportName}, expected one in carbon_by_tag; run with --by first`,
        );
      }
      throw new CarbonError('usage', `the query cannot be run: ${message}`);
    }
  });
}

function namedStatement(name: string, values: Readonly<Record<string, string>>): string {
  const query = namedQueries().find((candidate) => candidate.name === name);
  if (query !== undefined) return query.withParameters(values);
  const known = namedQueries().map((candidate) => candidate.name);
  throw new CarbonError('usage', `--named: found ${name}, expected one of ${known.join(', ')}`);
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
