import { type AccountId, isAccountId } from '../shared/base/account-id';
import { CarbonError } from '../shared/base/carbon-error';
import { isModelVersionId, type ModelVersionId } from '../shared/base/model-version-id';
import { isDay, isMonth, type Month } from '../shared/base/month';
import { type Breakdown, BREAKDOWN_EXPECTED, parseBreakdown } from '../shared/exports/breakdown';
import { EXPORT_NAME_PATTERN } from '../shared/exports/layout';
import { findModelVersion, MODEL_VERSIONS, type ModelVersion } from '../shared/method/model-version';

/** The name of an export where none is set. */
export const DEFAULT_EXPORT_NAME = 'carbon-emissions';

/** Returns a text as the value of an option, or undefined where the text is not one. */
export type ValueOf<T> = (text: string) => T | undefined;

/** A kind of value: how it is read, and what a message says was expected. */
export interface ValueKind<T> {
  readonly parse: ValueOf<T>;
  readonly expected: string;
}

/** The kinds of values that options of the command and of the library have. */
export const VALUES = {
  day: { parse: (text) => (isDay(text) ? text : undefined), expected: 'expected a day YYYY-MM-DD' },
  month: { parse: (text) => (isMonth(text) ? text : undefined), expected: 'expected a month YYYY-MM' },
  modelVersionId: {
    parse: (text) => (isModelVersionId(text) ? text : undefined),
    expected: 'expected a model version such as v2.0.0',
  },
  modelVersion: {
    parse: findModelVersion,
    expected: `expected one of ${MODEL_VERSIONS.map(({ id }) => id).join(', ')}`,
  },
  accountId: { parse: (text) => (isAccountId(text) ? text : undefined), expected: 'expected 12 digits' },
  exportName: {
    parse: (text) => (EXPORT_NAME_PATTERN.test(text) ? text : undefined),
    expected: 'expected 1 to 128 letters, digits, hyphens or underscores, and not accounts or organization',
  },
  memorySize: {
    parse: (text) => (/^\d+(\.\d+)?\s*(MB|GB|TB|MiB|GiB|TiB)$/i.test(text) ? text : undefined),
    expected: 'expected a size such as 3GB or 800MiB',
  },
  breakdown: { parse: parseBreakdown, expected: BREAKDOWN_EXPECTED },
} as const satisfies Readonly<Record<string, ValueKind<unknown>>> & {
  readonly day: ValueKind<string>;
  readonly month: ValueKind<Month>;
  readonly modelVersionId: ValueKind<ModelVersionId>;
  readonly modelVersion: ValueKind<ModelVersion>;
  readonly accountId: ValueKind<AccountId>;
  readonly breakdown: ValueKind<Breakdown>;
};

/**
 * Returns the value of an option of the library; undefined where the option is not set.
 *
 * @throws CarbonError of kind usage that names the option
 */
export function optionValue<T>(name: string, text: string | undefined, kind: ValueKind<T>): T | undefined {
  if (text === undefined) return undefined;
  const value = kind.parse(text);
  if (value !== undefined) return value;
  throw new CarbonError('usage', `${name}: found ${JSON.stringify(text)}, ${kind.expected}`);
}

/**
 * Returns the value of an option of the library that must be set.
 *
 * @throws CarbonError of kind usage that names the option
 */
export function requiredValue<T>(name: string, text: string, kind: ValueKind<T>): T {
  const value = optionValue(name, text, kind);
  if (value === undefined) throw new CarbonError('usage', `${name}: found nothing, ${kind.expected}`);
  return value;
}
