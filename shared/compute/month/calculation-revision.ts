/**
 * Raised when a change of this program changes its results: every month is then computed anew, and says so, instead
 * of old and new numbers lying side by side unmarked.
 */
export const CALCULATION_REVISION = 2;

/** Raised whenever the split of AWS's totals returns other numbers, or other text, for the same inputs. */
export const SPLIT_REVISION = 3;
