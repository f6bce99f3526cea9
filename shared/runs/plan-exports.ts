import { defined } from '../base/defined';
import { breakdownText } from '../exports/breakdown';
import { ExportMismatchError } from '../exports/fixed-settings';
import type { ExportSettings } from '../exports/export-settings';
import { asHandedOn } from './month-outcome';
import { listExport, type PlanRequest, planRun, type RunPlan } from './plan-run';
import { ListedExports, ListedInputs } from '../stores/remembered-listings';
import type { ExecutionPlan } from './run-event';

/**
 * Plans all exports of a deployment as one plan. A breakdown whose export holds something else is reported and does not
 * stop the others.
 *
 * @throws ExportMismatchError when the export that is not broken down holds another file format or other totals
 */
export async function planExports(
  { inputs, exports: stored, ...request }: Omit<PlanRequest, 'settings'>,
  everyExport: readonly ExportSettings[],
): Promise<ExecutionPlan> {
  const stores = { inputs: new ListedInputs(inputs), exports: new ListedExports(stored) };
  const plans: { readonly settings: ExportSettings; readonly plan: RunPlan }[] = [];
  const mismatches: string[] = [];
  for (const settings of everyExport) {
    try {
      const before = await listExport(stores.exports, settings.exportName);
      const plan = await planRun({ ...request, ...stores, settings }, before);
      plans.push({ settings, plan });
      await before.states.keep(stores.exports, { manifests: plan.files.manifests });
    } catch (error) {
      if (settings.breakdown === undefined || !(error instanceof ExportMismatchError)) throw error;
      mismatches.push(`no month of ${settings.exportName} was planned: ${error.message}`);
    }
  }
  return {
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
  };
}
