/**
 * How a factor of an estate compares with the newest published one.
 *
 * - `older`: the reference has a newer year or assessment report.
 * - `differs`: the same year or report has another value.
 * - `undated`: the estate does not say of which year the factor is.
 * - `current`: neither; also where the estate's factor is newer than the reference.
 * - `no reference`: nothing to compare with.
 */
export type FactorState = 'older' | 'differs' | 'undated' | 'current' | 'no reference';

/** One factor of an estate, compared. */
export interface FactorFinding {
  readonly table: 'grid_factors' | 'fera_factors' | 'fuel_factors' | 'gwp';
  /** What the factor is of: a grid and Region, a fuel and unit, or a gas. */
  readonly name: string;
  readonly state: FactorState;
  /** Year or report, and value, of the estate. */
  readonly own: Dated;
  /** The same of the reference. @default - the reference has no such factor */
  readonly reference?: Dated & { readonly source: string; readonly licence: string };
  /** What to know before the reference replaces the estate's factor. */
  readonly notes: readonly string[];
}

/** A factor with its year or assessment report; blank where it is unknown. */
export interface Dated {
  readonly of: string;
  readonly value: number;
}

/** Returns a published factor as a finding names it: with its year or report, value, source and licence. */
export function datedReference(
  { source, licence }: { readonly source: string; readonly licence: string },
  of: string,
  value: number,
): NonNullable<FactorFinding['reference']> {
  return { of, value, source, licence };
}

/** Factors that differ by more than this part are not the same: publishers round. */
const SAME = 0.005;

/** Returns true where two factors are the same, up to rounding. */
export function isSame(left: number, right: number): boolean {
  return Math.abs(left - right) <= SAME * Math.max(Math.abs(left), Math.abs(right));
}
