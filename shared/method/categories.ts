/**
 * The categories of the GHG Protocol that one month is computed in: Scope 1, Scope 2 location-based (LBM)
 * and Scope 2 market-based (MBM). Everything is linear in them, so every step treats all of them alike.
 */
export const CATEGORIES = ['scope_1', 'scope_2_lbm', 'scope_2_mbm'] as const;

/** One of the {@link CATEGORIES}. */
export type Category = (typeof CATEGORIES)[number];

/** Categories of the two totals: location-based and market-based. */
export const TOTALS = {
  lbm: ['scope_1', 'scope_2_lbm'],
  mbm: ['scope_1', 'scope_2_mbm'],
} as const satisfies Readonly<Record<string, readonly Category[]>>;

/** One number per category, in the unit that the holder names. */
export type ByCategory = Readonly<Record<Category, number>>;

/** Returns a value per category, such as the numbers of a {@link ByCategory}. */
export function byCategory<Value>(valueOf: (category: Category) => Value): Readonly<Record<Category, Value>> {
  return {
    scope_1: valueOf('scope_1'),
    scope_2_lbm: valueOf('scope_2_lbm'),
    scope_2_mbm: valueOf('scope_2_mbm'),
  };
}

/** Nothing in every category. */
export const ZERO: ByCategory = byCategory(() => 0);

/** Sum of two sets of numbers, category by category. */
export function add(a: ByCategory, b: ByCategory): ByCategory {
  return byCategory((category) => a[category] + b[category]);
}

/** Sum over a list in the list's order, which the caller keeps fixed so that the last bit is too. */
export function sumByCategory(items: readonly ByCategory[]): ByCategory {
  return items.reduce(add, ZERO);
}

/** Every category times one factor. */
export function scale(amounts: ByCategory, factor: number): ByCategory {
  return byCategory((category) => amounts[category] * factor);
}

/** True when any category holds more than nothing. */
export function anyPositive(amounts: ByCategory): boolean {
  return CATEGORIES.some((category) => amounts[category] > 0);
}
