import type { EstateTables } from './estate-tables';

/** The month of the tiny estate: 31 days of a leap year. */
export const MONTH = '2024-12';

/** A row of a monthly table. */
type Rows<Table extends 'racks' | 'rack_use' | 'service_use' | 'usage'> = NonNullable<
  EstateTables[Table][string]
>[number];

/**
 * One open cluster with one site, one server rack that is used to a half, one physical and one economic service and
 * one customer. The fuel weighs 1 kg of CO2e per litre; the electricity is 1 MWh at 0.5 kg per kWh, so 500 kg.
 */
export function tinyEstate(changes: Partial<EstateTables> = {}): EstateTables {
  return {
    clusters: [cluster('c1')],
    sites: [{ site_id: 's1', cluster_id: 'c1', grid_id: 'g1' }],
    grid_factors: [gridFactor('2022', '0.5', '')],
    fuel_factors: [{ fuel: 'oil', unit: 'litre', co2_kg: '1', ch4_kg: '0', n2o_kg: '0', source: '' }],
    gwp: ['co2', 'ch4', 'n2o'].map((gas) => ({ gas, gwp100: '1', source: '' })),
    fuel_use: [],
    electricity: [{ site_id: 's1', usage_period: MONTH, mwh: '1', basis: 'metered' }],
    contracts: [],
    services: [
      { product_code: 'A', service_name: 'A', basis: 'physical' },
      { product_code: 'B', service_name: 'B', basis: 'economic' },
    ],
    internal_accounts: [{ account_id: '000000000009' }],
    racks: { [MONTH]: [rack('r1', 'server', '10')] },
    rack_use: { [MONTH]: [rackUse('r1', 'A', '0.5')] },
    service_use: { [MONTH]: [] },
    cluster_emissions: {},
    service_emissions: {},
    usage: { [MONTH]: [usage('000000000001', 'A', '1', '')] },
    accounts: { Accounts: [] },
    ...changes,
  };
}

/** A cluster in a separate Region; opened_on is blank or YYYY-MM-DD. */
export const cluster = (id: string, openedOn = ''): EstateTables['clusters'][number] => ({
  cluster_id: id,
  kind: 'region',
  region_code: id,
  location: id,
  opened_on: openedOn,
});
/** A row of grid g1, in kg per kWh; blank: no residual mix. */
export const gridFactor = (
  year: string,
  location: string,
  residual: string,
): EstateTables['grid_factors'][number] => ({
  grid_id: 'g1',
  year,
  location_based_kg_per_kwh: location,
  residual_mix_kg_per_kwh: residual,
  source: '',
});
/** An entry of site s1 in litres, 1 kg of CO2e each, for YYYY or YYYY-MM. */
export const fuelUse = (period: string, quantity: string): EstateTables['fuel_use'][number] => ({
  site_id: 's1',
  period,
  fuel: 'oil',
  quantity,
  unit: 'litre',
});
/** Terms of a contract, in MWh and kg per kWh. */
interface ContractTerms {
  readonly id: string;
  readonly kind: string;
  readonly period: string;
  readonly mwh: string;
  readonly kgPerKwh: string;
}

/** A contract on grid g1. */
export const contract = ({ id, kgPerKwh, ...terms }: ContractTerms): EstateTables['contracts'][number] => ({
  contract_id: id,
  grid_id: 'g1',
  ...terms,
  kg_per_kwh: kgPerKwh,
});
/** A rack of cluster c1, in kW. */
export const rack = (id: string, kind: string, kw: string): Rows<'racks'> => ({
  rack_id: id,
  cluster_id: 'c1',
  kind,
  power_kw: kw,
});
/** A service's share of a rack, 0 to 1. */
export const rackUse = (id: string, code: string, share: string): Rows<'rack_use'> => ({
  rack_id: id,
  product_code: code,
  share,
});
/** The share of a provider's emissions that a consumer causes, in cluster c1 or, by default, in all. */
export const serviceUse = (
  provider: string,
  consumer: string,
  share: string,
  id = '*',
): Rows<'service_use'> => ({
  cluster_id: id,
  provider_code: provider,
  consumer_code: consumer,
  share,
});
/** One account's use of a service in cluster c1. */
export const usage = (account: string, code: string, quantity: string, revenue: string): Rows<'usage'> => ({
  usage_account_id: account,
  cluster_id: 'c1',
  product_code: code,
  usage_quantity: quantity,
  usage_revenue: revenue,
});
