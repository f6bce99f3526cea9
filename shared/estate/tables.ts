import { z } from 'zod';
import { accountIdSchema } from '../base/account-id';
import { CONTRACT_KINDS } from '../method/month-estate';
import {
  decimal,
  exportedText,
  month,
  oneOf,
  optionalDay,
  optionalDecimal,
  optionalText,
  paddedAccountId,
  period,
  share,
  text,
  year,
} from './column-types';
import { fromThatYear, type RawRecord, type TableSpec, thatMonth, thatPeriod } from './table-spec';

function table<Shape extends z.ZodRawShape>(
  name: string,
  shape: Shape,
  rules: Pick<TableSpec<unknown>, 'key' | 'concerns'> = {},
): TableSpec<z.infer<z.ZodObject<Shape>>> {
  const schema = z.object(shape) as unknown as z.ZodType<z.infer<z.ZodObject<Shape>>, RawRecord>;
  return { name, columns: Object.keys(shape), schema, ...rules };
}

const KG = decimal({ least: 0 });

/** The tables at the root of an estate, one file each. */
export const CLUSTERS = table(
  'clusters',
  {
    cluster_id: text,
    kind: oneOf(['region', 'edge']),
    region_code: exportedText,
    location: exportedText,
    opened_on: optionalDay,
  },
  { key: ['cluster_id'] },
);

export const SITES = table('sites', { site_id: text, cluster_id: text, grid_id: text }, { key: ['site_id'] });

export const GRID_FACTORS = table(
  'grid_factors',
  {
    grid_id: text,
    year,
    location_based_kg_per_kwh: KG,
    residual_mix_kg_per_kwh: optionalDecimal({ least: 0 }),
    source: optionalText,
  },
  { key: ['grid_id', 'year'], concerns: fromThatYear('year') },
);

export const FUEL_FACTORS = table(
  'fuel_factors',
  { fuel: text, unit: text, co2_kg: KG, ch4_kg: KG, n2o_kg: KG, source: optionalText },
  { key: ['fuel', 'unit'] },
);

export const GWP = table('gwp', { gas: text, gwp100: KG, source: optionalText }, { key: ['gas'] });

export const FUEL_USE = table(
  'fuel_use',
  { site_id: text, period, fuel: text, quantity: decimal({ least: 0 }), unit: text },
  { concerns: fromThatYear('period') },
);

export const ELECTRICITY = table(
  'electricity',
  {
    site_id: text,
    usage_period: month,
    mwh: decimal({ least: 0 }),
    basis: oneOf(['metered', 'invoiced', 'estimated']),
  },
  { concerns: thatMonth('usage_period') },
);

export const CONTRACTS = table(
  'contracts',
  {
    contract_id: text,
    kind: oneOf(CONTRACT_KINDS),
    grid_id: text,
    period,
    mwh: decimal({ least: 0 }),
    kg_per_kwh: KG,
  },
  { key: ['contract_id', 'grid_id', 'period'], concerns: thatPeriod('period') },
);

export const SERVICES = table(
  'services',
  { product_code: exportedText, service_name: text, basis: oneOf(['physical', 'economic']) },
  { key: ['product_code'] },
);

export const INTERNAL_ACCOUNTS = table(
  'internal_accounts',
  { account_id: accountIdSchema },
  { key: ['account_id'] },
);

/** {@link INTERNAL_ACCOUNTS} where the setting pad_account_ids restores leading zeros. */
export const PADDED_INTERNAL_ACCOUNTS = table(
  'internal_accounts',
  { account_id: paddedAccountId },
  { key: ['account_id'] },
);

/** The tables with one folder per month. */
export const RACKS = table(
  'racks',
  { rack_id: text, cluster_id: text, kind: oneOf(['server', 'overhead']), power_kw: decimal({ least: 0 }) },
  { key: ['rack_id'] },
);

export const RACK_USE = table(
  'rack_use',
  { rack_id: text, product_code: text, share },
  { key: ['rack_id', 'product_code'] },
);

export const SERVICE_USE = table(
  'service_use',
  { cluster_id: text, provider_code: text, consumer_code: text, share },
  { key: ['cluster_id', 'provider_code', 'consumer_code'] },
);

const KG_BY_CATEGORY = { scope_1_kg: KG, scope_2_lbm_kg: KG, scope_2_mbm_kg: KG };

/** A cluster's emissions of the month, kgCO2e, computed elsewhere: they replace step 1. */
export const CLUSTER_EMISSIONS = table(
  'cluster_emissions',
  { cluster_id: text, ...KG_BY_CATEGORY },
  { key: ['cluster_id'] },
);

/** Emissions of a cluster's services for accounts, kgCO2e, computed elsewhere: they replace steps 1 to 4. */
export const SERVICE_EMISSIONS = table(
  'service_emissions',
  { cluster_id: text, product_code: text, ...KG_BY_CATEGORY },
  { key: ['cluster_id', 'product_code'] },
);

/** Maps FOCUS service names to product codes; the estate's file has priority over the shipped one. */
export const FOCUS_SERVICES = table(
  'focus_services',
  {
    service_name: text,
    product_code: text,
    unit: optionalText,
    weight: optionalDecimal({ least: 0 }),
  },
  { key: ['service_name', 'unit'] },
);

/** The value of one unit of a currency in the estate's currency, by month: for bills in several currencies. */
export const CURRENCY_RATES = table(
  'currency_rates',
  {
    currency: text,
    usage_period: month,
    rate: decimal({ least: 0 }),
    source: optionalText,
  },
  { key: ['currency', 'usage_period'], concerns: thatMonth('usage_period') },
);

/** Columns of usage/, which is read by the SQL engine and never row by row. */
export const USAGE_COLUMNS = [
  'usage_account_id',
  'cluster_id',
  'product_code',
  'usage_quantity',
  'usage_revenue',
] as const;
