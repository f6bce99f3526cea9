import { CarbonError } from '../base/carbon-error';

/**
 * A month that cannot be computed although each of its tables is valid: its message says what contradicts what.
 * Retrying does not help; the input has to change.
 */
export class MethodError extends CarbonError {
  constructor(message: string) {
    super('input', message);
  }
}
