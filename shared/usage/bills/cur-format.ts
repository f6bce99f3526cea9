import type { EstateSettings } from '../../estate/estate-settings';
import { columnNames, type TextColumns, type UsageFile } from '../../sql/text-columns';
import { type BillFormat, firstOf, orNull, presentOf } from './bill-format';
import { regionInProduct, regionOfTransfer, regionOfZone } from './line-region';
import { marketplaceSql } from './marketplace';
import { valueInProduct } from './product-map';
import { allocation, allocationColumns, IS_ALLOCATED, OF_ALLOCATION } from './split-allocation';

/** Columns that a Cost and Usage Report 2.0 must have, except the cost column and the Region. */
const REQUIRED = [
  'line_item_usage_account_id',
  'line_item_product_code',
  'line_item_line_item_type',
  'line_item_usage_amount',
  'pricing_unit',
] as const;

/** The Region is a separate column. Where it is blank or missing, other columns have it. */
const REGION_COLUMN = 'product_region_code';
const ZONE_COLUMN = 'line_item_availability_zone';

const ENTITY_COLUMN = 'bill_billing_entity';
const MARKETPLACE = 'AWS Marketplace';

/** Pattern of the names of products in a map that is not JSON. */
const PRODUCT_NAME = `[^"',{}]+`;

/** Line item types of usage, whatever paid for it; fees, taxes, credits, refunds and discounts are not usage. */
const USAGE = `coalesce(line_item_type, '') IN ('Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage')`;

/** AWS's Cost and Usage Report 2.0. */
export const CUR_FORMAT: BillFormat = {
  table: 'cur',
  name: 'CUR 2.0',
  nameOf: (column) => column.toLowerCase(),
  required: ({ cur }) => [...REQUIRED, cur.revenue_column],
  regionColumns: [REGION_COLUMN, 'product', ZONE_COLUMN],
  textColumns,
  keyColumns: (file) => {
    const columns = columnNames(file);
    return {
      resource: presentOf(columns, ['line_item_resource_id']),
      own: {
        ...{ 'account-tag': [], 'user-attribute': [] },
        tag: presentOf(columns, ['resource_tags']),
        'cost-category': presentOf(columns, ['cost_category']),
      },
      mixed: presentOf(columns, ['tags']),
    };
  },
  factTexts: ['payer_id', 'currency', 'bill_currency', 'line_item_type'],
  usageCondition: USAGE,
  ownCondition: () => 'true',
  currency: `coalesce(${orNull('currency')}, ${orNull('bill_currency')})`,
  lines: (_, settings) =>
    Promise.resolve({ context: [], over: (texts, kept) => lines(texts, settings, kept) }),
  words: ({ cur }) => ({
    account: 'line_item_usage_account_id',
    region: REGION_COLUMN,
    service: 'line_item_product_code',
    quantity: 'line_item_usage_amount',
    cost: cur.revenue_column,
    period: 'line_item_usage_start_date',
    currency: currencyColumn(cur.revenue_column),
  }),
};

const BILL_CURRENCY = 'line_item_currency_code';

function currencyColumn(costColumn: string): string {
  return costColumn.startsWith('pricing_') ? 'pricing_currency' : BILL_CURRENCY;
}

