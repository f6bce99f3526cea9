import { z } from 'zod';
import { parseSplit, splitExportName, type UsageSplit } from './breakdown';
import type { ExportSettings } from './export-settings';

/** What is said of a text that names no split. */
export const SPLIT_EXPECTED = 'expected tag:KEY, cost-category:NAME or resource';

/** A split as a text, such as `tag:team`, in what settings and events tell. */
export const splitSchema = z.string().transform((text, context): UsageSplit => {
  const split = parseSplit(text);
  if (split !== undefined) return split;
  context.addIssue(SPLIT_EXPECTED);
  return z.NEVER;
});

/** The export that holds an export's rows split, or the export itself where there is nothing to split by. */
export function splitSettings(plain: ExportSettings, split: UsageSplit | undefined): ExportSettings {
  if (split === undefined) return plain;
  return { ...plain, exportName: splitExportName(plain.exportName, split), split };
}

/** An export, and those that hold its rows split: Athena reads every file below an export's data/. */
export function withSplits(plain: ExportSettings, by: readonly UsageSplit[]): ExportSettings[] {
  return [plain, ...by.map((split) => splitSettings(plain, split))];
}
