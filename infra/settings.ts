import type { Node } from 'constructs';
import type { z } from 'zod';
import { CarbonError } from '../shared/base/carbon-error';
import { problemsBetweenSettings } from './settings-problems';
import { type Settings, settingsSchema } from './settings-schema';

export type { Settings };

/** Member of the context in cdk.json that holds the settings. */
const CONTEXT = 'carbonExports';

/** Longest value that a message repeats. */
const SHOWN_CHARACTERS = 80;

/**
 * Returns the settings of cdk.json with default values filled in.
 *
 * @throws CarbonError of kind usage that lists every unknown setting and every invalid value
 */
export function parseSettings(raw: unknown): Settings {
  const parsed = settingsSchema.safeParse(raw ?? {});
  const problems = parsed.success
    ? problemsBetweenSettings(parsed.data).map((problem) => `${CONTEXT}.${problem}`)
    : parsed.error.issues.map((issue) => describe(issue, raw));
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new CarbonError(
    'usage',
    [
      'cdk.json: invalid settings; docs/deploy.md describes each one.',
      ...problems.map((problem) => `  ${problem}`),
    ].join('\n'),
  );
}

/**
 * Returns the settings of the app. `-c carbonExports.architecture=x86_64` overrides one setting at the top level.
 *
 * @throws CarbonError of kind usage that lists every unknown setting and every invalid value
 */
export function settingsOf(node: Pick<Node, 'tryGetContext'>): Settings {
  const base: unknown = node.tryGetContext(CONTEXT) ?? {};
  if (typeof base !== 'object' || base === null || Array.isArray(base)) {
    throw new CarbonError('usage', `cdk.json, context.${CONTEXT}: found ${shown(base)}, expected an object`);
  }
  const overrides = Object.keys(settingsSchema.shape).flatMap((name) => {
    const value: unknown = node.tryGetContext(`${CONTEXT}.${name}`);
    return value === undefined ? [] : [[name, value] as const];
  });
  return parseSettings({ ...base, ...Object.fromEntries(overrides) });
}

function describe(issue: z.core.$ZodIssue, raw: unknown): string {
  const where = [CONTEXT, ...issue.path].join('.');
  if (issue.code === 'unrecognized_keys') {
    return `${where}: found ${issue.keys.join(', ')}, expected a known setting; remove it or correct its name`;
  }
  return `${where}: found ${shown(valueAt(raw, issue.path))}, ${issue.message.replace(/^Invalid [a-z]+: /, '')}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (parent, name) => (typeof parent === 'object' && parent !== null ? Reflect.get(parent, name) : undefined),
    value,
  );
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
