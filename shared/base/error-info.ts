import { CarbonError } from './carbon-error';

/*
 * What is known of something that was thrown. `instanceof Error` is not used: under jest, code runs in a vm context, and
 * errors of the runtime and of native add-ons belong to another realm.
 */

function textOf(error: unknown, property: 'code' | 'message' | 'name' | 'path'): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const value: unknown = Reflect.get(error, property);
  return typeof value === 'string' ? value : undefined;
}

/** Returns the path that a system error names, or undefined where it names no path. */
export function errorPath(error: unknown): string | undefined {
  return textOf(error, 'path');
}

/** Returns the code of a system error, such as `ENOENT`, or undefined for other errors. */
export function errorCode(error: unknown): string | undefined {
  return textOf(error, 'code');
}

/** Returns the name of an error's class. */
export function errorName(error: unknown): string {
  return textOf(error, 'name') ?? 'Error';
}

/** Returns the message of an error, or of any other thrown value its text. */
export function errorMessage(error: unknown): string {
  return textOf(error, 'message') ?? String(error);
}

/** A message of Node.js about a system call: code, description and, in quotes, the path. */
const SYSTEM_MESSAGE = /^([A-Z][A-Z0-9]+): (.+?), \w+(?: '(.*?)'(?: -> '.*')?)?$/s;

/** Returns why something failed, as {@link knownReason}. Anything else is an error in this program, and named so. */
export function reasonOf(error: unknown): string {
  const known = knownReason(error);
  if (known !== undefined) return known;
  const [firstLine = ''] = errorMessage(error).split('\n\nStack Trace:');
  return `unexpected error: ${firstLine}`;
}

/**
 * Returns why something failed, for people: where, then what happened. The message of a {@link CarbonError} is complete.
 * A system error begins with its path, and an error of an AWS service has the service's error code. Undefined for any
 * other error.
 */
export function knownReason(error: unknown): string | undefined {
  const message = errorMessage(error);
  if (error instanceof CarbonError) return message;
  const [, code, description, path] = SYSTEM_MESSAGE.exec(message) ?? [];
  if (code !== undefined && code === errorCode(error)) {
    return `${path === undefined ? '' : `${path}: `}${description ?? message} (${code})`;
  }
  if (typeof error === 'object' && error !== null && '$metadata' in error) {
    return `${message} (AWS error ${errorName(error)})`;
  }
  return undefined;
}
