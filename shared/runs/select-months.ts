import { lastClosedMonth, type Month, monthsBetween } from '../base/month';
import type { ExportMonth } from '../exports/layout';
import { defaultModelVersion, type ModelVersion } from '../method/model-version';

/** How many months AWS Data Exports fills in at first, and so do we. */
export const DEFAULT_MONTHS = 38;

/** Which months a run is asked for. */
export interface MonthSelection {
  /** The last so many months with usage. @default - 38 */
  readonly months?: number;
  /** First month, instead of a number of months. */
  readonly from?: Month;
  /** Last month. @default - the last closed month */
  readonly to?: Month;
  /** Model version for all of them. @default - the version that applies to each month */
  readonly model?: ModelVersion;
}

/**
 * The months to look at, oldest first: the last closed months for which usage exists. A month is closed once it has
 * ended at the as-of instant.
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

/** Pairs a month with the version that was asked for, or that applies to it. */
export function modelledMonth(month: Month, { model }: MonthSelection): ExportMonth {
  return { month, modelVersion: (model ?? defaultModelVersion(month)).id };
}

/** Closed months from the first selected one on that have no usage yet. */
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
