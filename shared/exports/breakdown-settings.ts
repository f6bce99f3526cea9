import { z } from 'zod';
import { parseBreakdown, breakdownExportName, type Breakdown } from './breakdown';
import type { ExportSettings } from './export-settings';

/** The message for a text that does not name a breakdown. */
export const BREAKDOWN_EXPECTED = 'expected tag:KEY, cost-category:NAME or resource';

/** A breakdown as a text, such as `tag:team`, in settings and events. */
export const breakdownSchema = z.string().transform((text, context): Breakdown => {
  const breakdown = parseBreakdown(text);
  if (breakdown !== undefined) return breakdown;
  context.addIssue(BREAKDOWN_EXPECTED);
  return z.NEVER;
});

/** The export that holds an export's rows broken down, or the export itself where no breakdown is set. */
export function breakdownSettings(plain: ExportSettings, breakdown: Breakdown | undefined): ExportSettings {
  if (breakdown === undefined) return plain;
  return { ...plain, exportName: breakdownExportName(plain.exportName, breakdown), breakdown };
}

/** An export, and those that hold its rows broken down: Athena reads every file below an export's data/. */
export function withBreakdowns(plain: ExportSettings, by: readonly Breakdown[]): ExportSettings[] {
  return [plain, ...by.map((breakdown) => breakdownSettings(plain, breakdown))];
}
