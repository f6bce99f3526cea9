import type { EstateSettings } from '../../estate/estate-settings';
import type { Relation } from '../../sql/relation';
import { textLiteral } from '../../sql/dialect';
import { columnNames, type TextColumns, type UsageFile } from '../../sql/text-columns';
import { type BillFormat, firstOf, orNull, presentOf, UNUSED } from './bill-format';
import { regionOfZone } from './line-region';
import { marketplaceSql } from './marketplace';
import { NO_ALLOCATION } from './split-allocation';

/** Columns that FOCUS 1.0 to 1.3 have in common, except the cost column, which is a setting. */
const REQUIRED = [
  'SubAccountId',
  'RegionId',
  'ServiceName',
  'ChargeCategory',
  'ConsumedQuantity',
  'ConsumedUnit',
  'ChargePeriodStart',
] as const;

/** FOCUS 1.3 calls the provider ServiceProviderName. In a file without either column every line counts. */
const PROVIDER_COLUMNS = ['ProviderName', 'ServiceProviderName'];

/** x_UsageType of AWS's FOCUS 1.0 is SkuMeter in its FOCUS 1.2. */
const USAGE_TYPE_COLUMNS = ['x_UsageType', 'SkuMeter'];

/** Every column that is read, by its name in small letters. */
const NAMES = new Map(
  [
    ...[...REQUIRED, ...PROVIDER_COLUMNS, ...USAGE_TYPE_COLUMNS],
    ...['BillingAccountId', 'BillingCurrency', 'ChargePeriodEnd', 'CommitmentDiscountStatus'],
    ...['AvailabilityZone', 'PublisherName', 'ResourceId', 'Tags', 'x_CostCategories', 'x_ServiceCode'],
    ...['BilledCost', 'ContractedCost', 'EffectiveCost', 'ListCost'],
  ].map((name) => [name.toLowerCase(), name]),
);

const USAGE = `coalesce(charge_category, '') = 'Usage'`;

/** The unused part of a commitment is a charge without usage. */
const UNUSED_COMMITMENT = `coalesce(commitment_status, '') = '${UNUSED}'`;

/** What AWS bills and another company publishes is sold through AWS Marketplace. */
const OF_OTHERS = `(${orNull('publisher')} IS NOT NULL AND NOT (publisher LIKE 'Amazon%' OR publisher LIKE 'AWS%'))`;

/** FOCUS cost-and-usage, versions 1.0 to 1.3, with or without AWS's own columns. */
export const FOCUS_FORMAT: BillFormat = {
  table: 'focus',
  name: 'FOCUS',
  nameOf: (column) => NAMES.get(column.toLowerCase()) ?? column,
  required: ({ focus }) => [...REQUIRED, focus.revenue_column],
  regionColumns: ['RegionId'],
  textColumns,
  keyColumns: (file) => {
    const columns = columnNames(file);
    return {
      // FOCUS 1.3 has an allocated charge, such as that of a pod, in place of its origin: costs add up without us.
      resource: presentOf(columns, ['AllocatedResourceId', 'ResourceId']),
      own: {
        ...{ tag: presentOf(columns, ['AllocatedTags']), 'account-tag': [], 'user-attribute': [] },
        'cost-category': presentOf(columns, ['x_CostCategories']),
      },
      // AWS's FOCUS 1.2 has cost categories, account tags and user attributes among the tags.
      mixed: presentOf(columns, ['Tags']),
    };
  },
  factTexts: ['payer_id', 'currency', 'charge_category', 'commitment_status', 'provider', 'has_provider'],
  usageCondition: USAGE,
  ownCondition: ({ focus }) => {
    const known = focus.providers.map((provider) => textLiteral(provider)).join(', ');
    return `NOT ${UNUSED_COMMITMENT} AND (has_provider = 'no' OR provider IN (${known}))`;
  },
  currency: orNull('currency'),
  lines: async (session, settings) => {
    const providers = await session.load({
      columns: { name: 'VARCHAR' },
      rows: [...new Set(settings.focus.providers)].map((provider) => [provider]),
    });
    return { context: [providers], over: (texts, kept) => lines(texts, settings, providers, kept) };
  },
  words: ({ focus }) => ({
    account: 'SubAccountId',
    region: 'RegionId',
    service: 'ServiceName',
    quantity: 'ConsumedQuantity',
    cost: focus.revenue_column,
    period: 'ChargePeriodStart',
    currency: 'BillingCurrency',
  }),
};

