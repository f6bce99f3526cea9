import type { Context } from 'aws-lambda';
import { z } from 'zod';
import { errorName, reasonOf } from '../shared/base/error-info';
import { isTransient, TransientError } from '../shared/base/retry';
import { logger, tracer } from './telemetry';

/** Step Functions keeps 256 KB of state for all months; the month's state record has the whole message. */
const SHOWN_CHARACTERS = 1_500;

/** A breakdown's months are many, and mostly fail for the reason of the month that is not broken down. */
const SHOWN_OF_BREAKDOWN = 300;

const ofBreakdown = z.object({ at: z.object({ split: z.string() }) });

/**
 * Makes a step of the state machine: checks its event, logs and traces it. Errors that may pass get the name
 * TransientError, which the state machine retries.
 */
export function stepHandler<Event, Result>(
  schema: z.ZodType<Event>,
  work: (event: Event, context: Context) => Promise<Result>,
): (event: unknown, context: Context) => Promise<Result> {
  return async (event, context) => {
    logger.addContext(context);
    const parent = tracer.getSegment();
    const segment = parent?.addNewSubsegment(`## ${context.functionName}`);
    if (segment !== undefined) tracer.setSegment(segment);
    try {
      return await work(schema.parse(event), context);
    } catch (error) {
      logger.error('The step failed', { reason: error });
      if (error instanceof Error) tracer.addErrorAsMetadata(error);
      throw namedError(error, ofBreakdown.safeParse(event).success ? SHOWN_OF_BREAKDOWN : SHOWN_CHARACTERS);
    } finally {
      segment?.close();
      if (parent !== undefined) tracer.setSegment(parent);
    }
  };
}

function namedError(error: unknown, shown: number): Error {
  const text = reasonOf(error);
  const message = text.length > shown ? `${text.slice(0, shown)}…` : text;
  const named = isTransient(error)
    ? new TransientError(message)
    : Object.assign(new Error(message), { name: errorName(error) });
  // Lambda copies the stack into the cause; the log has all of it.
  named.stack = named.name;
  return named;
}
