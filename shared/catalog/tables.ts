import { columnsOfExport, COMPANION_COLUMNS, companionName, EXPORT_COLUMNS } from '../exports/columns';
import type { ExportFormat } from '../exports/layout';
import { ACCOUNT_COLUMNS } from '../organization/account-columns';
import type { CatalogColumn } from './column-types';

/** Partition keys of an export, outermost first. */
export const EXPORT_PARTITION_KEYS = [
  { name: 'carbon_model_version', type: 'string', comment: 'Version of the method, e.g. v2.0.0' },
  { name: 'usage_period', type: 'string', comment: 'Month, YYYY-MM' },
] as const satisfies readonly CatalogColumn[];

/** Partition key of the snapshots of the organization. */
export const ACCOUNT_PARTITION_KEYS = [
  { name: 'usage_period', type: 'string', comment: 'Month of the snapshot, YYYY-MM' },
] as const satisfies readonly CatalogColumn[];

/** A table over the files of an export, or over the snapshots of the organization. */
export interface CatalogTable {
  readonly name: string;
  readonly description: string;
  readonly format: ExportFormat;
  readonly columns: readonly CatalogColumn[];
  readonly partitionKeys: readonly CatalogColumn[];
}

/** The export as Parquet. */
export const CARBON_EMISSIONS: CatalogTable = {
  name: 'carbon_emissions',
  description:
    'Carbon emissions per account, Region, service and month, in every published model version. Read carbon_latest for sums.',
  format: 'parquet',
  columns: EXPORT_COLUMNS,
  partitionKeys: EXPORT_PARTITION_KEYS,
};

/** The export as CSV. */
export const CARBON_EMISSIONS_CSV = asTexts(CARBON_EMISSIONS);

/** The rows of the export broken down, in all breakdowns of the export. */
export const CARBON_BY_TAG: CatalogTable = {
  name: 'carbon_by_tag',
  description:
    'Carbon emissions per account, Region, service and month, broken down by a tag, a cost category or the resource (split_by). Choose one split_by: each adds up to carbon_emissions.',
  format: 'parquet',
  columns: columnsOfExport(true),
  partitionKeys: EXPORT_PARTITION_KEYS,
};

/** The companion export, which has the parts of Scope 3 of every row. */
export const CARBON_SCOPE_3: CatalogTable = {
  name: 'carbon_scope_3',
  description:
    'Scope 3 per account, Region, service and month by category of the GHG Protocol, in every model version that counts it; one row per row of carbon_emissions.',
  format: 'parquet',
  columns: COMPANION_COLUMNS,
  partitionKeys: EXPORT_PARTITION_KEYS,
};

/** The companion export as CSV. */
export const CARBON_SCOPE_3_CSV = asTexts(CARBON_SCOPE_3);

/** The monthly snapshots of the organization. */
export const ACCOUNTS: CatalogTable = {
  name: 'accounts',
  description: 'Accounts of the organization, one snapshot per month.',
  format: 'parquet',
  columns: ACCOUNT_COLUMNS,
  partitionKeys: ACCOUNT_PARTITION_KEYS,
};

/** Returns the folder of a table's partitions, below the root of the store. */
export function tableFolder(table: CatalogTable, exportName: string): string {
  if (table === ACCOUNTS) return 'accounts/';
  const isCompanion = table === CARBON_SCOPE_3 || table === CARBON_SCOPE_3_CSV;
  return `${isCompanion ? companionName(exportName) : exportName}/data/`;
}

/**
 * Returns the table over the same rows as CSV. All columns are strings: OpenCSVSerde, which reads quoted fields, has no
 * other type, and no engine reads `YYYY-MM-DD HH:mm:ssZ` as a timestamp.
 */
export function asTexts(table: CatalogTable): CatalogTable {
  return {
    ...table,
    name: `${table.name}_csv`,
    description: `${table.description} CSV: every column is a string.`,
    format: 'csv',
    columns: table.columns.map((column) => ({ ...column, type: 'string' })),
  };
}

/** Returns a SELECT that casts the strings of a CSV table to the types of `typed`, so that views work on both formats. */
export function typedCsvSql(typed: CatalogTable, csv: CatalogTable): string {
  const columns = typed.columns.map(({ name, type }) => {
    if (type === 'double') return `CAST(nullif(${name}, '') AS double) AS ${name}`;
    if (type === 'timestamp') return `CAST(replace(${name}, 'Z', '') AS timestamp) AS ${name}`;
    // The CSV has an apostrophe before a value that a spreadsheet would run as a formula, and before an apostrophe.
    if (name === 'split_value') {
      return `CASE WHEN ${name} LIKE '''%' THEN substr(${name}, 2) ELSE ${name} END AS ${name}`;
    }
    return `nullif(${name}, '') AS ${name}`;
  });
  const keys = typed.partitionKeys.map(({ name }) => name);
  return `SELECT\n  ${[...columns, ...keys].join(',\n  ')}\nFROM ${csv.name}`;
}
