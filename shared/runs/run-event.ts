import { z } from 'zod';
import { isMonth } from '../base/month';
import { breakdownSchema } from '../exports/breakdown-settings';
import { monthOutcomeSchema } from './month-outcome';

const month = z.string().refine(isMonth, 'expected a month YYYY-MM');

/** What starts an execution; a schedule gives its time, a person may give months. */
const runInput = z.object({
  /** The run's as-of instant. @default - when the execution started */
  asOf: z.iso.datetime({ offset: true }).optional(),
  /** First month to look at, instead of the number of months in the settings. */
  from: month.optional(),
  to: month.optional(),
});

const failure = z.object({ Error: z.string(), Cause: z.string().optional() });

/** All of it becomes parts of keys. */
const monthAt = z.object({
  month,
  modelVersion: z.string().regex(/^v\d+\.\d+\.\d+$/),
  /** Of which breakdown's export it is a month. @default - of the export that is not broken down */
  split: breakdownSchema.exactOptional(),
});

const planSchema = z.object({
  /** The run's as-of instant. */
  asOf: z.string(),
  months: z.array(monthAt),
  unchanged: z.array(monthOutcomeSchema),
  notAvailable: z.array(z.string()),
  problems: z.array(z.string()),
});

const resultSchema = z.union([
  z.object({ outcome: monthOutcomeSchema }),
  z.object({ failed: monthAt, failure }),
]);

/**
 * What a step of the state machine is given: the execution, and the state as the steps before left it. The state is
 * passed on whole, because a path to a member that a failed step did not write would itself fail.
 */
export const stepEventSchema = z.object({
  /** Name of the execution, which becomes a part of keys. */
  execution: z.string().regex(/^(?!\.+$)[^/\\\s]{1,200}$/),
  startedAt: z.string(),
  state: runInput.extend({
    accountsFailure: failure.optional(),
    plan: planSchema.optional(),
    planFailure: failure.optional(),
    results: z.array(resultSchema).optional(),
  }),
});

/** What a step of the state machine is given. */
export type StepEvent = z.infer<typeof stepEventSchema>;

/** What the step of one month is given. */
export const monthEventSchema = z.object({ asOf: z.iso.datetime({ offset: true }), at: monthAt });

/** What planning hands to the steps after it. */
export type PlanOutput = z.input<typeof planSchema>;

/** What became of one month: its outcome, or what it failed with. */
export type MonthResult = z.infer<typeof resultSchema>;

/** What a step that failed left behind, as Step Functions tells it. */
export type StepFailure = z.infer<typeof failure>;

/** The as-of instant, in whole seconds as the export's timestamps are. */
export function asOfOf({ state, startedAt }: StepEvent): Date {
  const instant = new Date(state.asOf ?? startedAt);
  instant.setUTCMilliseconds(0);
  return instant;
}

/** Message of a failed step: Lambda wraps it in JSON. */
export function messageOf({ Error: name, Cause: cause = '' }: StepFailure): string {
  const wrapped = z.object({ errorMessage: z.string() }).safeParse(parsed(cause));
  return wrapped.success ? `${name}: ${wrapped.data.errorMessage}` : `${name}: ${cause}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
