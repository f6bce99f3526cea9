import { CARBON_COLUMNS } from '../shared/compute/aws-totals/carbon-columns';
import type { DeliveredTable } from '../shared/usage/column-names';

/** What AWS Data Exports must be asked for: table, its columns and its settings. */
interface ExportQuery {
  readonly name: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
}

const FOCUS_COLUMNS = [
  ...[
    'AvailabilityZone',
    'BilledCost',
    'BillingAccountId',
    'BillingCurrency',
    'ChargeCategory',
    'ChargeClass',
  ],
  ...['ChargePeriodEnd', 'ChargePeriodStart', 'CommitmentDiscountStatus', 'ConsumedQuantity', 'ConsumedUnit'],
  ...[
    'ContractedCost',
    'EffectiveCost',
    'ListCost',
    'ProviderName',
    'PublisherName',
    'RegionId',
    'ResourceId',
  ],
  ...['ServiceName', 'SkuMeter', 'SubAccountId', 'Tags', 'x_ServiceCode'],
];

const CUR_COLUMNS = [
  ...['bill_billing_entity', 'bill_payer_account_id', 'cost_category', 'line_item_availability_zone'],
  ...['line_item_currency_code', 'line_item_line_item_type', 'line_item_normalization_factor'],
  ...[
    'line_item_product_code',
    'line_item_resource_id',
    'line_item_unblended_cost',
    'line_item_usage_account_id',
  ],
  ...[
    'line_item_usage_amount',
    'line_item_usage_end_date',
    'line_item_usage_start_date',
    'line_item_usage_type',
  ],
  ...[
    'pricing_currency',
    'pricing_public_on_demand_cost',
    'pricing_unit',
    'product',
    'product_from_region_code',
  ],
  ...['product_region_code', 'product_to_region_code', 'resource_tags'],
];

const QUERIES: Readonly<Record<DeliveredTable, ExportQuery>> = {
  aws_carbon: { name: 'carbon', table: 'CARBON_EMISSIONS', columns: CARBON_COLUMNS, settings: {} },
  focus: {
    name: 'focus',
    table: 'FOCUS_1_2_AWS',
    columns: FOCUS_COLUMNS,
    settings: { TIME_GRANULARITY: 'DAILY' },
  },
  cur: {
    name: 'cur',
    table: 'COST_AND_USAGE_REPORT',
    columns: CUR_COLUMNS,
    settings: {
      TIME_GRANULARITY: 'DAILY',
      INCLUDE_RESOURCES: 'TRUE',
      INCLUDE_SPLIT_COST_ALLOCATION_DATA: 'FALSE',
      INCLUDE_MANUAL_DISCOUNT_COMPATIBILITY: 'FALSE',
    },
  },
};

/** Returns the request of CreateExport for a table; the user replaces BUCKET and REGION. */
export function exportRequest(table: DeliveredTable): object {
  const { name, table: from, columns, settings } = QUERIES[table];
  return {
    Name: name,
    DataQuery: {
      QueryStatement: `SELECT ${columns.join(', ')} FROM ${from}`,
      TableConfigurations: { [from]: settings },
    },
    DestinationConfigurations: {
      S3Destination: {
        S3Bucket: 'BUCKET',
        S3Prefix: 'exports',
        S3Region: 'REGION',
        S3OutputConfigurations: {
          OutputType: 'CUSTOM',
          Format: 'PARQUET',
          Compression: 'PARQUET',
          Overwrite: 'OVERWRITE_REPORT',
        },
      },
    },
    RefreshCadence: { Frequency: 'SYNCHRONOUS' },
  };
}

/** Returns how the exports of these tables are created, in the console and by the AWS CLI. */
export function howToCreate(tables: readonly DeliveredTable[]): string {
  const names = tables.map((table) => QUERIES[table].table).join(' and ');
  const commands = tables.map(
    (table) =>
      `  aws bcm-data-exports create-export --region us-east-1 --export '${JSON.stringify(exportRequest(table))}'`,
  );
  return [
    `To create the exports of ${names}, sign in to the management account.`,
    'In the console: Billing and Cost Management, Data Exports, Create, Standard data export; choose the table,',
    'all columns, Parquet and "Overwrite existing data export file", and a bucket.',
    'By the AWS CLI, with the name and Region of a bucket whose policy lets bcm-data-exports.amazonaws.com call',
    's3:PutObject and s3:GetBucketPolicy:',
    ...commands,
    'AWS delivers bills within 24 hours, and carbon emissions by the 21st of the month. Then run init again.',
  ].join('\n');
}
