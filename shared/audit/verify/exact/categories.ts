import type { Fraction } from './rational';

/** The three figures every step carries side by side, all in kgCO2e. */
export const CATEGORIES = ['scope_1', 'scope_2_lbm', 'scope_2_mbm'] as const;

/** Scope 1, scope 2 location-based or scope 2 market-based. */
export type Category = (typeof CATEGORIES)[number];

/** One exact value per category, in kg unless said otherwise. */
export type PerCategory = Record<Category, Fraction>;

/** The two versions of the method that this reference knows. */
export type ModelVersion = 'v1.0.0' | 'v2.0.0';

/** Builds a value per category from a rule that is the same for each. */
export function perCategory<Value>(rule: (category: Category) => Value): Record<Category, Value> {
  return {
    scope_1: rule('scope_1'),
    scope_2_lbm: rule('scope_2_lbm'),
    scope_2_mbm: rule('scope_2_mbm'),
  };
}
