import type { CatalogColumn, CatalogType } from './column-types';
import { CARBON_EMISSIONS } from './tables';

/*
 * Glue stores the columns of a view. Tests compare this list with what DuckDB and Trino describe.
 */

const EXPORT = [...CARBON_EMISSIONS.columns, ...CARBON_EMISSIONS.partitionKeys];

function of(type: CatalogType, ...names: string[]): CatalogColumn[] {
  return names.map((name) => ({ name, type }));
}

const TOTALS = CARBON_EMISSIONS.columns.flatMap(({ name, type }) => (type === 'double' ? [name] : []));

/** Columns of every view, in order. */
export const VIEW_COLUMNS: Readonly<Record<string, readonly CatalogColumn[]>> = {
  carbon_versions: [
    ...of('string', 'usage_period', 'carbon_model_version'),
    ...of('int', 'month_number'),
    ...of('bigint', 'version_rank'),
  ],
  carbon_latest: EXPORT,
  carbon: EXPORT,
  carbon_by_account: [
    ...EXPORT,
    ...of('string', 'account_name', 'account_state', 'ou_path', 'tags'),
    ...of('timestamp', 'joined'),
    ...of('boolean', 'has_left'),
    ...of('string', 'metadata_as_of'),
  ],
  carbon_restatement: [
    ...of(
      'string',
      'usage_period',
      'usage_account_id',
      'product_code',
      'old_model_version',
      'new_model_version',
    ),
    ...of(
      'double',
      'old_total_lbm_emissions_value',
      'new_total_lbm_emissions_value',
      'change_total_lbm_emissions_value',
      'old_total_mbm_emissions_value',
      'new_total_mbm_emissions_value',
      'change_total_mbm_emissions_value',
    ),
  ],
  carbon_ccft: [
    ...of('string', 'usage_period', 'carbon_model_version', 'payer_account_id', 'usage_account_id'),
    ...of('string', 'region_code', 'location', 'product_group'),
    ...of('double', ...TOTALS),
  ],
  carbon_month_over_month: [
    ...of('string', 'usage_period', 'usage_account_id', 'product_code'),
    ...of('string', 'carbon_model_version', 'previous_model_version'),
    ...of(
      'double',
      'total_lbm_emissions_value',
      'previous_total_lbm_emissions_value',
      'change_total_lbm_emissions_value',
      'total_mbm_emissions_value',
      'previous_total_mbm_emissions_value',
      'change_total_mbm_emissions_value',
    ),
  ],
  account_map: of('string', 'account_id', 'account_name'),
};
