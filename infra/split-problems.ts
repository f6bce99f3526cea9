import { groupBy } from '../shared/base/group';
import { splitTable } from '../shared/catalog/breakdown-tables';
import { splitExportName, splitText, type UsageSplit } from '../shared/exports/breakdown';
import { EXPORT_NAME_PATTERN } from '../shared/exports/layout';

/**
 * Most splits there may be. Step Functions keeps 256 KB of state for a run, and 38 months in each of these exports stay
 * within it whatever becomes of them; of more, a run leaves some for the next (shared/runs/plan-budget.ts).
 */
export const MOST_SPLITS = 5;

/** What is wrong with splits that are sound each by itself: exports and tables are told apart by letters and digits alone. */
export function splitProblems({
  exportName,
  by,
  awsTotals,
}: {
  readonly exportName: string;
  readonly by: readonly UsageSplit[];
  readonly awsTotals?: { readonly bills?: unknown };
}): string[] {
  const names = by.map((split) => ({
    text: splitText(split),
    exportName: splitExportName(exportName, split),
    table: splitTable(split, 'parquet').name,
  }));
  // Ids in a template have no underscores.
  const alike = [...groupBy(names, ({ table }) => table.replaceAll('_', '')).values()].filter(
    ({ length }) => length > 1,
  );
  const tooLong = names.filter((name) => !EXPORT_NAME_PATTERN.test(name.exportName));
  const hasNothingToSplitBy = by.length > 0 && awsTotals !== undefined && awsTotals.bills === undefined;
  return [
    ...(hasNothingToSplitBy ? ['expected awsTotals.bills, which tell tags and resources'] : []),
    ...(by.length > MOST_SPLITS ? [`expected at most ${String(MOST_SPLITS)}`] : []),
    ...alike.map(
      (group) =>
        `expected splits that differ in letters or digits, found ${group.map(({ text }) => text).join(' and ')}`,
    ),
    ...tooLong.map((name) => `expected ${name.text} to make the name of an export, found ${name.exportName}`),
  ];
}
