import { z } from 'zod';
import { monthSummarySchema } from './month-summary';
import { restatementSchema } from './restatement';

/** Schema of a {@link MonthOutcome}, for what travels between steps as JSON. */
export const monthOutcomeSchema = z.object({
  exportName: z.string(),
  month: z.string(),
  modelVersion: z.string(),
  /** published: new or changed content; unchanged: it was done already; failed: see error. */
  status: z.enum(['published', 'unchanged', 'failed']),
  summary: monthSummarySchema.exactOptional(),
  /** What moved and why, where a published month was replaced by other numbers. */
  restatement: restatementSchema.exactOptional(),
  error: z.string().exactOptional(),
});

/** What became of a month in a run. */
export type MonthOutcome = Readonly<z.infer<typeof monthOutcomeSchema>>;
