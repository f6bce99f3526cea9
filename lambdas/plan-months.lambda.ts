import { acquireRunLocks } from '../shared/exports/run-lock';
import { planExports } from '../shared/runs/plan-exports';
import { pastAsOf, stepEventSchema } from '../shared/runs/run-event';
import { nextPage } from '../shared/runs/run-pages';
import { selectionOf, withEnvironment } from './environment';
import { stepHandler } from './step-handler';
import { logger } from './telemetry';

/** Locks the exports for this execution, plans the months that need work, and returns them page by page. */
export const handler = stepHandler(stepEventSchema, (event) =>
  withEnvironment(async ({ stores, settings, everyExport }) => {
    const asOf = pastAsOf(event);
    const page = await nextPage(stores.exports, stores.settings.exportName, event, async () => {
      const names = everyExport.map(({ exportName }) => exportName);
      await acquireRunLocks(stores.exports, names, { id: event.execution }, new Date());
      const request = { ...stores, selection: selectionOf(settings, event), asOf, isStrict: settings.strict };
      const plan = await planExports(request, everyExport);
      logger.info('The run is planned', { months: plan.months.length, unchanged: plan.unchanged.length });
      return plan;
    });
    logger.info('The next months', { page: page.page, months: page.months, left: page.left });
    return page;
  }),
);
