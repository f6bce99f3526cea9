import { defined } from '../base/defined';
import { breakdownExportName, type Breakdown } from '../exports/breakdown';
import type { ExportFormat } from '../exports/layout';
import { STORAGE_FORMATS } from '../exports/storage-formats';
import { MODEL_VERSIONS } from '../method/model-version';
import { breakdownTable, breakdownView } from './breakdown-tables';
import { type CatalogColumn, TRINO_TYPES } from './column-types';
import { ACCOUNTS, CARBON_EMISSIONS, CARBON_EMISSIONS_CSV, type CatalogTable, tableFolder } from './tables';
import { type CatalogView, views } from './views';

/** A column as Glue has it. */
export interface GlueColumn {
  readonly name: string;
  readonly type: string;
  readonly comment?: string;
}

/** A Glue table or view: members named as in CloudFormation's TableInput, but for the first letter. */
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

/** An export as the catalog knows it. */
export interface CatalogOptions {
  /** URI of the store's root, e.g. `s3://bucket/prefix/`. */
  readonly root: string;
  /** Name of the Parquet export. @default - no Parquet: carbon_emissions is a view over the CSV */
  readonly parquetExport?: string;
  /** Name of the CSV export. @default - no CSV */
  readonly csvExport?: string;
  /** What the exports' rows are broken down by, each in an export of its own. @default - nothing: no carbon_by_tag */
  readonly breakdowns?: readonly Breakdown[];
  /** Values of carbon_model_version that are looked for. @default - every version this program computes */
  readonly modelVersions?: readonly string[];
  /** First month that is looked for. Each month and version costs a listing per query. @default - 2018-01 */
  readonly firstMonth?: string;
}

/** The tables of an export. Partitions are projected: no crawler, nothing to register when a month is published. */
export function glueTables(options: CatalogOptions): GlueTable[] {
  return [
    ...tablesOf('parquet', options, options.parquetExport),
    ...tablesOf('csv', options, options.csvExport),
    glueTable(ACCOUNTS, options, ''),
  ];
}

/** Tables of an export in one format, and of those that hold its rows broken down. */
function tablesOf(
  format: ExportFormat,
  options: CatalogOptions,
  exportName: string | undefined,
): GlueTable[] {
  if (exportName === undefined) return [];
  const { breakdowns = [] } = options;
  return [
    glueTable(format === 'parquet' ? CARBON_EMISSIONS : CARBON_EMISSIONS_CSV, options, exportName),
    ...breakdowns.map((breakdown) =>
      glueTable(breakdownTable(breakdown, format), options, breakdownExportName(exportName, breakdown)),
    ),
  ];
}

/**
 * The views of an export as Athena itself keeps them in Glue, each after those it reads.
 *
 * @param database Glue database they are created in
 */
export function glueViews({ parquetExport, breakdowns = [] }: CatalogOptions, database: string): GlueTable[] {
  const format = parquetExport === undefined ? 'csv' : 'parquet';
  const all = [...views(format), ...(breakdowns.length === 0 ? [] : [breakdownView(breakdowns, format)])];
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
      ...(table.format === 'csv' ? { 'skip.header.line.count': '1' } : {}),
      ...projection(table, options),
    },
    partitionKeys: table.partitionKeys.map(glueColumn),
    storageDescriptor: {
      columns: table.columns.map(glueColumn),
      location: root + tableFolder(table, exportName),
      inputFormat: input,
      outputFormat: output,
      serdeInfo: {
        serializationLibrary: serde,
        parameters,
      },
    },
  };
}

function projection(table: CatalogTable, options: CatalogOptions): Record<string, string> {
  const versions = options.modelVersions ?? MODEL_VERSIONS.map(({ id }) => id);
  const months = {
    'projection.usage_period.type': 'date',
    'projection.usage_period.format': 'yyyy-MM',
    'projection.usage_period.interval': '1',
    'projection.usage_period.interval.unit': 'MONTHS',
    'projection.usage_period.range': `${options.firstMonth ?? '2018-01'},NOW`,
  };
  const byVersion = {
    'projection.carbon_model_version.type': 'enum',
    'projection.carbon_model_version.values': versions.join(','),
  };
  return { 'projection.enabled': 'true', ...(table === ACCOUNTS ? {} : byVersion), ...months };
}

function glueColumn({ name, type, comment }: CatalogColumn): GlueColumn {
  return { name, type, ...defined({ comment }) };
}

/** Whose rights a view has in Trino, which refuses views without an owner; Athena looks at its callers' rights. */
const VIEW_OWNER = 'carbon-exports';

/**
 * Athena keeps a view's statement and column types as JSON in Base64 between these marks. A description would hide the
 * view from Trino: it goes where the mark "Presto View" is looked for.
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
