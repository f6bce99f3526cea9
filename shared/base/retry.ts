import { setTimeout as sleep } from 'node:timers/promises';
import { isServerError, isThrottlingError, isTransientError } from '@smithy/service-error-classification';
import { CarbonError } from './carbon-error';
import { errorCode, errorName } from './error-info';

/**
 * Codes of Node's network errors that @smithy/service-error-classification does not list. Streams report a connection
 * that broke in the middle of a body with the second one.
 */
const NETWORK_CODES: ReadonlySet<unknown> = new Set(['ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE']);

/** Names of AWS errors that pass by themselves and that the library does not list: some services send them without a status. */
const TRANSIENT_NAMES: ReadonlySet<string> = new Set([
  'ConcurrentModificationException',
  'InternalError',
  'InternalFailure',
  'ServiceException',
  'ServiceUnavailable',
]);

/**
 * An error that may pass when the work is tried again: the one error that the state machine retries. Its message is that
 * of its cause.
 */
export class TransientError extends CarbonError {
  /** The state machine retries by this name, which a bundler must not change. */
  override readonly name = 'TransientError';

  constructor(message: string, options?: ErrorOptions) {
    super('transient', message, options);
  }
}

/** Returns true for network errors, throttling and errors of the server (5xx), also as the cause of an error. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof CarbonError && error.kind === 'transient') return true;
  if (TRANSIENT_NAMES.has(errorName(error)) || NETWORK_CODES.has(errorCode(error))) return true;
  return isServiceTransient(error) || isTransient(error.cause);
}

function isServiceTransient(error: Error): boolean {
  // The library expects a cause to be an error, where it may be anything.
  const withoutCause: Parameters<typeof isTransientError>[0] = Object.create(error, {
    cause: { value: undefined },
  });
  return isTransientError(withoutCause) || isThrottlingError(withoutCause) || isServerError(withoutCause);
}

const ATTEMPTS = 4;
const FIRST_WAIT_MS = 200;

/** Repeats work that failed with a {@link isTransient} error, up to three times, with waits that double. */
export async function retryTransient<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !isTransient(error)) throw error;
      await sleep(FIRST_WAIT_MS * 2 ** (attempt - 1));
    }
  }
}
