import type { Fraction } from './rational';

/** The figures of Scopes 1 and 2, which every version has, in kgCO2e. */
export const BASE_CATEGORIES = ['scope_1', 'scope_2_lbm', 'scope_2_mbm'] as const;

/** The parts of Scope 3, which are 0 before v3.0.0, in kgCO2e. */
export const SCOPE_3_CATEGORIES = [
  's3_hardware',
  's3_buildings',
  's3_transport',
  's3_fera_lbm',
  's3_fera_mbm',
] as const;

/** All figures, which every step calculates in the same way. */
export const CATEGORIES = [...BASE_CATEGORIES, ...SCOPE_3_CATEGORIES] as const;

/** One of the {@link CATEGORIES}. */
export type Category = (typeof CATEGORIES)[number];

/** One exact value per category, in kg unless a comment says otherwise. */
export type PerCategory = Record<Category, Fraction>;

/** The versions of the method that the exact method knows. */
export const MODEL_VERSIONS = ['v1.0.0', 'v2.0.0', 'v3.0.0'] as const;

/** One of the {@link MODEL_VERSIONS}. */
export type ModelVersion = (typeof MODEL_VERSIONS)[number];

/** Returns the categories that a version counts. */
export function categoriesOf(version: ModelVersion): readonly Category[] {
  return version === 'v3.0.0' ? CATEGORIES : BASE_CATEGORIES;
}

/** Builds a value per category from a rule that is the same for each. */
export function perCategory<Value>(rule: (category: Category) => Value): Record<Category, Value> {
  return {
    scope_1: rule('scope_1'),
    scope_2_lbm: rule('scope_2_lbm'),
    scope_2_mbm: rule('scope_2_mbm'),
    s3_hardware: rule('s3_hardware'),
    s3_buildings: rule('s3_buildings'),
    s3_transport: rule('s3_transport'),
    s3_fera_lbm: rule('s3_fera_lbm'),
    s3_fera_mbm: rule('s3_fera_mbm'),
  };
}
