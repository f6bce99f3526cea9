import { releaseRunLocks } from '../shared/exports/run-lock';
import { executionEndSchema } from '../shared/runs/run-event';
import { withEnvironment } from './environment';
import { stepHandler } from './step-handler';
import { logger } from './telemetry';

/** Releases the locks that an execution holds which was stopped, timed out or failed. */
export const handler = stepHandler(executionEndSchema, ({ detail: { name, status } }) =>
  withEnvironment(async ({ stores, everyExport }) => {
    const names = everyExport.map(({ exportName }) => exportName);
    await releaseRunLocks(stores.exports, names, name);
    logger.info('The locks of the execution are released', { execution: name, status });
  }),
);
