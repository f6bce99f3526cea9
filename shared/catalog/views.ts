import type { ExportFormat } from '../exports/layout';
import type { CatalogColumn } from './column-types';
import { readSqlFiles } from './sql-files';
import { CARBON_EMISSIONS, CARBON_EMISSIONS_CSV, typedCsvSql } from './tables';
import { VIEW_COLUMNS } from './view-columns';

/** A view of the catalog. */
export interface CatalogView {
  readonly name: string;
  readonly description: string;
  /** One SELECT, which runs on Trino and, with the macros of sql/dialect.ts, on DuckDB. */
  readonly sql: string;
  readonly columns: readonly CatalogColumn[];
}

/** Views that other views read, in the order of creation; the others follow by name. */
const FOUNDATIONS = [CARBON_EMISSIONS.name, 'carbon_versions', 'carbon_latest'];

/**
 * Returns all views, each after the views it reads.
 *
 * @param format format of the export; where it is CSV, the typed table carbon_emissions is a view too
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
  if (columns === undefined)
    throw new Error(`shared/catalog/view-columns.ts does not define the columns of the view ${view}`);
  return columns;
}
