import { lastClosedMonth, type Month, monthsBetween } from '../base/month';
import type { ExportMonth } from '../exports/layout';
import { defaultModelVersion, type ModelVersion } from '../method/model-version';

/** How many months a run of computed totals covers by default. AWS's totals are split for all months that AWS delivered. */
export const DEFAULT_MONTHS = 38;

/** Which months a run covers. */
export interface MonthSelection {
  /** Number of months: the last ones with usage. @default - 38; all months of AWS's totals */
  readonly months?: number;
  /** First month, instead of a number of months. */
  readonly from?: Month;
  /** Last month. @default - the last closed month */
  readonly to?: Month;
  /** Model version for all of them. @default - the version that applies to each month */
  readonly model?: ModelVersion;
}

/**
 * Returns the months of a run, oldest first: the last closed months with usage. A month is closed when it ended before
 * the as-of instant.
 *
 * @param available months that have usage, oldest first
 */
export function selectMonths(available: readonly Month[], asOf: Date, selection: MonthSelection): Month[] {
  const closed = lastClosedMonth(asOf);
  const last = selection.to !== undefined && selection.to < closed ? selection.to : closed;
  const upToLast = available.filter((month) => month <= last);
  if (selection.from !== undefined) {
    const { from } = selection;
    return upToLast.filter((month) => month >= from);
  }
  return upToLast.slice(-(selection.months ?? DEFAULT_MONTHS));
}

/** Returns a month with the selected model version, or else with the version that applies to it. */
export function modelledMonth(month: Month, { model }: MonthSelection): ExportMonth {
  return { month, modelVersion: (model ?? defaultModelVersion(month)).id };
}

/** Returns the closed months without usage, from the first selected month on. */
export function monthsNotAvailable(
  selected: readonly Month[],
  asOf: Date,
  selection: MonthSelection,
): Month[] {
  const [first] = selected;
  const from = selection.from ?? first;
  if (from === undefined) return [];
  const closed = lastClosedMonth(asOf);
  const to = selection.to !== undefined && selection.to < closed ? selection.to : closed;
  const present = new Set(selected);
  return monthsBetween(from, to).filter((month) => !present.has(month));
}
