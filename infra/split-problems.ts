import { EXPORT_NAME_PATTERN } from '../shared/exports/layout';
import { groupBy } from '../shared/method/group';
import { splitExportName, splitText } from '../shared/usage/usage-split';
import type { UsageSplit } from '../shared/usage/usage-split';

/**
 * Most splits there may be. Step Functions keeps 256 KB of state for a run, and 38 months in each of these exports are
 * well within it whatever becomes of them; test/lambdas/state-size.test.ts holds them against it.
 */
export const MOST_SPLITS = 5;

/** What is wrong with splits that are sound each by itself. */
export function splitProblems({
  exportName,
  by,
}: {
  readonly exportName: string;
  readonly by: readonly UsageSplit[];
}): string[] {
  const names = by.map((split) => ({
    text: splitText(split),
    exportName: splitExportName(exportName, split),
  }));
  const tooLong = names.filter((name) => !EXPORT_NAME_PATTERN.test(name.exportName));
  return [
    ...(by.length > MOST_SPLITS ? [`expected at most ${String(MOST_SPLITS)}`] : []),
    ...alike(names.map(({ text }) => text)).map(
      (texts) => `expected splits that differ in letters or digits, found ${texts.join(' and ')}`,
    ),
    ...tooLong.map((name) => `expected ${name.text} to make the name of an export, found ${name.exportName}`),
  ];
}

/**
 * Splits that nothing tells apart where names hold letters and digits alone: exports do, tables in Glue also know no
 * capitals, and ids in a template no underscores.
 */
function alike(texts: readonly string[]): string[][] {
  const groups = groupBy(texts, (text) => text.toLowerCase().replaceAll(/[^0-9a-z]+/g, ''));
  return [...groups.values()].filter(({ length }) => length > 1);
}
