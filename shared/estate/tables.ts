import { z } from 'zod';
import { accountIdSchema } from '../base/account-id';
import {
  BASE_CATEGORIES,
  type BaseGivenColumn,
  type Category,
  CATEGORY_RULES,
  SCOPE_3_CATEGORIES,
  type Scope3GivenColumn,
} from '../method/categories';
import { CONTRACT_KINDS } from '../method/month-estate';
import {
  day,
  decimal,
  exportedText,
  month,
  oneOf,
  optionalDay,
  optionalDecimal,
  optionalInteger,
  optionalLossRate,
  optionalOneOf,
  optionalText,
  paddedAccountId,
  period,
  share,
  text,
  year,
} from './column-types';
import { fromThatYear, type RawRecord, type TableSpec, thatMonth, thatPeriod } from './table-spec';

/** Rules of a table beyond its columns. */
type TableRules = Pick<TableSpec<unknown>, 'key' | 'concerns'>;

/** Types of columns by name. */
type Shape = Readonly<Record<string, z.ZodType<unknown, string>>>;

function table<Columns extends Shape>(
  name: string,
  types: Columns,
  rules: TableRules = {},
): TableSpec<z.infer<z.ZodObject<Columns>>> {
  const schema = z.object(types) as unknown as z.ZodType<z.infer<z.ZodObject<Columns>>, RawRecord>;
  return { name, columns: Object.keys(types), types, schema, ...rules };
}

/** Returns a table with columns that a file may lack. */
function tableWith<Columns extends Shape, Optional extends Shape>(
  name: string,
  types: Columns,
  optional: Optional,
  rules: TableRules = {},
): TableSpec<z.infer<z.ZodObject<Columns & Optional>>> {
  return { ...table(name, { ...types, ...optional }, rules), optional: Object.keys(optional) };
}

