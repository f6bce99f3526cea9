import { z } from 'zod';
import { CarbonError } from '../base/carbon-error';
import { parseJson } from '../base/json';
import { modelVersionSchema } from '../base/model-version-id';
import { monthSchema } from '../base/value-schemas';
import { breakdownSchema } from '../exports/breakdown';
import { monthOutcomeSchema } from './month-outcome';

const month = monthSchema;

/** Input of an execution. A schedule sets none of it; a person may set months. */
const runInput = z.object({
  /** The run's as-of instant. @default - when the execution started */
  asOf: z.iso.datetime({ offset: true }).optional(),
  /** First month, instead of the number of months in the settings. */
  from: month.optional(),
  to: month.optional(),
  /** Takes the snapshot of the organization of this month anew; the replaced one stays in history. */
  refreshAccounts: z.boolean().optional(),
});

const failure = z.object({ Error: z.string(), Cause: z.string().optional() });

/** A month to export. Its members become parts of object keys, so their form is checked. */
const monthAt = z.object({
  month,
  modelVersion: modelVersionSchema,
  /** The breakdown that it is a month of. @default - of the export that is not broken down */
  split: breakdownSchema.exactOptional(),
});

/** A month in a plan and in its result: the breakdown as text, which goes from step to step unchanged. */
const plannedMonth = monthAt.extend({ split: z.string().exactOptional() });

/** What a run found to do, of any length. It is stored; the state of an execution holds one page of its months. */
export const runPlanSchema = z.object({
  months: z.array(plannedMonth).readonly(),
  unchanged: z.array(monthOutcomeSchema).readonly(),
  notAvailable: z.array(monthSchema).readonly(),
  problems: z.array(z.string()).readonly(),
});

const pageSchema = z.object({
  /** The run's as-of instant. */
  asOf: z.string(),
  /** Number of the page, from 1. */
  page: z.int().min(1),
  /** Months of the plan on earlier pages. */
  before: z.int().min(0),
  months: z.array(plannedMonth),
  /** Months of the plan on later pages. */
  left: z.int().min(0),
});

/** Schema of a {@link MonthResult}. */
export const resultSchema = z.union([
  z.object({ outcome: monthOutcomeSchema }),
  z.object({ failed: plannedMonth, failure }),
]);

/**
 * Event of a step of the state machine: the execution and its whole state. A path to one member of the state would fail
 * where a failed step did not write that member.
 */
export const stepEventSchema = z.object({
  /** Name of the execution, which becomes a part of keys. */
  execution: z.string().regex(/^(?!\.+$)[^/\\\s]{1,200}$/),
  startedAt: z.string(),
  state: runInput.extend({
    accountsFailure: failure.optional(),
    plan: pageSchema.optional(),
    planFailure: failure.optional(),
    results: z.array(resultSchema).optional(),
  }),
});

/** Event of a step of the state machine. */
export type StepEvent = z.infer<typeof stepEventSchema>;

/** Event of the step that exports one month. */
export const monthEventSchema = z.object({ asOf: z.iso.datetime({ offset: true }), at: monthAt });

/** The event "Step Functions Execution Status Change" of an execution that ended. */
export const executionEndSchema = z.object({
  detail: z.object({
    executionArn: z.string(),
    status: z.enum(['ABORTED', 'FAILED', 'TIMED_OUT']),
    /** Name of the execution, which is the id of its locks. */
    name: z.string().min(1),
  }),
});

/** What a run found to do. */
export type ExecutionPlan = z.infer<typeof runPlanSchema>;

/** Result of planning: one page of the months. */
export type PlanPage = z.infer<typeof pageSchema>;

/** Result of one month: its outcome, or the failure of its step. */
export type MonthResult = z.infer<typeof resultSchema>;

/** Failure of a step, as Step Functions reports it. */
export type StepFailure = z.infer<typeof failure>;

/** Returns the as-of instant in whole seconds, the precision of the export's timestamps. */
export function asOfOf({ state, startedAt }: StepEvent): Date {
  const instant = new Date(state.asOf ?? startedAt);
  instant.setUTCMilliseconds(0);
  return instant;
}

/** How much later than its start an execution's as-of instant may be: the clocks of two services differ a little. */
const CLOCK_DIFFERENCE_MS = 60_000;

/**
 * Returns the as-of instant for the steps that read the organization and the inputs. A snapshot of the organization that
 * is kept for a month to come would never be replaced.
 *
 * @throws CarbonError of kind usage when the instant is in the future
 */
export function pastAsOf(event: StepEvent): Date {
  const { state, startedAt } = event;
  const asOf = asOfOf(event);
  if (asOf.getTime() <= Date.parse(startedAt) + CLOCK_DIFFERENCE_MS) return asOf;
  throw new CarbonError(
    'usage',
    `input of the execution, asOf: found ${String(state.asOf)}, expected an instant not later than the start of the execution, ${startedAt}; start it again without asOf`,
  );
}

/**
 * Returns why a step failed. Lambda wraps the message of a function's error in JSON. Without that JSON, AWS ended the
 * step, and its error code says why.
 */
export function messageOf({ Error: code, Cause: cause = '' }: StepFailure): string {
  const wrapped = parseJson(cause, z.object({ errorMessage: z.string() }));
  if (wrapped !== undefined) return wrapped.errorMessage;
  return `the step ended with ${code}${cause === '' ? '' : `: ${cause}`}`;
}
