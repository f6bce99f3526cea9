import { breakdownExportName, breakdownText, type Breakdown } from '../exports/breakdown';
import type { ExportFormat } from '../exports/layout';
import { asTexts, CARBON_BY_TAG, type CatalogTable, typedCsvSql } from './tables';
import type { CatalogView } from './views';

/*
 * Glue's table has one location, and each breakdown is an export with a separate location: a table for each, and
 * carbon_by_tag as the view over all of them. Locally carbon_by_tag is a table, since DuckDB reads any list of files.
 */

/** The table over the export that holds an export's rows broken down. */
export function breakdownTable(breakdown: Breakdown, format: ExportFormat): CatalogTable {
  const parquet: CatalogTable = {
    ...CARBON_BY_TAG,
    name: nameOf(breakdown),
    description: `Carbon emissions per account, Region, service and month, broken down by ${breakdownText(breakdown)}; adds up to carbon_emissions. carbon_by_tag has all breakdowns.`,
  };
  return format === 'parquet' ? parquet : asTexts(parquet);
}

/** Glue knows no capitals. A key without Latin letters and digits leaves nothing of itself. */
function nameOf(breakdown: Breakdown): string {
  const name = breakdownExportName('carbon', breakdown).replaceAll('-', '_').toLowerCase();
  return name.replace(/^(carbon_by_(?:tag|cost_category))_$/, '$1_key');
}

/** carbon_by_tag over the tables of all breakdowns, with the columns that it has locally. */
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
