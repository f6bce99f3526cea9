import { asKg, type Kg } from '../base/mass';

/**
 * The categories of the GHG Protocol that one month is computed in: Scope 1, Scope 2 location-based (LBM)
 * and Scope 2 market-based (MBM). Everything is linear in them, so every step treats all categories in the same way.
 */
export const CATEGORIES = ['scope_1', 'scope_2_lbm', 'scope_2_mbm'] as const;

/** One of the {@link CATEGORIES}. */
export type Category = (typeof CATEGORIES)[number];

/** Categories of the two totals: location-based and market-based. */
export const TOTALS = {
  lbm: ['scope_1', 'scope_2_lbm'],
  mbm: ['scope_1', 'scope_2_mbm'],
} as const satisfies Readonly<Record<string, readonly Category[]>>;

/** kgCO2e per category. */
export type KgByCategory = Readonly<Record<Category, Kg>>;

/** Returns a value per category, such as the masses of a {@link KgByCategory}. */
export function byCategory<Value>(valueOf: (category: Category) => Value): Readonly<Record<Category, Value>> {
  return {
    scope_1: valueOf('scope_1'),
    scope_2_lbm: valueOf('scope_2_lbm'),
    scope_2_mbm: valueOf('scope_2_mbm'),
  };
}

/** Nothing in every category. */
export const ZERO: KgByCategory = byCategory(() => asKg(0));

/** Returns the sum of two sets of masses, category by category. */
export function add(a: KgByCategory, b: KgByCategory): KgByCategory {
  return byCategory((category) => asKg(a[category] + b[category]));
}

/** Returns the sum in the list's order, which the caller keeps fixed so that the last bit is fixed too. */
export function sumByCategory(items: readonly KgByCategory[]): KgByCategory {
  return items.reduce(add, ZERO);
}

/** Returns every category times one factor. */
export function scale(kg: KgByCategory, factor: number): KgByCategory {
  return byCategory((category) => asKg(kg[category] * factor));
}

/** Returns true when any category is above 0. */
export function anyPositive(kg: KgByCategory): boolean {
  return CATEGORIES.some((category) => kg[category] > 0);
}
