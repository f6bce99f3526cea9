import type { ExportFormat } from '../exports/layout';
import type { CatalogColumn } from './column-types';
import { readSqlFiles } from './sql-files';
import { CARBON_EMISSIONS, CARBON_EMISSIONS_CSV, type CatalogTable, typedCsvSql } from './tables';
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
  const all = format === 'csv' ? [typedView(CARBON_EMISSIONS, CARBON_EMISSIONS_CSV), ...shipped] : shipped;
  const first = FOUNDATIONS.flatMap((name) => all.filter((view) => view.name === name));
  return [...first, ...all.filter((view) => !first.includes(view))];
}

/** Returns the view that shows a CSV table with the types of the Parquet table, under its name. */
export function typedView(typed: CatalogTable, csv: CatalogTable): CatalogView {
  const { name, description, columns, partitionKeys } = typed;
  return { name, description, sql: typedCsvSql(typed, csv), columns: [...columns, ...partitionKeys] };
}

function columnsOf(view: string): readonly CatalogColumn[] {
  const columns = VIEW_COLUMNS[view];
  if (columns === undefined)
    throw new Error(`shared/catalog/view-columns.ts does not define the columns of the view ${view}`);
  return columns;
}
