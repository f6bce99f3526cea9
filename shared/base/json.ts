import type { z } from 'zod';
import { errorMessage } from './error-info';
import { decodeText } from './text-encoding';

/** One reason why a JSON document does not fit its schema. */
export interface JsonIssue {
  /** Members on the way to the value, from the top; empty for the document itself. */
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** The value of a JSON document; or the syntax error, or the issues, that make it unusable. */
export type JsonReading<T> =
  { readonly value: T } | { readonly syntaxError: string } | { readonly issues: readonly JsonIssue[] };

/**
 * Reads a JSON document.
 *
 * @param content text, or bytes in UTF-8 or in UTF-16 with a byte order mark, as Windows PowerShell writes
 */
export function readJson<T>(content: Buffer | string, schema: z.ZodType<T>): JsonReading<T> {
  let document: unknown;
  try {
    document = JSON.parse(typeof content === 'string' ? content : decodeText(content));
  } catch (error) {
    return { syntaxError: errorMessage(error) };
  }
  const parsed = schema.safeParse(document);
  return parsed.success ? { value: parsed.data } : { issues: parsed.error.issues };
}

/** Returns the value of a JSON document, or undefined where it is not JSON or does not fit the schema. */
export function parseJson<T>(content: Buffer | string, schema: z.ZodType<T>): T | undefined {
  const reading = readJson(content, schema);
  return 'value' in reading ? reading.value : undefined;
}

/** Returns the first reason why a document could not be read, in one line. */
export function whyUnreadable(reading: Exclude<JsonReading<unknown>, { readonly value: unknown }>): string {
  if ('syntaxError' in reading) return reading.syntaxError;
  const [issue] = reading.issues;
  return issue === undefined ? 'unknown' : `${[...issue.path, issue.message].map(String).join(': ')}`;
}
