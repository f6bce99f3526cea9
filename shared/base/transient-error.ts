import { CarbonError } from './carbon-error';
/** Codes of Node's network errors. */
const NETWORK_CODES: ReadonlySet<unknown> = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENOTFOUND',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

/** Names that AWS gives to errors that pass by themselves. */
const TRANSIENT_NAMES: ReadonlySet<string> = new Set([
  'TimeoutError',
  'RequestTimeout',
  'RequestTimeoutException',
  'ConcurrentModificationException',
  'InternalError',
  'InternalFailure',
  'ServiceException',
  'ServiceUnavailable',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
]);

/**
 * Something failed that may work when it is tried again: the one error that the state machine retries. The message is
 * that of its cause.
 */
export class TransientError extends CarbonError {
  /** The state machine retries by this name, which a bundler must not change. */
  override readonly name = 'TransientError';

  constructor(message: string, options?: ErrorOptions) {
    super('transient', message, options);
  }
}

/** True for network errors, throttling and servers that say it is their fault (5xx), also as the cause of an error. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof TransientError || TRANSIENT_NAMES.has(error.name)) return true;
  if ('code' in error && NETWORK_CODES.has(error.code)) return true;
  if ('$retryable' in error && error.$retryable !== undefined) return true;
  const status = '$metadata' in error ? statusOf(error.$metadata) : undefined;
  if (status !== undefined && (status === 429 || status >= 500)) return true;
  return error.cause !== undefined && isTransient(error.cause);
}

function statusOf(metadata: unknown): number | undefined {
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