function textColumns(file: UsageFile, { focus }: EstateSettings): TextColumns {
  const columns = columnNames(file);
  const provider = firstOf(columns, PROVIDER_COLUMNS);
  const ifThere = (name: string): string | undefined => firstOf(columns, [name]);
  return [
    ['SubAccountId', 'account_id', 'id'],
    [ifThere('BillingAccountId'), 'payer_id', 'id'],
    ['RegionId', 'region_id'],
    [ifThere('AvailabilityZone'), 'zone', { whereAny: [['RegionId', ['', 'NULL']]] }],
    [ifThere('x_ServiceCode'), 'service_code'],
    ['ServiceName', 'service_name'],
    [firstOf(columns, USAGE_TYPE_COLUMNS), 'usage_type'],
    ['ConsumedQuantity', 'quantity', 'amount'],
    ['ConsumedUnit', 'unit'],
    [focus.revenue_column, 'cost', 'amount'],
    [ifThere('BillingCurrency'), 'currency'],
    ['ChargePeriodStart', 'period_start'],
    [ifThere('ChargePeriodEnd'), 'period_end'],
    ['ChargeCategory', 'charge_category'],
    [ifThere('CommitmentDiscountStatus'), 'commitment_status'],
    [provider, 'provider'],
    [{ text: provider === undefined ? 'no' : 'yes' }, 'has_provider'],
    [ifThere('PublisherName'), 'publisher'],
  ];
}

function lines(
  texts: string,
  { bills }: EstateSettings,
  providers: Relation,
  kept: readonly string[],
): string {
  const blank = (column: string): string => `coalesce(${orNull(column)}, '(blank)')`;
  const sold = marketplaceSql({
    code: 'service_code',
    name: 'service_name',
    usageType: 'usage_type',
    isOfOthers: OF_OTHERS,
  });
  const marketplace =
    bills.marketplace === 'leave_out' ? `\n    WHEN ${sold.isSoftware} THEN 'of AWS Marketplace'` : '';
  return `
SELECT
  account_id,
  ${orNull('payer_id')} AS payer_id,
  coalesce(${orNull('region_id')}, ${regionOfZone('zone')}) AS region_id,
  ${sold.serviceCode} AS service_code,
  ${sold.serviceName} AS service_name,
  ${orNull('usage_type')} AS usage_type,
  CAST(NULL AS VARCHAR) AS normalization,
  ${orNull('quantity')} AS quantity, quantity_short, quantity_long, quantity_bad,
  ${orNull('unit')} AS unit,
  ${orNull('cost')} AS cost, cost_short, cost_long, cost_bad,
  coalesce(${FOCUS_FORMAT.currency}, only_currency) AS currency,
  coalesce(period_start, '') AS period_start,
  ${orNull('period_end')} AS period_end,
  ${NO_ALLOCATION},
  CASE
    WHEN NOT ${USAGE} THEN 'of ChargeCategory ' || ${blank('charge_category')}
    WHEN has_provider = 'yes' AND p.name IS NULL AND NOT ${sold.isModel} THEN 'of provider ' || ${blank('provider')}
    WHEN ${UNUSED_COMMITMENT} THEN 'of unused commitment discounts'${marketplace}
  END AS left_out${sold.more(kept)}
FROM (${texts}) f
LEFT JOIN ${providers.table} p ON p.name = f.provider`;
}
