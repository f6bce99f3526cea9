import { CarbonError } from '../shared/base/carbon-error';

/** An environment variable of the function is missing. */
export class MissingVariableError extends CarbonError {
  constructor(message: string) {
    super('usage', message);
  }
}

/**
 * Returns the value of an environment variable.
 *
 * @throws MissingVariableError when the variable is not set
 */
export function requireEnv(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '')
    throw new MissingVariableError(
      `environment variable ${name}: found none, expected a value; deploy the function again`,
    );
  return value;
}
