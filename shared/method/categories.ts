import { asKg, type Kg } from '../base/mass';

/** The two methods of the GHG Protocol Scope 2 Guidance: location-based and market-based. */
export const METHODS = ['lbm', 'mbm'] as const;

/** One of the {@link METHODS}. */
export type Method = (typeof METHODS)[number];

/** What the program knows of a category. Everything that treats categories differently reads it from here. */
interface CategoryRule {
  readonly scope: 1 | 2 | 3;
  /** Totals that the category counts in. */
  readonly methods: readonly Method[];
  /** Name in texts for people. */
  readonly label: string;
  /** Column of cluster_emissions and service_emissions, kgCO2e. */
  readonly givenColumn: string;
  /** Column of the companion export that the category is a part of; absent below Scope 3. */
  readonly companion?: CompanionFigure;
}

/** Figures of the companion export: categories of the GHG Protocol's Scope 3 Standard. */
export const COMPANION_FIGURES = [
  'ghgp_category_2',
  'ghgp_category_3_lbm',
  'ghgp_category_3_mbm',
  'ghgp_category_4',
] as const;

/** One of the {@link COMPANION_FIGURES}. */
export type CompanionFigure = (typeof COMPANION_FIGURES)[number];

/**
 * The categories that a month is computed in, in the order in which totals add them. The method is linear in them, so every
 * step treats all of them alike; a further linear category is a further entry.
 */
const RULES = {
  scope_1: { scope: 1, methods: METHODS, label: 'Scope 1', givenColumn: 'scope_1_kg' },
  scope_2_lbm: {
    scope: 2,
    methods: ['lbm'],
    label: 'Scope 2, location-based',
    givenColumn: 'scope_2_lbm_kg',
  },
  scope_2_mbm: {
    scope: 2,
    methods: ['mbm'],
    label: 'Scope 2, market-based',
    givenColumn: 'scope_2_mbm_kg',
  },
  s3_hardware: {
    scope: 3,
    methods: METHODS,
    label: 'Scope 3, IT hardware',
    givenColumn: 'scope_3_hardware_kg',
    companion: 'ghgp_category_2',
  },
  s3_buildings: {
    scope: 3,
    methods: METHODS,
    label: 'Scope 3, buildings and equipment',
    givenColumn: 'scope_3_buildings_kg',
    companion: 'ghgp_category_2',
  },
  s3_transport: {
    scope: 3,
    methods: METHODS,
    label: 'Scope 3, upstream transport',
    givenColumn: 'scope_3_transport_kg',
    companion: 'ghgp_category_4',
  },
  s3_fera_lbm: {
    scope: 3,
    methods: ['lbm'],
    label: 'Scope 3, fuel- and energy-related, location-based',
    givenColumn: 'scope_3_fera_lbm_kg',
    companion: 'ghgp_category_3_lbm',
  },
  s3_fera_mbm: {
    scope: 3,
    methods: ['mbm'],
    label: 'Scope 3, fuel- and energy-related, market-based',
    givenColumn: 'scope_3_fera_mbm_kg',
    companion: 'ghgp_category_3_mbm',
  },
} as const satisfies Readonly<Record<string, CategoryRule>>;

/** Name of a category. */
export type Category = keyof typeof RULES;

/** Categories of Scope 3, and those of every model version. */
export type Scope3Category = Extract<Category, `s3_${string}`>;
export type BaseCategory = Exclude<Category, Scope3Category>;

/** Columns of given totals, kgCO2e: those of all versions, and those of Scope 3. */
type GivenColumn = (typeof RULES)[Category]['givenColumn'];
export type Scope3GivenColumn = Extract<GivenColumn, `scope_3_${string}`>;
export type BaseGivenColumn = Exclude<GivenColumn, Scope3GivenColumn>;

/** What the program knows of each category. */
export const CATEGORY_RULES: Readonly<
  Record<Category, CategoryRule & { readonly givenColumn: GivenColumn }>
> = RULES;

/** All categories. The cast is safe: a literal object has no other keys. */
export const CATEGORIES = Object.keys(RULES) as readonly Category[];

/** Returns true for the categories of Scope 3. */
export function isScope3(category: Category): category is Scope3Category {
  return CATEGORY_RULES[category].scope === 3;
}

/** Categories of Scope 3. */
export const SCOPE_3_CATEGORIES: readonly Scope3Category[] = CATEGORIES.filter(isScope3);

/** Categories of every model version: Scopes 1 and 2. */
export const BASE_CATEGORIES: readonly BaseCategory[] = CATEGORIES.filter(
  (category): category is BaseCategory => !isScope3(category),
);

/** Returns the categories of a scope that count in a method's total, in the order in which they are added. */
export function categoriesIn(scope: CategoryRule['scope'], method: Method): readonly Category[] {
  return CATEGORIES.filter((category) => {
    const rule = CATEGORY_RULES[category];
    return rule.scope === scope && rule.methods.includes(method);
  });
}

/** Categories of the two totals: location-based and market-based. */
export const TOTALS: Readonly<Record<Method, readonly Category[]>> = {
  lbm: CATEGORIES.filter((category) => CATEGORY_RULES[category].methods.includes('lbm')),
  mbm: CATEGORIES.filter((category) => CATEGORY_RULES[category].methods.includes('mbm')),
};

/** kgCO2e per category. */
export type KgByCategory = Readonly<Record<Category, Kg>>;

/** Returns a value per category, such as the masses of a {@link KgByCategory}. */
export function byCategory<Value>(valueOf: (category: Category) => Value): Record<Category, Value> {
  const entries = CATEGORIES.map((category) => [category, valueOf(category)]);
  // Every category was just given a value; fromEntries cannot know that.
  return Object.fromEntries(entries) as Record<Category, Value>;
}

/** Nothing in every category. */
export const ZERO: KgByCategory = byCategory(() => asKg(0));

/** Sum of two sets of numbers, category by category. */
export function add(a: KgByCategory, b: KgByCategory): KgByCategory {
  return byCategory((category) => asKg(a[category] + b[category]));
}

/** Sum over a list in the list's order, which the caller keeps fixed so that the last bit is too. */
export function sumByCategory(items: readonly KgByCategory[]): KgByCategory {
  return items.reduce(add, ZERO);
}

/** Every category times one factor. */
export function scale(amounts: KgByCategory, factor: number): KgByCategory {
  return byCategory((category) => asKg(amounts[category] * factor));
}

/** True when any category holds more than nothing. */
export function anyPositive(amounts: KgByCategory, categories: readonly Category[] = CATEGORIES): boolean {
  return categories.some((category) => amounts[category] > 0);
}
