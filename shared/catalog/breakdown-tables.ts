import { breakdownExportName, breakdownText, type Breakdown } from '../exports/breakdown';
import type { ExportFormat } from '../exports/layout';
import { asTexts, CARBON_BY_TAG, type CatalogTable, typedCsvSql } from './tables';
import type { CatalogView } from './views';

/*
 * A Glue table has one location, and each breakdown is an export with a separate location. So each breakdown has a table,
 * and the view carbon_by_tag unites them. Locally carbon_by_tag is a table, since DuckDB reads any list of files.
 */

/** Returns the table over the export of a breakdown. */
export function breakdownTable(breakdown: Breakdown, format: ExportFormat): CatalogTable {
  const parquet: CatalogTable = {
    ...CARBON_BY_TAG,
    name: nameOf(breakdown),
    description: `Carbon emissions per account, Region, service and month, broken down by ${breakdownText(breakdown)}; adds up to carbon_emissions. carbon_by_tag has all breakdowns.`,
  };
  return format === 'parquet' ? parquet : asTexts(parquet);
}

/** Names in Glue are lower case. */
function nameOf(breakdown: Breakdown): string {
  return breakdownExportName('carbon', breakdown).replaceAll('-', '_').toLowerCase();
}

/** Returns carbon_by_tag as a view over the tables of all breakdowns; it has the columns of the local table. */
export function breakdownView(breakdowns: readonly Breakdown[], format: ExportFormat): CatalogView {
  const { name, description, columns, partitionKeys } = CARBON_BY_TAG;
  const all = [...columns, ...partitionKeys];
  const parts = breakdowns.map((breakdown) => {
    const table = breakdownTable(breakdown, format);
    if (format === 'csv') return typedCsvSql(CARBON_BY_TAG, table);
    return `SELECT\n  ${all.map((column) => column.name).join(',\n  ')}\nFROM ${table.name}`;
  });
  return { name, description, sql: parts.join('\nUNION ALL\n'), columns: all };
}
