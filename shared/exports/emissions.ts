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
