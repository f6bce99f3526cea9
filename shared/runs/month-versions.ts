import { defined } from '../base/defined';
import { compareText } from '../base/group';
import { describeProblem } from '../base/input-problem';
import { isModelVersionId } from '../base/model-version-id';
import { lastClosedMonth, type Month, monthsBetween } from '../base/month';
import { CARBON_TABLE } from '../compute/aws-totals/carbon-columns';
import type { InputFiles } from '../estate/input-files';
import type { ExportSettings } from '../exports/export-settings';
import type { ExportMonth } from '../exports/layout';
import { defaultModelVersion, type ModelVersion } from '../method/model-version';
import { usageMonths } from '../usage/usage-tables';

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

/** Which exports an estate's inputs can make. */
export interface EstateExports {
  /** Computed totals: false where the estate has AWS's totals and no clusters to compute from. */
  readonly hasOwn: boolean;
  /** AWS's totals, split. */
  readonly hasAws: boolean;
}

/** Returns the name of the export of AWS's totals that belongs to an export. */
export function awsExportName(exportName: string): string {
  return `${exportName}-aws`;
}

/** Returns which exports an estate can make. */
export function exportsOf(files: InputFiles): EstateExports {
  const hasAws = files.monthsOf(CARBON_TABLE).length > 0;
  return { hasAws, hasOwn: !hasAws || files.hasStatic('clusters') };
}

/** Returns the months with usage, or with totals from AWS, oldest first. */
export function availableMonths(files: InputFiles, { totals }: ExportSettings): Month[] {
  return totals === 'aws' ? files.monthsOf(CARBON_TABLE) : usageMonths(files);
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

/** Returns the versions in which a month is exported: the method's version, or all versions that AWS delivered. */
export function versionsOf(
  files: InputFiles,
  { totals }: ExportSettings,
  month: Month,
  selection: MonthSelection,
): ExportMonth[] {
  if (totals !== 'aws') return [modelledMonth(month, selection)];
  const versions = files
    .deliveriesOf(CARBON_TABLE)
    .flatMap((delivery) => (delivery.month === month ? [delivery.modelVersion ?? ''] : []))
    .filter(isModelVersionId);
  return [...new Set(versions)].sort(compareText).map((modelVersion) => ({ month, modelVersion }));
}

/** Returns a month with the selected model version, or else with the version that applies to it. */
export function modelledMonth(month: Month, { model }: MonthSelection): ExportMonth {
  return { month, modelVersion: (model ?? defaultModelVersion(month)).id };
}

/** Returns the problems of AWS's carbon deliveries whose folder names no valid version. */
export function versionProblems(files: InputFiles, { totals }: ExportSettings): string[] {
  if (totals !== 'aws') return [];
  return files.deliveriesOf(CARBON_TABLE).flatMap(({ modelVersion, files: [file] }) => {
    if (modelVersion !== undefined && isModelVersionId(modelVersion)) return [];
    const expected = 'a folder carbon_model_version=vX.Y.Z or model_version=vX.Y.Z above the month';
    return [
      describeProblem({
        table: CARBON_TABLE,
        ...defined({ file, value: modelVersion }),
        expected,
      }),
    ];
  });
}
