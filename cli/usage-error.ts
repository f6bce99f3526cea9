import { CarbonError } from '../shared/base/carbon-error';

/** The command was called with wrong options or arguments: exit code 2. */
export class UsageError extends CarbonError {
  constructor(message: string) {
    super('usage', message);
  }
}
