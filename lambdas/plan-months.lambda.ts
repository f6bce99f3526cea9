import type { ExportMonth } from '../shared/exports/layout';
import { planRun } from '../shared/runs/plan-run';
import { asOfOf, stepEventSchema } from '../shared/runs/run-event';
import type { PlanOutput } from '../shared/runs/run-event';
import { acquireRunLock } from '../shared/runs/run-lock';
import { selectionOf, withEnvironment } from './environment';
import type { FunctionSettings } from './function-settings';
import { stepHandler } from './step-handler';
import { logger } from './telemetry';

/** Athena finds a version only where its tables name it: one that AWS delivers first is told, not left unseen. */
function notInCatalog(months: readonly ExportMonth[], { awsTotals }: FunctionSettings): string[] {
  if (awsTotals === undefined) return [];
  const known = new Set(awsTotals.modelVersions);
  const unknown = new Set(months.map(({ modelVersion }) => modelVersion).filter((id) => !known.has(id)));
  return [...unknown].map(
    (id) =>
      `AWS delivers version ${id}, which Athena does not look for: add it to awsTotals.modelVersions in cdk.json and deploy`,
  );
}

/** Takes the export for this execution and finds out which months need work. */
export const handler = stepHandler(stepEventSchema, (event) =>
  withEnvironment(async ({ stores, settings }): Promise<PlanOutput> => {
    const asOf = asOfOf(event);
    await acquireRunLock(stores.exports, settings.exportName, { id: event.execution }, new Date());
    const plan = await planRun({ ...stores, selection: selectionOf(settings, event), asOf });
    const months = plan.months.map(({ month, modelVersion }) => ({ month, modelVersion }));
    logger.info('The run is planned', { months, unchanged: plan.unchanged.length });
    return {
      asOf: asOf.toISOString(),
      months,
      unchanged: [...plan.unchanged],
      notAvailable: [...plan.notAvailable],
      problems: [...plan.problems, ...notInCatalog([...months, ...plan.unchanged], settings)],
    };
  }),
);
