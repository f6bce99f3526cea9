import type { ExportFormat } from '../exports/layout';
import type { CatalogColumn } from './column-types';
import { readSqlFiles } from './sql-files';
import { CARBON_EMISSIONS, CARBON_EMISSIONS_CSV, typedCsvSql } from './tables';
import { VIEW_COLUMNS } from './view-columns';

/** A view of the catalog. */
export interface CatalogView {
  readonly name: string;
  readonly description: string;
  /** One SELECT, the same text in Trino and, after the dialect's macros, in DuckDB. */
  readonly sql: string;
  readonly columns: readonly CatalogColumn[];
}

/** Views that others read, in the order in which they must be created; the rest follows by name. */
const FOUNDATIONS = [CARBON_EMISSIONS.name, 'carbon_versions', 'carbon_latest'];

/**
 * The views that are shipped, each after those it reads.
 *
 * @param format format of the export; over CSV, the typed table itself is a view
 */
export function views(format: ExportFormat = 'parquet'): CatalogView[] {
  const shipped = readSqlFiles('views').map(({ name, comment, sql }): CatalogView => ({
    name,
    description: comment.join(' '),
    sql,
    columns: columnsOf(name),
  }));
  const typed: CatalogView = {
    name: CARBON_EMISSIONS.name,
    description: CARBON_EMISSIONS.description,
    sql: typedCsvSql(CARBON_EMISSIONS, CARBON_EMISSIONS_CSV),
    columns: [...CARBON_EMISSIONS.columns, ...CARBON_EMISSIONS.partitionKeys],
  };
  const all = format === 'csv' ? [typed, ...shipped] : shipped;
  const first = FOUNDATIONS.flatMap((name) => all.filter((view) => view.name === name));
  return [...first, ...all.filter((view) => !first.includes(view))];
}

function columnsOf(view: string): readonly CatalogColumn[] {
  const columns = VIEW_COLUMNS[view];
  if (columns === undefined) throw new Error(`view ${view} has no columns in view-columns.ts`);
  return columns;
}
