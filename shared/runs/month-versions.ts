import { defined } from '../base/defined';
import { compareText } from '../base/group';
import { describeProblem } from '../base/input-problem';
import { isModelVersionId } from '../base/model-version-id';
import type { Month } from '../base/month';
import { CARBON_TABLE } from '../compute/aws-totals/carbon-columns';
import type { InputFiles } from '../estate/input-files';
import type { ExportSettings } from '../exports/export-settings';
import type { ExportMonth } from '../exports/layout';
import { usageMonths } from '../usage/usage-tables';
import { modelledMonth, type MonthSelection } from './select-months';

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