function textColumns(file: UsageFile, { cur }: EstateSettings): TextColumns {
  const columns = columnNames(file);
  const ifThere = (name: string): string | undefined => firstOf(columns, [name]);
  const currency = currencyColumn(cur.revenue_column);
  return [
    ['line_item_usage_account_id', 'account_id', 'id'],
    [ifThere('bill_payer_account_id'), 'payer_id', 'id'],
    [ifThere(REGION_COLUMN), 'region_column'],
    productColumn(columns),
    regionless('product_from_region_code', 'from_region', columns),
    regionless('product_to_region_code', 'to_region', columns),
    regionless(ZONE_COLUMN, 'zone', columns),
    ['line_item_product_code', 'service_code'],
    [ifThere('line_item_usage_type'), 'usage_type'],
    [ifThere('line_item_normalization_factor'), 'normalization'],
    ['line_item_usage_amount', 'quantity', 'amount'],
    ['pricing_unit', 'unit'],
    [cur.revenue_column, 'cost', 'amount'],
    [ifThere(currency), 'currency'],
    [ifThere(BILL_CURRENCY), 'bill_currency'],
    [ifThere('line_item_usage_start_date'), 'period_start'],
    [ifThere('line_item_usage_end_date'), 'period_end'],
    ...allocationColumns(cur.revenue_column, columns),
    ['line_item_line_item_type', 'line_item_type'],
    [ifThere(ENTITY_COLUMN), 'billing_entity'],
  ];
}

/** A column that is read where a line has no Region. */
function regionless(column: string, name: string, columns: ReadonlySet<string>): TextColumns[number] {
  const inFile = firstOf(columns, [column]);
  return columns.has(REGION_COLUMN) ? [inFile, name, { whereAny: [NO_REGION] }] : [inFile, name];
}

/** The column of the Region, and its values where a line has none. */
const NO_REGION = [REGION_COLUMN, ['', 'NULL']] as const;

/** The map `product` has the Region of lines without one, and the name of what is sold through AWS Marketplace. */
function productColumn(columns: ReadonlySet<string>): TextColumns[number] {
  const product = firstOf(columns, ['product']);
  if (!columns.has(REGION_COLUMN)) return [product, 'product'];
  const whereAny = [
    NO_REGION,
    ...(columns.has(ENTITY_COLUMN) ? [[ENTITY_COLUMN, [MARKETPLACE]] as const] : []),
  ] as const;
  return [product, 'product', { whereAny }];
}

function lines(texts: string, { bills }: EstateSettings, kept: readonly string[]): string {
  const sold = marketplaceSql({
    code: 'service_code',
    name: 'product_name',
    usageType: 'usage_type',
    isOfOthers: `coalesce(billing_entity, '') = '${MARKETPLACE}'`,
  });
  const marketplace =
    bills.marketplace === 'leave_out' ? `\n    WHEN ${sold.isSoftware} THEN 'of ${MARKETPLACE}'` : '';
  const regions = [
    orNull('region_column'),
    regionInProduct('product'),
    regionOfTransfer('from_region'),
    regionOfTransfer('to_region'),
    regionOfZone('zone'),
  ];
  return `
SELECT
  account_id,
  ${orNull('payer_id')} AS payer_id,
  coalesce(${regions.join(', ')}) AS region_id,
  ${sold.serviceCode} AS service_code,
  CASE WHEN ${sold.isSoftware} THEN coalesce(product_name, '${MARKETPLACE}') WHEN ${sold.isModel} THEN ${sold.serviceName} ELSE ${orNull('service_code')} END AS service_name,
  ${orNull('usage_type')} AS usage_type,
  ${orNull('normalization')} AS normalization,
  ${orNull('quantity')} AS quantity, quantity_short, quantity_long, quantity_bad,
  ${orNull('unit')} AS unit,
  ${orNull('cost')} AS cost, cost_short, cost_long, cost_bad,
  coalesce(${CUR_FORMAT.currency}, only_currency) AS currency,
  ${orNull('period_start')} AS period_start,
  ${orNull('period_end')} AS period_end,
  ${allocation('usage_type')},
  CASE
    WHEN NOT ${USAGE} THEN 'of line item type ' || coalesce(${orNull('line_item_type')}, '(blank)')
    WHEN ${IS_ALLOCATED} THEN '${OF_ALLOCATION}'${marketplace}
  END AS left_out${sold.more(kept)}
FROM (SELECT t.*, ${valueInProduct('product', 'product_name', PRODUCT_NAME)} AS product_name FROM (${texts}) t) f`;
}
