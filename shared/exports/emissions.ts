/**
 * Short name of each emission, as options and reports use it, and the start of its two columns in the export:
 * `<start>_value` and `<start>_unit`. The order is the order of totals in manifests. AWS's export has had total_mbm since
 * April 2025, total_lbm since June 2025 and the scopes since October 2025. A column that a delivery does not have is null.
 */
const EMISSION_OF = {
  total_mbm: 'total_mbm_emissions',
  total_lbm: 'total_lbm_emissions',
  scope_1: 'total_scope_1_emissions',
  scope_2_lbm: 'total_scope_2_lbm_emissions',
  scope_2_mbm: 'total_scope_2_mbm_emissions',
  scope_3_lbm: 'total_scope_3_lbm_emissions',
  scope_3_mbm: 'total_scope_3_mbm_emissions',
} as const;

/** Short name of an emission, e.g. `scope_2_lbm`. */
export type Figure = keyof typeof EMISSION_OF;

/** Start of the names of an emission's columns, e.g. `total_scope_2_lbm_emissions`. */
export type Emission = (typeof EMISSION_OF)[Figure];

/** All figures. The cast is safe: a literal object has no other keys. */
export const FIGURES = Object.keys(EMISSION_OF) as readonly Figure[];

/** All emissions, in the order of {@link FIGURES}. */
export const EMISSIONS: readonly Emission[] = Object.values(EMISSION_OF);

/** Returns the column of an emission's value, MTCO2e. */
export function valueColumn(emission: Emission): string {
  return `${emission}_value`;
}

/** Returns the column of an emission's unit. */
export function unitColumn(emission: Emission): string {
  return `${emission}_unit`;
}

/** Returns the column of a figure's value, MTCO2e. */
export function figureColumn(figure: Figure): string {
  return valueColumn(EMISSION_OF[figure]);
}
