import { defined } from '../base/defined';
import { breakdownText } from '../exports/breakdown';
import { ExportMismatchError } from '../exports/fixed-settings';
import type { ExportSettings } from '../exports/export-settings';
import { asHandedOn } from './month-outcome';
import { type PlanRequest, planRun, type RunPlan } from './plan-run';
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
 * Plans all exports of a deployment as one plan. A breakdown whose export holds something else is reported and does not
 * stop the others.
 *
 * @throws ExportMismatchError when the export that is not broken down holds another file format or other totals
 */
export async function planExports(
  request: Omit<PlanRequest, 'settings'>,
  everyExport: readonly ExportSettings[],
): Promise<Plan> {
  const plans: { readonly settings: ExportSettings; readonly plan: RunPlan }[] = [];
  const mismatches: string[] = [];
  for (const settings of everyExport) {
    try {
      plans.push({ settings, plan: await planRun({ ...request, settings }) });
    } catch (error) {
      if (settings.breakdown === undefined || !(error instanceof ExportMismatchError)) throw error;
      mismatches.push(`no month of ${settings.exportName} was planned: ${error.message}`);
    }
  }
  return withinState({
    months: plans.flatMap(({ settings: { breakdown }, plan }) =>
      plan.months.map(({ month, modelVersion }) => ({
        ...{ month, modelVersion },
        ...defined({ split: breakdown && breakdownText(breakdown) }),
      })),
    ),
    unchanged: plans.flatMap(({ settings, plan }) =>
      plan.unchanged.map((outcome) => asHandedOn(outcome, settings.breakdown)),
    ),
    // All exports have the same inputs.
    notAvailable: [...new Set(plans.flatMap(({ plan }) => plan.notAvailable))].sort(),
    problems: [...new Set([...mismatches, ...plans.flatMap(({ plan }) => plan.problems)])],
  });
}

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
