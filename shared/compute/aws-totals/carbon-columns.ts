import { EMISSIONS, unitColumn, valueColumn } from '../../exports/emissions';
/** Input table of AWS's own carbon export. */
export const CARBON_TABLE = 'aws_carbon';

/** Columns of AWS's export that identify a row and its location; every delivery has them. */
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

/** Region of services without a Region, such as Amazon CloudFront. */
export const GLOBAL_REGION = 'global';

/** Product of AWS's export for every service that has no separate product there. */
export const OTHER_PRODUCTS = 'Other';

/** Services that have a separate product in AWS's export, also in months without rows of them. */
export const OWN_PRODUCTS = ['AmazonEC2', 'AmazonS3', 'AmazonCloudFront'] as const;

/** The service that AWS's export reports under Global, although its lines have Regions. */
export const GLOBAL_PRODUCT = 'AmazonCloudFront';
