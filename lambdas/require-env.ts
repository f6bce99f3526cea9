/** An environment variable that the function was deployed without. */
export class MissingVariableError extends Error {
  override readonly name = 'MissingVariableError';
}

/** @throws MissingVariableError when the variable is not set, so that a wrong deployment says what is wrong */
export function requireEnv(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new MissingVariableError(`${name} is not set`);
  return value;
}
