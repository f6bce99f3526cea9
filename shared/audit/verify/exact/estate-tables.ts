import type { ModelVersion } from './categories';

/** The tables that exist once per estate, with their columns. */
export const STATIC_COLUMNS = {
  clusters: ['cluster_id', 'kind', 'region_code', 'location', 'opened_on'],
  sites: ['site_id', 'cluster_id', 'grid_id'],
  grid_factors: ['grid_id', 'year', 'location_based_kg_per_kwh', 'residual_mix_kg_per_kwh', 'source'],
  fuel_factors: ['fuel', 'unit', 'co2_kg', 'ch4_kg', 'n2o_kg', 'source'],
  gwp: ['gas', 'gwp100', 'source'],
  fuel_use: ['site_id', 'period', 'fuel', 'quantity', 'unit'],
  electricity: ['site_id', 'usage_period', 'mwh', 'basis'],
  contracts: ['contract_id', 'kind', 'grid_id', 'period', 'mwh', 'kg_per_kwh'],
  services: ['product_code', 'service_name', 'basis'],
  internal_accounts: ['account_id'],
} as const;

/** The tables that exist once per estate or not at all, with their columns; v3.0.0 reads them. */
export const OPTIONAL_TABLE_COLUMNS = {
  rack_embodied: [
    ...['rack_id', 'cluster_id', 'in_service_on', 'embodied_kg', 'transport_kg', 'service_months'],
    ...['retired_on', 'method', 'source'],
  ],
  assets: [
    ...['asset_id', 'cluster_id', 'site_id', 'kind', 'in_service_on', 'embodied_kg', 'transport_kg'],
    ...['service_months', 'retired_on', 'method', 'source'],
  ],
  fera_factors: [
    ...['grid_id', 'year', 'upstream_kg_per_kwh', 'td_kg_per_kwh', 'td_loss_rate'],
    ...['residual_upstream_kg_per_kwh', 'source'],
  ],
  refrigerant_use: ['site_id', 'period', 'gas', 'quantity_kg', 'assured'],
} as const;

/** Columns that files of other tables may lack; v3.0.0 reads them. */
export const OPTIONAL_COLUMNS = {
  fuel_factors: ['family', 'upstream_kg'],
  contracts: ['upstream_kg_per_kwh', 'td_kg_per_kwh'],
  cluster_emissions: [
    ...['scope_3_hardware_kg', 'scope_3_buildings_kg', 'scope_3_transport_kg'],
    ...['scope_3_fera_lbm_kg', 'scope_3_fera_mbm_kg'],
  ],
  service_emissions: [
    ...['scope_3_hardware_kg', 'scope_3_buildings_kg', 'scope_3_transport_kg'],
    ...['scope_3_fera_lbm_kg', 'scope_3_fera_mbm_kg'],
  ],
} as const;

/** The tables that exist once per month, with their columns. */
export const MONTHLY_COLUMNS = {
  racks: ['rack_id', 'cluster_id', 'kind', 'power_kw'],
  rack_use: ['rack_id', 'product_code', 'share'],
  service_use: ['cluster_id', 'provider_code', 'consumer_code', 'share'],
  cluster_emissions: ['cluster_id', 'scope_1_kg', 'scope_2_lbm_kg', 'scope_2_mbm_kg'],
  service_emissions: ['cluster_id', 'product_code', 'scope_1_kg', 'scope_2_lbm_kg', 'scope_2_mbm_kg'],
  usage: ['usage_account_id', 'cluster_id', 'product_code', 'usage_quantity', 'usage_revenue'],
} as const;

/** The name of a table that exists once per estate. */
export type StaticTable = keyof typeof STATIC_COLUMNS;

/** The name of a table that exists once per month. */
export type MonthlyTable = keyof typeof MONTHLY_COLUMNS;

/** The columns of every table. */
export const TABLE_COLUMNS = { ...STATIC_COLUMNS, ...MONTHLY_COLUMNS };

/** The columns of a table that its files may lack. */
type OptionalColumn<Table> = Table extends keyof typeof OPTIONAL_COLUMNS
  ? (typeof OPTIONAL_COLUMNS)[Table][number]
  : never;

/** One row of a table: every column as the text in the file, nothing converted. */
export type Row<Table extends StaticTable | MonthlyTable> = Record<
  (typeof TABLE_COLUMNS)[Table][number],
  string
> &
  Partial<Record<OptionalColumn<Table>, string>>;

/** The name of a table that an estate may lack. */
export type OptionalTable = keyof typeof OPTIONAL_TABLE_COLUMNS;

/** One row of a table that an estate may lack; a column that its file lacks is absent or blank. */
export type OptionalRow<Table extends OptionalTable> = Partial<
  Record<(typeof OPTIONAL_TABLE_COLUMNS)[Table][number], string>
>;

/** The tables that an estate may lack. */
export type OptionalTables = { [Table in OptionalTable]?: OptionalRow<Table>[] };

/** The tables that exist once per estate. */
export type StaticTables = { [Table in StaticTable]: Row<Table>[] } & OptionalTables;

/** The monthly tables, each keyed by month (YYYY-MM); a month without a key has no folder. */
export type MonthlyTables = { [Table in MonthlyTable]: Record<string, Row<Table>[]> };

/** What the method reads of an estate, every value as the text in the file. */
export type MethodTables = StaticTables & MonthlyTables;

/** The month that is calculated: its inputs and the version of the method. */
export type ExactMonth = {
  readonly tables: MethodTables;
  readonly month: string;
  readonly version: ModelVersion;
  /** @default - embodied carbon runs on after an early retirement, and missing years of Scope 1 are estimated */
  readonly settings?: ExactSettings;
};

/** Settings of the estate that v3.0.0 reads. */
export type ExactSettings = {
  readonly earlyRetirement: 'continue' | 'write_off';
  readonly scope1Estimate: 'growth' | 'none';
};
