/**
 * A month that cannot be computed although each of its tables is sound: its message says what contradicts what.
 * Retrying does not help; the input has to change.
 */
export class MethodError extends Error {
  override readonly name = 'MethodError';
}
