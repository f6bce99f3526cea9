import type { PlanOutput } from './run-event';

/** Step Functions keeps 256 KB of state and stops an execution with more before its last step. */
export const STATE_BYTES = 256 * 1024;

/** Reserved for what describes the run itself. */
const RESERVED_BYTES = 16 * 1024;

/** Most bytes of JSON of one month: its plan and its result. test/lambdas/state-size.test.ts measures them. */
export const MONTH_BYTES = 2_100;
/** The same for a month of a breakdown, whose result is shorter. */
export const BREAKDOWN_MONTH_BYTES = 850;

type Plan = Omit<PlanOutput, 'asOf'>;

/**
 * Returns a plan whose execution stays within the state of Step Functions. Figures of unchanged months are left out where
 * that is enough; else months are left to the next run, and a problem says so.
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
  const fixed = Buffer.byteLength(JSON.stringify({ unchanged, notAvailable, problems }));
  let left = STATE_BYTES - RESERVED_BYTES - fixed;
  const fitting = months.filter(({ split }) => {
    left -= split === undefined ? MONTH_BYTES : BREAKDOWN_MONTH_BYTES;
    return left >= 0;
  });
  if (fitting.length === months.length) return { ...plan, unchanged };
  const rest = months.length - fitting.length;
  const problem = `${String(rest)} months are left for the next run: an execution holds no more`;
  return { ...plan, months: fitting, unchanged, problems: [...problems, problem] };
}
