import { CarbonError } from '../shared/base/carbon-error';

/** An environment variable that the function was deployed without. */
export class MissingVariableError extends CarbonError {
  constructor(message: string) {
    super('usage', message);
  }
}

/** @throws MissingVariableError when the variable is not set, so that a wrong deployment says what is wrong */
export function requireEnv(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new MissingVariableError(`${name} is not set`);
  return value;
}
