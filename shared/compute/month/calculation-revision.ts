/**
 * Increased when a change of this program changes its results. Every month is then computed again and restated, so that
 * published months never mix old and new numbers.
 */
export const CALCULATION_REVISION = 3;

/** Raised whenever the split of AWS's totals returns other numbers, or other text, for the same inputs. */
export const SPLIT_REVISION = 4;
