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

/** One row of a table: every column as the text in the file, nothing converted. */
export type Row<Table extends StaticTable | MonthlyTable> = Record<
  (typeof TABLE_COLUMNS)[Table][number],
  string
>;

/** The tables that exist once per estate. */
export type StaticTables = { [Table in StaticTable]: Row<Table>[] };

/** The monthly tables, each keyed by month (YYYY-MM); a month without a key has no folder. */
export type MonthlyTables = { [Table in MonthlyTable]: Record<string, Row<Table>[]> };

/** What the method reads of an estate, every value as the text in the file. */
export type MethodTables = StaticTables & MonthlyTables;

/** The month that is calculated: its inputs and the version of the method. */
export type ExactMonth = {
  readonly tables: MethodTables;
  readonly month: string;
  readonly version: ModelVersion;
};
