import { type Category, categoriesIn, type Method } from '../method/categories';

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

/**
 * Categories that a figure is the sum of, in groups: a total adds the sums of the scopes, and a scope adds its categories,
 * in this order.
 */
const TERMS: Readonly<Record<Figure, readonly (readonly Category[])[]>> = {
  total_mbm: totalOf('mbm'),
  total_lbm: totalOf('lbm'),
  scope_1: [categoriesIn(1, 'lbm')],
  scope_2_lbm: [categoriesIn(2, 'lbm')],
  scope_2_mbm: [categoriesIn(2, 'mbm')],
  scope_3_lbm: [categoriesIn(3, 'lbm')],
  scope_3_mbm: [categoriesIn(3, 'mbm')],
};

function totalOf(method: Method): readonly (readonly Category[])[] {
  return ([1, 2, 3] as const).map((scope) => categoriesIn(scope, method));
}

/** Returns the categories that a figure is the sum of. */
export function figureParts(figure: Figure): readonly Category[] {
  return TERMS[figure].flat();
}

/** Returns SQL of a figure over columns that are named as the categories; 0 where none of them counts. */
export function figureSql(figure: Figure, categories: readonly Category[]): string {
  const groups = TERMS[figure].map((group) => group.filter((category) => categories.includes(category)));
  const sums = groups.filter((group) => group.length > 0).map((group) => group.join(' + '));
  if (sums.length === 0) return 'CAST(0 AS DOUBLE)';
  return sums.map((sum) => (sums.length > 1 && sum.includes('+') ? `(${sum})` : sum)).join(' + ');
}
