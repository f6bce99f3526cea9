import type { z } from 'zod';
import { CarbonError } from '../shared/base/carbon-error';
import { nearestName } from '../shared/base/nearest-name';
import { problemsBetweenSettings } from './settings-problems';
import { type Settings, settingsSchema } from './settings-schema';

export type { Settings };

/** Member of the context in cdk.json that holds the settings. */
export const CONTEXT = 'carbonExports';

/** Longest value that a message repeats. */
const SHOWN_CHARACTERS = 80;

/**
 * Returns settings with default values filled in.
 *
 * @param place where the settings are, for messages
 * @throws CarbonError of kind usage that lists every unknown setting and every invalid value
 */
export function parseSettings(raw: unknown, place = 'cdk.json'): Settings {
  const parsed = settingsSchema.safeParse(raw ?? {});
  const problems = parsed.success
    ? problemsBetweenSettings(parsed.data).map((problem) => `${CONTEXT}.${problem}`)
    : parsed.error.issues.flatMap((issue) => describe(issue, raw));
  if (parsed.success && problems.length === 0) return parsed.data;
  throw invalidSettings(problems, place);
}

/** Returns the error that lists problems of settings. */
export function invalidSettings(problems: readonly string[], place = 'cdk.json'): CarbonError {
  const lines = problems.map((problem) => `  ${problem}`);
  const heading = `${place}: invalid settings; docs/reference/settings.md describes each one.`;
  return new CarbonError('usage', [heading, ...lines].join('\n'));
}

function describe(issue: z.core.$ZodIssue, raw: unknown): string[] {
  const where = [CONTEXT, ...issue.path].join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownSetting(where, key, knownAt(issue.path)));
  }
  return [
    `${where}: found ${shown(valueAt(raw, issue.path))}, ${issue.message.replace(/^Invalid [a-z]+: /, '')}`,
  ];
}

/** Returns the message for a setting that does not exist, with the nearest one. */
export function unknownSetting(where: string, key: string, known: readonly string[]): string {
  const near = nearestName(key, known);
  const expected = near === undefined ? `expected one of ${known.join(', ')}` : `did you mean ${near}?`;
  return `${where}: found the unknown setting ${key}, ${expected}`;
}

/** Names of the settings below a path. */
function knownAt(path: readonly PropertyKey[]): string[] {
  const found = path.reduce<unknown>((schema, name) => memberOf(schema, name), settingsSchema);
  return Object.keys(shapeOf(found) ?? {});
}

function memberOf(schema: unknown, name: PropertyKey): unknown {
  const shape = shapeOf(schema);
  return shape === undefined ? undefined : Reflect.get(shape, name);
}

/** Members of an object, behind the default values that wrap its schema. */
function shapeOf(schema: unknown): object | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined;
  if ('shape' in schema && typeof schema.shape === 'object' && schema.shape !== null) return schema.shape;
  return 'unwrap' in schema && typeof schema.unwrap === 'function' ? shapeOf(schema.unwrap()) : undefined;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (parent, name) => (typeof parent === 'object' && parent !== null ? Reflect.get(parent, name) : undefined),
    value,
  );
}

/** Returns a value for a message, cut where it is long. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
