import { statfs } from 'node:fs/promises';
import { exportOneMonth } from '../shared/runs/export-one-month';
import { asHandedOn } from '../shared/runs/month-outcome';
import { monthEventSchema } from '../shared/runs/run-event';
import { splitSettings } from '../shared/runs/split-settings';
import { withEnvironment } from './environment';
import { requireEnv } from './require-env';
import { stepHandler } from './step-handler';
import { logger } from './telemetry';

/** What the engine may use of the function's memory; the rest is for Node.js and buffers of uploads. */
const ENGINE_PART = 0.65;

/** Brings one month up to date. */
export const handler = stepHandler(monthEventSchema, ({ asOf, at: { split, ...at } }) =>
  withEnvironment(async ({ stores, scratch }) => {
    const { bavail, bsize } = await statfs(scratch);
    const memoryBytes = Number(requireEnv('AWS_LAMBDA_FUNCTION_MEMORY_SIZE')) * 2 ** 20 * ENGINE_PART;
    const started = performance.now();
    const target = { ...stores, settings: splitSettings(stores.settings, split) };
    const outcome = await exportOneMonth(
      { ...target, asOf: new Date(asOf), scratch, capacity: { memoryBytes, diskBytes: bavail * bsize } },
      at,
      (size) => {
        logger.info('The month fits', { ...at, exportName: target.settings.exportName, ...size });
      },
    );
    logger.info('The month is done', { ...outcome, milliseconds: Math.round(performance.now() - started) });
    return { outcome: asHandedOn(outcome, split) };
  }),
);
