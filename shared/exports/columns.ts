import { COMPANION_FIGURES, type CompanionFigure } from '../method/categories';
import { type Emission, unitColumn, valueColumn } from './emissions';

/** Types of export columns, as Athena names them. */
export type ExportColumnType = 'string' | 'double' | 'timestamp';

/** A column of the export: this one definition makes the Parquet and CSV schema, the manifest and the Glue table. */
export interface ExportColumn {
  readonly name: string;
  readonly type: ExportColumnType;
  readonly comment: string;
}

const string = (name: string, comment: string): ExportColumn => ({ name, type: 'string', comment });
const timestamp = (name: string, comment: string): ExportColumn => ({ name, type: 'timestamp', comment });

function emissions(emission: Emission, what: string, unitFirst: boolean): ExportColumn[] {
  const value: ExportColumn = { name: valueColumn(emission), type: 'double', comment: `${what}, MTCO2e` };
  const unit = string(unitColumn(emission), `Unit of ${value.name}: MTCO2e (1,000 kgCO2e)`);
  return unitFirst ? [unit, value] : [value, unit];
}

/** Columns of AWS Data Exports' CARBON_EMISSIONS table, in its order. */
export const EXPORT_COLUMNS: readonly ExportColumn[] = [
  timestamp('last_refresh_timestamp', 'As-of instant of the run that computed this content (UTC)'),
  string('location', 'Name of the AWS Region, or Global'),
  string('model_version', 'Version of the method, e.g. v2.0.0'),
  string('payer_account_id', 'Management account of the organization'),
  string('product_code', 'Service'),
  string('region_code', 'Code of the AWS Region, or global'),
  ...emissions('total_lbm_emissions', 'Scopes 1, 2 and 3 with the location-based method', true),
  ...emissions('total_mbm_emissions', 'Scopes 1, 2 and 3 with the market-based method', true),
  ...emissions('total_scope_1_emissions', 'Scope 1', false),
  ...emissions('total_scope_2_lbm_emissions', 'Scope 2, location-based', false),
  ...emissions('total_scope_2_mbm_emissions', 'Scope 2, market-based', false),
  ...emissions('total_scope_3_lbm_emissions', 'Scope 3, location-based; 0 before v3.0.0', false),
  ...emissions('total_scope_3_mbm_emissions', 'Scope 3, market-based; 0 before v3.0.0', false),
  string('usage_account_id', 'Account that used the service, 12 digits'),
  timestamp('usage_period_end', 'First instant of the month after (UTC)'),
  timestamp('usage_period_start', 'First instant of the month (UTC)'),
];

/** Literal in every unit column: metric tons of CO2 equivalent. */
export const UNIT = 'MTCO2e';

/** Columns of an export whose rows are broken down, after those of every export. */
export const BREAKDOWN_COLUMNS: readonly ExportColumn[] = [
  string('split_by', 'What the rows are broken down by, e.g. tag:team, cost-category:Unit or resource'),
  string(
    'split_value',
    'Value of the tag or cost category, or the resource; (untagged), (no category) or (no resource) without one',
  ),
];

/** Columns of an export. */
export function columnsOfExport(isBrokenDown: boolean): readonly ExportColumn[] {
  return isBrokenDown ? [...EXPORT_COLUMNS, ...BREAKDOWN_COLUMNS] : EXPORT_COLUMNS;
}

/** What the figures of the companion export hold. */
const COMPANION_COMMENTS: Readonly<Record<CompanionFigure, string>> = {
  ghgp_category_2: 'Capital goods: IT hardware, buildings and equipment',
  ghgp_category_3_lbm: 'Fuel- and energy-related activities, location-based',
  ghgp_category_3_mbm: 'Fuel- and energy-related activities, market-based',
  ghgp_category_4: 'Upstream transport',
};

/** Columns of the companion export, which has the parts of Scope 3 of every row. */
export const COMPANION_COLUMNS: readonly ExportColumn[] = [
  ...EXPORT_COLUMNS.filter(({ name }) => !name.startsWith('total_') && !name.startsWith('usage_')),
  ...COMPANION_FIGURES.flatMap((figure): ExportColumn[] => [
    { name: `${figure}_value`, type: 'double', comment: `${COMPANION_COMMENTS[figure]}, MTCO2e` },
    string(`${figure}_unit`, `Unit of ${figure}_value: MTCO2e (1,000 kgCO2e)`),
  ]),
  ...EXPORT_COLUMNS.filter(({ name }) => name.startsWith('usage_')),
];

/** Returns the name of the export that holds the parts of Scope 3 of another export's rows. */
export function companionName(exportName: string): string {
  return `${exportName}-scope-3`;
}
