import { CarbonError } from '../shared/base/carbon-error';
import { errorMessage } from '../shared/base/error-info';
import { openLocalCatalog } from '../shared/catalog/local-catalog';
import { namedQueries } from '../shared/catalog/named-queries';
import { type SelectResult, withSession } from '../shared/sql/duck-session';
import { FolderStore } from '../shared/stores/folder-store';
import { chosenExport } from './chosen-export';

/** What is queried. */
export interface QueryOptions {
  /** Folder of the exports. */
  readonly out: string;
  /** One SELECT over the tables and views of the catalog. One of sql and named must be set. */
  readonly sql?: string;
  /** Name of a query that the program ships. */
  readonly named?: string;
  /** Parameters of the named query. @default - their default values */
  readonly parameters?: Readonly<Record<string, string>>;
  /** @default - the only export, or carbon-emissions among several */
  readonly exportName?: string;
}

/**
 * Queries an export in SQL: the tables and views of the deployed catalog, on DuckDB.
 *
 * @returns columns with their types, and rows in the order of the statement
 * @throws CarbonError of kind usage for a wrong option or location, or a statement that cannot be run
 */
export async function queryExport(options: QueryOptions): Promise<SelectResult> {
  const { out: folder, sql, named } = options;
  if ((sql === undefined) === (named === undefined)) {
    throw new CarbonError('usage', 'expected either one SELECT or the name of a query');
  }
  const statement = sql ?? namedStatement(named ?? '', options.parameters ?? {});
  return withSession({ isSeparate: true }, async (session) => {
    const store = new FolderStore(folder);
    const exportName = await chosenExport(store, folder, options.exportName);
    await openLocalCatalog(session, { store, folder, exportName });
    try {
      return await session.select(statement);
    } catch (error) {
      throw queryError(error, folder, exportName);
    }
  });
}

function queryError(error: unknown, folder: string, exportName: string): CarbonError {
  if (error instanceof CarbonError) return error;
  // DuckDB appends the addresses of its code to some errors.
  const message = errorMessage(error).split('\n\nStack Trace:')[0] ?? '';
  const expected = 'expected one in carbon_by_tag; run with --by first';
  const text = /carbon_by_tag does not exist/.test(message)
    ? `${folder}: found no breakdown of ${exportName}, ${expected}`
    : `the query cannot be run: ${message}`;
  return new CarbonError('usage', text);
}

function namedStatement(name: string, values: Readonly<Record<string, string>>): string {
  const query = namedQueries().find((candidate) => candidate.name === name);
  if (query !== undefined) return query.withParameters(values);
  const known = namedQueries().map((candidate) => candidate.name);
  throw new CarbonError('usage', `--named: found ${name}, expected one of ${known.join(', ')}`);
}
