/** Table of inputs.md that AWS's own carbon export is delivered into. */
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

/**
 * Emissions of a row, MTCO2e, each a pair of columns `<name>_value` and `<name>_unit`. The export had total_mbm alone in
 * April 2025, total_lbm from June 2025 and the scopes from October 2025; what a delivery does not have is null.
 */
export const EMISSIONS = [
  'total_mbm_emissions',
  'total_lbm_emissions',
  'total_scope_1_emissions',
  'total_scope_2_lbm_emissions',
  'total_scope_2_mbm_emissions',
  'total_scope_3_lbm_emissions',
  'total_scope_3_mbm_emissions',
] as const;

/** One of the {@link EMISSIONS}. */
export type Emission = (typeof EMISSIONS)[number];

/** Column of the value, MTCO2e. */
export function valueColumn(emission: Emission): string {
  return `${emission}_value`;
}

/** Column of the unit. */
export function unitColumn(emission: Emission): string {
  return `${emission}_unit`;
}

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

/** Services that can be split by what was used of them instead of its list cost. */
export const MEASURED_PRODUCTS = ['AmazonEC2', 'AmazonS3'] as const;

/** The service that AWS's export reports under Global, wherever its lines say that it was used. */
export const GLOBAL_PRODUCT = 'AmazonCloudFront';

/** Versions as AWS writes them; anything else could not be ordered. */
export const CARBON_VERSION = /^v\d+\.\d+\.\d+$/;
