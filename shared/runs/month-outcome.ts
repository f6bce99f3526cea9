import { z } from 'zod';
import { defined } from '../base/defined';
import { modelVersionSchema } from '../base/model-version-id';
import { monthSchema } from '../base/value-schemas';
import { severeWarnings, warningSchema } from '../base/warning';
import type { Breakdown } from '../exports/breakdown';
import { monthSummarySchema } from '../exports/manifest-summary';
import { type Restatement, restatementSchema } from '../exports/restatement';

/** Schema of a {@link MonthOutcome}, for what travels between steps as JSON. */
export const monthOutcomeSchema = z.object({
  exportName: z.string(),
  month: monthSchema,
  modelVersion: modelVersionSchema,
  /** published: new or changed content; unchanged: it was done already; failed: see error. */
  status: z.enum(['published', 'unchanged', 'failed']),
  summary: monthSummarySchema.exactOptional(),
  /** What changed and why, where a published month was replaced by other numbers. */
  restatement: restatementSchema.exactOptional(),
  error: z.string().exactOptional(),
  warnings: z.array(warningSchema).readonly().exactOptional(),
});

/** The outcome of a month in a run. */
export type MonthOutcome = Readonly<z.infer<typeof monthOutcomeSchema>>;

/** The outcome of all months of a run: the worst one counts. */
export type RunStatus = 'succeeded' | 'published with warnings' | 'failed';

/** Returns the status of a run. */
export function statusOf(months: readonly MonthOutcome[], problems: readonly string[]): RunStatus {
  if (problems.length > 0 || months.some(({ status }) => status === 'failed')) return 'failed';
  return months.some(hasSevereWarning) ? 'published with warnings' : 'succeeded';
}

/** Returns true for a published month with a warning that changes numbers. */
export function hasSevereWarning({ status, warnings }: MonthOutcome): boolean {
  return status !== 'failed' && severeWarnings(warnings).length > 0;
}

/** What one step passes to the next of a month's warnings: Step Functions keeps 256 KB for all months. */
const PASSED_WARNINGS = 2;
const PASSED_CHARACTERS = 200;

/**
 * Returns an outcome as one step passes it to the next: with the warnings that change numbers alone, in short. A
 * breakdown's figures and warnings are left out: they equal those of the export that is not broken down.
 */
export function asHandedOn(outcome: MonthOutcome, breakdown: Breakdown | undefined): MonthOutcome {
  const { exportName, month, modelVersion, status, error, restatement, warnings, ...figures } = outcome;
  const passed = { exportName, month, modelVersion, status, ...defined({ error }) };
  if (breakdown !== undefined) {
    return { ...passed, ...defined({ restatement: restatement && withoutTotals(restatement) }) };
  }
  const severe = severeWarnings(warnings)
    .slice(0, PASSED_WARNINGS)
    .map((warning) => ({ ...warning, message: warning.message.slice(0, PASSED_CHARACTERS) }));
  return {
    ...passed,
    ...figures,
    ...defined({ restatement, warnings: severe.length === 0 ? undefined : severe }),
  };
}

function withoutTotals(restatement: Restatement): Restatement {
  const { replaces, because, beforeKg, afterKg, accounts, estimatedTurnedActual } = restatement;
  return {
    ...{ replaces, because, beforeKg, afterKg, estimatedTurnedActual },
    ...defined({ accounts }),
  };
}
