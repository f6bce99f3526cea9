import type { Node } from 'constructs';
import { CarbonError } from '../shared/base/carbon-error';
import { nearestName } from '../shared/base/nearest-name';
import { CONTEXT, invalidSettings, parseSettings, shown } from './settings';
import { settingsSchema } from './settings-schema';
import type { SettingsProps } from './settings-props';

type Members = Readonly<Record<string, unknown>>;

/**
 * Returns the settings of the app: those of cdk.json, replaced by those of the command line. `-c
 * carbonExports.architecture=x86_64` replaces one setting, and `-c carbonExports.limits.memoryMb=2048` a member of one.
 * Both are checked alike.
 *
 * @throws CarbonError of kind usage that lists every unknown setting and every invalid value
 */
export function contextSettings(node: Pick<Node, 'getAllContext'>): SettingsProps {
  const context: Members = node.getAllContext();
  assertNames(Object.keys(context));
  const base = context[CONTEXT] ?? {};
  if (!isMembers(base)) {
    throw new CarbonError('usage', `cdk.json, context.${CONTEXT}: found ${shown(base)}, expected an object`);
  }
  const settings = Object.entries(context)
    .filter(([name]) => name.startsWith(`${CONTEXT}.`))
    .reduce((before, [name, value]) => withValue(before, name.split('.').slice(1), value), base);
  parseSettings(settings);
  // Checked above: what the schema accepts has the type of its input.
  return settings as SettingsProps;
}

/** A misspelt `carbonExports` would leave its setting without effect. */
function assertNames(names: readonly string[]): void {
  const problems = names.flatMap((name) => {
    const [first = ''] = name.split('.');
    if (first === CONTEXT || nearestName(first, [CONTEXT]) === undefined) return [];
    return [`context: found ${name}, did you mean ${[CONTEXT, ...name.split('.').slice(1)].join('.')}?`];
  });
  if (problems.length > 0) throw invalidSettings(problems);
}

/** Returns settings with one value replaced. A value of the command line is a text that may be JSON. */
function withValue(settings: Members, path: readonly string[], value: unknown): Members {
  const parsed = typeof value === 'string' ? jsonOf(value) : value;
  const changed = replaced(settings, path, parsed);
  if (parsed === value || !hasProblemAt(changed, path)) return changed;
  return replaced(settings, path, value);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function replaced(settings: Members, [name = '', ...rest]: readonly string[], value: unknown): Members {
  if (rest.length === 0) return { ...settings, [name]: value };
  const member = settings[name];
  return { ...settings, [name]: replaced(isMembers(member) ? member : {}, rest, value) };
}

/** Whether the schema refuses the value at a path, such as a number where it expects a text. */
function hasProblemAt(settings: Members, path: readonly string[]): boolean {
  const { error } = settingsSchema.safeParse(settings);
  return error?.issues.some((issue) => issue.path.join('.') === path.join('.')) ?? false;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
