import { groupBy } from '../shared/base/group';
import { breakdownTable } from '../shared/catalog/breakdown-tables';
import { breakdownExportName, breakdownText, type Breakdown } from '../shared/exports/breakdown';
import { EXPORT_NAME_PATTERN } from '../shared/exports/layout';

/**
 * Most breakdowns there may be. Step Functions keeps 256 KB of state for a run, and 38 months in each of these exports stay
 * within it whatever becomes of them; of more, a run leaves some for the next (shared/runs/plan-budget.ts).
 */
export const MOST_BREAKDOWNS = 5;

/** What is wrong with breakdowns that are each valid: exports and tables are told apart by letters and digits alone. */
export function breakdownProblems({
  exportName,
  by,
  awsTotals,
}: {
  readonly exportName: string;
  readonly by: readonly Breakdown[];
  readonly awsTotals?: { readonly bills?: unknown };
}): string[] {
  const names = by.map((breakdown) => ({
    text: breakdownText(breakdown),
    exportName: breakdownExportName(exportName, breakdown),
    table: breakdownTable(breakdown, 'parquet').name,
  }));
  // Ids in a template have no underscores.
  const alike = [...groupBy(names, ({ table }) => table.replaceAll('_', '')).values()].filter(
    ({ length }) => length > 1,
  );
  const tooLong = names.filter((name) => !EXPORT_NAME_PATTERN.test(name.exportName));
  const hasNothingToBreakDownBy = by.length > 0 && awsTotals !== undefined && awsTotals.bills === undefined;
  return [
    ...(hasNothingToBreakDownBy ? ['expected awsTotals.bills, which tell tags and resources'] : []),
    ...(by.length > MOST_BREAKDOWNS ? [`expected at most ${String(MOST_BREAKDOWNS)}`] : []),
    ...alike.map(
      (group) =>
        `expected breakdowns that differ in letters or digits, found ${group.map(({ text }) => text).join(' and ')}`,
    ),
    ...tooLong.map((name) => `expected ${name.text} to make the name of an export, found ${name.exportName}`),
  ];
}
