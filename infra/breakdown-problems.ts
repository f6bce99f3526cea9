import { groupBy } from '../shared/base/group';
import { breakdownTable } from '../shared/catalog/breakdown-tables';
import { type Breakdown, breakdownExportName, breakdownText } from '../shared/exports/breakdown';
import { EXPORT_NAME_PATTERN } from '../shared/exports/layout';

/**
 * Largest number of breakdowns: 58 months in three versions of so many exports are 1,044 months, which one execution
 * exports (test/runs/run-pages.test.ts).
 */
export const MOST_BREAKDOWNS = 5;

/** The settings that breakdowns depend on. */
interface BreakdownSettings {
  readonly exportName: string;
  readonly by: readonly Breakdown[];
  readonly awsTotals?: { readonly bills?: unknown };
}

/** Returns what is wrong with breakdowns that are valid one by one. */
export function breakdownProblems({ exportName, by, awsTotals }: BreakdownSettings): string[] {
  const names = by.map((breakdown) => ({
    text: breakdownText(breakdown),
    exportName: breakdownExportName(exportName, breakdown),
    // A logical id in a template has no underscores.
    id: breakdownTable(breakdown, 'parquet').name.replaceAll('_', ''),
  }));
  const sameId = [...groupBy(names, ({ id }) => id).values()].filter(({ length }) => length > 1);
  const tooLong = names.filter((name) => !EXPORT_NAME_PATTERN.test(name.exportName));
  const problems = [
    ...sameId.map((group) => {
      const texts = group.map(({ text }) => text).join(' and ');
      return `found ${texts}, expected breakdowns that differ in more than capitals and hyphens`;
    }),
    ...tooLong.map((name) => `found ${name.text}, which makes ${name.exportName}: expected a shorter name`),
  ];
  if (by.length > 0 && awsTotals !== undefined && awsTotals.bills === undefined) {
    problems.push(
      'found breakdowns without awsTotals.bills, expected the bills, which hold tags and resources',
    );
  }
  if (by.length > MOST_BREAKDOWNS) {
    problems.push(`found ${String(by.length)} breakdowns, expected at most ${String(MOST_BREAKDOWNS)}`);
  }
  return problems;
}
