import { z } from 'zod';
import { defined } from '../base/defined';
import { modelVersionSchema } from '../base/model-version-id';
import { monthSchema } from '../base/month';
import type { Breakdown } from '../exports/breakdown';
import { monthSummarySchema } from '../exports/month-summary';
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
});

/** The outcome of a month in a run. */
export type MonthOutcome = Readonly<z.infer<typeof monthOutcomeSchema>>;

/**
 * Returns an outcome as one step passes it to the next. A breakdown's figures are left out: they equal those of the
 * export that is not broken down, and Step Functions keeps 256 KB for all months of all exports together.
 */
export function asHandedOn(outcome: MonthOutcome, breakdown: Breakdown | undefined): MonthOutcome {
  if (breakdown === undefined) return outcome;
  const { exportName, month, modelVersion, status, error, restatement } = outcome;
  return {
    ...{ exportName, month, modelVersion, status },
    ...defined({ error }),
    ...defined({ restatement: restatement && withoutTotals(restatement) }),
  };
}

function withoutTotals(restatement: Restatement): Restatement {
  const { replaces, because, beforeKg, afterKg, accounts, estimatedTurnedActual } = restatement;
  return {
    ...{ replaces, because, beforeKg, afterKg, estimatedTurnedActual },
    ...defined({ accounts }),
  };
}
