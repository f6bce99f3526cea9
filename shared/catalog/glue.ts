import { defined } from '../base/defined';
import { breakdownExportName, type Breakdown } from '../exports/breakdown';
import { companionName } from '../exports/columns';
import type { ExportFormat } from '../exports/layout';
import { STORAGE_FORMATS } from '../exports/hive-formats';
import { breakdownTable, breakdownView } from './breakdown-tables';
import { type CatalogColumn, TRINO_TYPES } from './column-types';
import {
  ACCOUNTS,
  CARBON_EMISSIONS,
  CARBON_EMISSIONS_CSV,
  CARBON_SCOPE_3,
  CARBON_SCOPE_3_CSV,
  type CatalogTable,
  tableFolder,
} from './tables';
import { type CatalogView, typedView, views } from './views';

/** A column of a Glue table. */
export interface GlueColumn {
  readonly name: string;
  readonly type: string;
  readonly comment?: string;
}

/** A Glue table or view, with the members of CloudFormation's TableInput in camel case. */
export interface GlueTable {
  readonly name: string;
  readonly description?: string;
  readonly owner?: string;
  readonly tableType: 'EXTERNAL_TABLE' | 'VIRTUAL_VIEW';
  readonly parameters: Readonly<Record<string, string>>;
  readonly partitionKeys: readonly GlueColumn[];
  readonly viewOriginalText?: string;
  readonly viewExpandedText?: string;
  readonly storageDescriptor: {
    readonly columns: readonly GlueColumn[];
    readonly location?: string;
    readonly inputFormat?: string;
    readonly outputFormat?: string;
    readonly serdeInfo: {
      readonly serializationLibrary?: string;
      readonly parameters?: Readonly<Record<string, string>>;
    };
  };
}

/** The export that the catalog describes. */
export interface CatalogOptions {
  /** URI of the root of the store, e.g. `s3://bucket/prefix/`. */
  readonly root: string;
  readonly exportName: string;
  /** Where it is CSV, carbon_emissions is a view over the CSV. */
  readonly format: ExportFormat;
  /** Whether months are published in a model version with Scope 3. @default false: no carbon_scope_3 */
  readonly hasScope3?: boolean;
  /** Breakdowns of the export, each stored as a separate export. @default - none: no carbon_by_tag */
  readonly breakdowns?: readonly Breakdown[];
}

/** A table of an export, or of the snapshots of the organization where `exportName` is absent. */
export interface PartitionedTable {
  readonly table: GlueTable;
  readonly exportName?: string;
}

/** Returns the tables of an export with what their partitions hold. A run registers the partitions. */
export function partitionedTables(options: CatalogOptions): PartitionedTable[] {
  const { format, exportName, breakdowns = [], hasScope3 = false } = options;
  const whole = format === 'parquet' ? CARBON_EMISSIONS : CARBON_EMISSIONS_CSV;
  const parts = format === 'parquet' ? CARBON_SCOPE_3 : CARBON_SCOPE_3_CSV;
  return [
    { table: glueTable(whole, options, exportName), exportName },
    ...(hasScope3
      ? [{ table: glueTable(parts, options, exportName), exportName: companionName(exportName) }]
      : []),
    ...breakdowns.map((breakdown) => {
      const name = breakdownExportName(exportName, breakdown);
      return { table: glueTable(breakdownTable(breakdown, format), options, name), exportName: name };
    }),
    { table: glueTable(ACCOUNTS, options, '') },
  ];
}

/** Returns the tables of an export. */
export function glueTables(options: CatalogOptions): GlueTable[] {
  return partitionedTables(options).map(({ table }) => table);
}

/**
 * Returns the views of an export in the form in which Athena stores them in Glue, each after the views it reads.
 *
 * @param database Glue database of the views
 */
export function glueViews(
  { format, breakdowns = [], hasScope3 = false }: CatalogOptions,
  database: string,
): GlueTable[] {
  const all = [
    ...views(format),
    ...(hasScope3 && format === 'csv' ? [typedView(CARBON_SCOPE_3, CARBON_SCOPE_3_CSV)] : []),
    ...(breakdowns.length === 0 ? [] : [breakdownView(breakdowns, format)]),
  ];
  return all.map((view) => glueView(view, database));
}

function glueTable(table: CatalogTable, options: CatalogOptions, exportName: string): GlueTable {
  const { input, output, serde, parameters } = STORAGE_FORMATS[table.format];
  const root = options.root.endsWith('/') ? options.root : `${options.root}/`;
  return {
    name: table.name,
    description: table.description,
    tableType: 'EXTERNAL_TABLE',
    parameters: {
      EXTERNAL: 'TRUE',
      classification: table.format,
      ...defined({ 'skip.header.line.count': table.format === 'csv' ? '1' : undefined }),
    },
    partitionKeys: table.partitionKeys.map(glueColumn),
    storageDescriptor: {
      columns: table.columns.map(glueColumn),
      location: root + tableFolder(table, exportName),
      inputFormat: input,
      outputFormat: output,
      serdeInfo: { serializationLibrary: serde, parameters },
    },
  };
}

function glueColumn({ name, type, comment }: CatalogColumn): GlueColumn {
  return { name, type, ...defined({ comment }) };
}

/** Trino rejects a view without an owner and checks the owner's rights; Athena checks those of the caller. */
const VIEW_OWNER = 'carbon-exports';

/**
 * Athena stores the statement and the column types of a view as JSON in Base64 between these marks. Trino recognizes a
 * view by the comment "Presto View", so a view cannot have a description.
 */
function glueView(view: CatalogView, database: string): GlueTable {
  const definition = {
    originalSql: view.sql,
    catalog: 'awsdatacatalog',
    schema: database,
    columns: view.columns.map(({ name, type }) => ({ name, type: TRINO_TYPES[type] })),
  };
  const text = Buffer.from(JSON.stringify(definition)).toString('base64');
  return {
    name: view.name,
    owner: VIEW_OWNER,
    tableType: 'VIRTUAL_VIEW',
    parameters: { presto_view: 'true', comment: 'Presto View' },
    partitionKeys: [],
    viewOriginalText: `/* Presto View: ${text} */`,
    viewExpandedText: '/* Presto View */',
    storageDescriptor: { columns: view.columns.map(glueColumn), serdeInfo: {} },
  };
}