/** Returns a table whose rows have to meet a rule over several columns as well. */
function withRule<Row>(
  spec: TableSpec<Row>,
  problemOf: (row: Row) => { readonly column: string; readonly expected: string } | undefined,
): TableSpec<Row> {
  const schema = spec.schema.superRefine((row, context) => {
    const problem = problemOf(row);
    if (problem !== undefined) {
      context.addIssue({ code: 'custom', path: [problem.column], message: problem.expected });
    }
  });
  return { ...spec, schema, keepsRule: (row) => problemOf(row) === undefined };
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

/** When a factor was published, and who verified it. */
const PROVENANCE = { published_on: optionalDay, verified_by: optionalText };

/** Whether an activity is assured by a third party. */
const ASSURED = { assured: optionalOneOf(['yes', 'no']) };

export const GRID_FACTORS = tableWith(
  'grid_factors',
  {
    grid_id: text,
    year,
    location_based_kg_per_kwh: KG,
    residual_mix_kg_per_kwh: optionalDecimal({ least: 0 }),
    source: optionalText,
  },
  { carbon_free_share: optionalDecimal({ least: 0, most: 1 }), ...PROVENANCE },
  { key: ['grid_id', 'year'], concerns: fromThatYear('year') },
);

export const FUEL_FACTORS = tableWith(
  'fuel_factors',
  { fuel: text, unit: text, co2_kg: KG, ch4_kg: KG, n2o_kg: KG, source: optionalText },
  {
    family: optionalOneOf(['generator', 'natural_gas']),
    upstream_kg: optionalDecimal({ least: 0 }),
    ...PROVENANCE,
  },
  { key: ['fuel', 'unit'] },
);

export const GWP = tableWith(
  'gwp',
  { gas: text, gwp100: KG, source: optionalText },
  { assessment_report: optionalOneOf(['AR5', 'AR6']) },
  { key: ['gas'] },
);

export const FUEL_USE = tableWith(
  'fuel_use',
  { site_id: text, period, fuel: text, quantity: decimal({ least: 0 }), unit: text },
  ASSURED,
  { concerns: fromThatYear('period') },
);

export const ELECTRICITY = tableWith(
  'electricity',
  {
    site_id: text,
    usage_period: month,
    mwh: decimal({ least: 0 }),
    basis: oneOf(['metered', 'invoiced', 'estimated']),
  },
  ASSURED,
  { concerns: thatMonth('usage_period') },
);

export const CONTRACTS = tableWith(
  'contracts',
  {
    contract_id: text,
    kind: oneOf(CONTRACT_KINDS),
    grid_id: text,
    period,
    mwh: decimal({ least: 0 }),
    kg_per_kwh: KG,
  },
  { upstream_kg_per_kwh: optionalDecimal({ least: 0 }), td_kg_per_kwh: optionalDecimal({ least: 0 }) },
  { key: ['contract_id', 'grid_id', 'period'], concerns: thatPeriod('period') },
);

/** What racks and assets have in common: a service life and the emissions of their making and transport. */
const EMBODIED = { in_service_on: day, embodied_kg: KG };
const OPTIONAL_EMBODIED = {
  transport_kg: optionalDecimal({ least: 0 }),
  service_months: optionalInteger(1, 600),
  retired_on: optionalDay,
  method: optionalOneOf(['plca', 'extrapolated', 'category_average', 'eio']),
  source: optionalText,
};

const retiredInTime = (row: {
  readonly in_service_on: string;
  readonly retired_on: string;
}): { readonly column: string; readonly expected: string } | undefined =>
  row.retired_on === '' || row.retired_on >= row.in_service_on
    ? undefined
    : { column: 'retired_on', expected: `a blank or a day from in_service_on (${row.in_service_on}) on` };

/** Embodied carbon of racks; read by model versions with Scope 3, like the next three tables. */
export const RACK_EMBODIED = withRule(
  tableWith('rack_embodied', { rack_id: text, cluster_id: text, ...EMBODIED }, OPTIONAL_EMBODIED, {
    key: ['rack_id'],
  }),
  retiredInTime,
);

/** Embodied carbon of buildings and equipment. */
export const ASSETS = withRule(
  tableWith(
    'assets',
    {
      asset_id: text,
      ...{ cluster_id: optionalText, site_id: optionalText },
      kind: oneOf(['building', 'equipment']),
      ...EMBODIED,
    },
    OPTIONAL_EMBODIED,
    { key: ['asset_id'] },
  ),
  (row) =>
    (row.cluster_id === '') === (row.site_id === '')
      ? { column: 'cluster_id', expected: 'exactly one of cluster_id and site_id, and the other blank' }
      : retiredInTime(row),
);

/** Fuel- and energy-related activities of electricity, kgCO2e per kWh. */
export const FERA_FACTORS = withRule(
  tableWith(
    'fera_factors',
    { grid_id: text, year, upstream_kg_per_kwh: KG },
    {
      td_kg_per_kwh: optionalDecimal({ least: 0 }),
      td_loss_rate: optionalLossRate,
      residual_upstream_kg_per_kwh: optionalDecimal({ least: 0 }),
      source: optionalText,
    },
    { key: ['grid_id', 'year'], concerns: fromThatYear('year') },
  ),
  (row) =>
    (row.td_kg_per_kwh === undefined) === (row.td_loss_rate === undefined)
      ? {
          column: 'td_kg_per_kwh',
          expected: 'exactly one of td_kg_per_kwh and td_loss_rate, and the other blank',
        }
      : undefined,
);

/** Refrigerants that leaked, kg. */
export const REFRIGERANT_USE = tableWith(
  'refrigerant_use',
  { site_id: text, period, gas: text, quantity_kg: decimal({ least: 0 }) },
  ASSURED,
  { concerns: fromThatYear('period') },
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

/** Columns of given totals by category; fromEntries cannot know their names. */
const givenColumns = (categories: readonly Category[]): string[] =>
  categories.map((category) => CATEGORY_RULES[category].givenColumn);
const GIVEN = Object.fromEntries(givenColumns(BASE_CATEGORIES).map((column) => [column, KG])) as Record<
  BaseGivenColumn,
  typeof KG
>;
const OPTIONAL_KG = optionalDecimal({ least: 0 });
const GIVEN_SCOPE_3 = Object.fromEntries(
  givenColumns(SCOPE_3_CATEGORIES).map((column) => [column, OPTIONAL_KG]),
) as Record<Scope3GivenColumn, typeof OPTIONAL_KG>;

/** Columns of Scope 3 in given totals. */
export const GIVEN_SCOPE_3_COLUMNS: readonly string[] = Object.keys(GIVEN_SCOPE_3);

/** A cluster's emissions of the month, kgCO2e, computed elsewhere: they replace step 1. */
export const CLUSTER_EMISSIONS = tableWith(
  'cluster_emissions',
  { cluster_id: text, ...GIVEN },
  GIVEN_SCOPE_3,
  { key: ['cluster_id'] },
);

/** Emissions of a cluster's services for accounts, kgCO2e, computed elsewhere: they replace steps 1 to 4. */
export const SERVICE_EMISSIONS = tableWith(
  'service_emissions',
  { cluster_id: text, product_code: text, ...GIVEN },
  GIVEN_SCOPE_3,
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
