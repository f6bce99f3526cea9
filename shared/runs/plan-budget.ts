import type { PlanOutput } from './run-event';

/** Step Functions keeps 256 KB for an execution and ends one that goes beyond without its last step. */
export const STATE_BYTES = 256 * 1024;

/** For what is told of the run itself. */
const RESERVED_BYTES = 16 * 1024;

/** What at most becomes of a month, as JSON, with what the plan says of it; test/lambdas/state-size.test.ts measures it. */
export const MONTH_BYTES = 2_100;
/** The same of a month that is broken down, which is told in short. */
export const BREAKDOWN_MONTH_BYTES = 850;

type Plan = Omit<PlanOutput, 'asOf'>;

/**
 * A plan whose execution stays within its state, whatever becomes of its months. The figures of months that are done are
 * left out where that helps; months beyond are left for the next run, which does what is left, and that is told.
 */
export function withinState(plan: Plan): Plan {
  const whole = cut(plan, plan.unchanged);
  if (whole.months.length === plan.months.length) return whole;
  return cut(
    plan,
    plan.unchanged.map(({ exportName, month, modelVersion, status }) => ({
      ...{ exportName, month, modelVersion, status },
    })),
  );
}

function cut(plan: Plan, unchanged: Plan['unchanged']): Plan {
  const { months, notAvailable, problems } = plan;
  const told = Buffer.byteLength(JSON.stringify({ unchanged, notAvailable, problems }));
  let left = STATE_BYTES - RESERVED_BYTES - told;
  const fitting = months.filter(({ split }) => {
    left -= split === undefined ? MONTH_BYTES : BREAKDOWN_MONTH_BYTES;
    return left >= 0;
  });
  if (fitting.length === months.length) return { ...plan, unchanged };
  const rest = months.length - fitting.length;
  const problem = `${String(rest)} months are left for the next run: an execution holds no more`;
  return { ...plan, months: fitting, unchanged, problems: [...problems, problem] };
}
