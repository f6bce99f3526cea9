/** The command was called in a way it cannot be: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Names of errors that say the call was wrong, not the data. */
const USAGE_ERRORS: readonly string[] = ['UsageError', 'LocationError'];

/** True for an error in how the command was called. */
export function isUsageError(error: unknown): error is Error {
  return error instanceof Error && USAGE_ERRORS.includes(error.name);
}
