import { statfs } from 'node:fs/promises';
import { AthenaClient } from '@aws-sdk/client-athena';
import { GlueClient } from '@aws-sdk/client-glue';
import type { Context } from 'aws-lambda';
import { breakdownSettings } from '../shared/exports/export-settings';
import { exportInFunction } from '../shared/runs/export-in-function';
import { asHandedOn } from '../shared/runs/month-outcome';
import { monthEventSchema } from '../shared/runs/run-event';
import type { AthenaAccess } from '../shared/usage/athena/with-athena';
import { storeAt, withEnvironment } from './environment';
import { requireEnv } from './require-env';
import { stepHandler } from './step-handler';
import { logger, tracer } from './telemetry';
import { VARIABLES } from './variables';

/** Part of the function's memory that the engine may use; the rest is for Node.js and upload buffers. */
const ENGINE_PART = 0.65;

/** Time left of the function when Athena must be finished: the rows are then computed and published. */
const AFTER_ATHENA_MS = 90_000;

// Both services throttle, and months call them at the same time.
const patient = { retryMode: 'adaptive', maxAttempts: 10 };
const athena = tracer.captureAWSv3Client(new AthenaClient(patient));
const glue = tracer.captureAWSv3Client(new GlueClient(patient));

/** Brings one month up to date. */
export const handler = stepHandler(monthEventSchema, ({ asOf, at: { split: breakdown, ...at } }, context) =>
  withEnvironment(async ({ settings: { engine, strict: isStrict }, stores, scratch }) => {
    const { bavail, bsize } = await statfs(scratch);
    const memoryBytes = Number(requireEnv('AWS_LAMBDA_FUNCTION_MEMORY_SIZE')) * 2 ** 20 * ENGINE_PART;
    const capacity = { memoryBytes, diskBytes: bavail * bsize };
    const started = performance.now();
    const target = { ...stores, settings: breakdownSettings(stores.settings, breakdown) };
    const outcome = await exportInFunction(
      {
        ...target,
        ...{ asOf: new Date(asOf), scratch, capacity, engine, isStrict },
        ...(engine === 'duckdb' ? {} : { athena: athenaAccess(scratch, context) }),
      },
      at,
      (choice) => {
        logger.info('The month fits', { ...at, exportName: target.settings.exportName, ...choice });
      },
    );
    logger.info('The month is done', { ...outcome, milliseconds: Math.round(performance.now() - started) });
    return { outcome: asHandedOn(outcome, breakdown) };
  }),
);

function athenaAccess(scratch: string, context: Context): AthenaAccess {
  const location = requireEnv(VARIABLES.athenaScratch);
  return {
    ...{ athena, glue },
    workgroup: requireEnv(VARIABLES.athenaWorkgroup),
    database: requireEnv(VARIABLES.athenaDatabase),
    scratchAt: (name) => storeAt(`${location}/${name}`, scratch),
    remainingMs: () => context.getRemainingTimeInMillis() - AFTER_ATHENA_MS,
    warn: (message) => {
      logger.warn(message);
    },
  };
}
