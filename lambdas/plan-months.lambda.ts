import { acquireRunLocks } from '../shared/exports/run-lock';
import { planExports } from '../shared/runs/plan-exports';
import { pastAsOf, type PlanOutput, stepEventSchema } from '../shared/runs/run-event';
import { selectionOf, withEnvironment } from './environment';
import type { DeployedSettings } from './function-settings';
import { stepHandler } from './step-handler';
import { logger } from './telemetry';

/** Reports versions that AWS delivers and Athena's tables do not name yet. */
function notInCatalog(
  months: readonly { readonly modelVersion: string }[],
  { awsTotals }: DeployedSettings,
): string[] {
  if (awsTotals === undefined) return [];
  const known = new Set(awsTotals.modelVersions);
  const unknown = new Set(months.map(({ modelVersion }) => modelVersion).filter((id) => !known.has(id)));
  return [...unknown].map(
    (id) =>
      `AWS delivers version ${id}, which Athena does not look for: add it to awsTotals.modelVersions in cdk.json and deploy`,
  );
}

/** Locks the exports for this execution and plans the months that need work. */
export const handler = stepHandler(stepEventSchema, (event) =>
  withEnvironment(async ({ stores, settings, everyExport }): Promise<PlanOutput> => {
    const asOf = pastAsOf(event);
    const names = everyExport.map(({ exportName }) => exportName);
    await acquireRunLocks(stores.exports, names, { id: event.execution }, new Date());
    const plan = await planExports({ ...stores, selection: selectionOf(settings, event), asOf }, everyExport);
    logger.info('The run is planned', { months: plan.months, unchanged: plan.unchanged.length });
    const unseen = notInCatalog([...plan.months, ...plan.unchanged], settings);
    return { asOf: asOf.toISOString(), ...plan, problems: [...plan.problems, ...unseen] };
  }),
);
