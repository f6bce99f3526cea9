import { EMISSIONS, unitColumn, valueColumn } from '../../exports/emissions';
/** Input table of AWS's own carbon export. */
export const CARBON_TABLE = 'aws_carbon';

/** Columns that a row of AWS's export is told apart by, and its place; all generations have them. */
const PLAIN_COLUMNS = [
  'last_refresh_timestamp',
  'location',
  'model_version',
  'payer_account_id',
  'product_code',
  'region_code',
  'usage_account_id',
  'usage_period_end',
  'usage_period_start',
] as const;

/** The eleven columns of the first generation, which every delivery has. */
export const REQUIRED_CARBON_COLUMNS: readonly string[] = [
  ...PLAIN_COLUMNS,
  valueColumn('total_mbm_emissions'),
  unitColumn('total_mbm_emissions'),
];

/** All columns of the newest generation. */
export const CARBON_COLUMNS: readonly string[] = [
  ...PLAIN_COLUMNS,
  ...EMISSIONS.flatMap((emission) => [valueColumn(emission), unitColumn(emission)]),
];

/** Region of what belongs to none, such as Amazon CloudFront. */
export const GLOBAL_REGION = 'global';

/** Product of AWS's export that stands for every service without a product of its own there. */
export const OTHER_PRODUCTS = 'Other';

/** Services that have a product of their own in AWS's export, whether or not a month has rows of them. */
export const OWN_PRODUCTS = ['AmazonEC2', 'AmazonS3', 'AmazonCloudFront'] as const;

/** The service that AWS's export reports under Global, wherever its lines say that it was used. */
export const GLOBAL_PRODUCT = 'AmazonCloudFront';
