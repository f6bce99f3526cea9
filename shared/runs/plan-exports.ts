import { splitText } from '../usage/usage-split';
import type { ExportSettings } from './export-settings';
import { asHandedOn } from './month-outcome';
import { planRun } from './plan-run';
import type { PlanRequest, RunPlan } from './plan-run';
import type { PlanOutput } from './run-event';

/**
 * Plans every export of a deployment, one after the other, as one plan.
 *
 * @throws ExportMismatchError when an export holds another file format, other totals or another split
 */
export async function planExports(
  request: Omit<PlanRequest, 'settings'>,
  everyExport: readonly ExportSettings[],
): Promise<Omit<PlanOutput, 'asOf'>> {
  const plans: { readonly settings: ExportSettings; readonly plan: RunPlan }[] = [];
  for (const settings of everyExport) {
    plans.push({ settings, plan: await planRun({ ...request, settings }) });
  }
  return {
    months: plans.flatMap(({ settings: { split }, plan }) =>
      plan.months.map(({ month, modelVersion }) => ({
        ...{ month, modelVersion },
        ...(split === undefined ? {} : { split: splitText(split) }),
      })),
    ),
    unchanged: plans.flatMap(({ settings, plan }) =>
      plan.unchanged.map((outcome) => asHandedOn(outcome, settings.split)),
    ),
    // The inputs of all of them are the same.
    notAvailable: [...new Set(plans.flatMap(({ plan }) => plan.notAvailable))].sort(),
    problems: [...new Set(plans.flatMap(({ plan }) => plan.problems))],
  };
}
