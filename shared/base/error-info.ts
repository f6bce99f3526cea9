/*
 * What is known of something that was thrown. `instanceof Error` is not asked: errors of the runtime and of native
 * add-ons belong to another realm than the code that runs in a vm context, as under jest.
 */

function textOf(error: unknown, property: 'code' | 'message' | 'name'): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const value: unknown = Reflect.get(error, property);
  return typeof value === 'string' ? value : undefined;
}

/** Code of a system error, such as `ENOENT`; undefined when there is none. */
export function errorCode(error: unknown): string | undefined {
  return textOf(error, 'code');
}

/** Name of an error's class. */
export function errorName(error: unknown): string {
  return textOf(error, 'name') ?? 'Error';
}

/** Message of an error, or what was thrown as text. */
export function errorMessage(error: unknown): string {
  return textOf(error, 'message') ?? String(error);
}
