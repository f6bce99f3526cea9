import { z } from 'zod';
import { hashOf } from '../base/fingerprint';

/** Dimensions that divide the rows of an account further. */
const KEYED_KINDS = ['tag', 'cost-category', 'account-tag', 'user-attribute'] as const;

/** What rows are divided by, such as `tag:team`, `cost-category:Unit`, `account-tag:owner` or `resource`. */
export interface Breakdown {
  readonly kind: (typeof KEYED_KINDS)[number] | 'resource';
  /** Key of the tag or attribute, or name of the cost category; blank for resources. */
  readonly key: string;
}

const BREAKDOWN_PATTERN = new RegExp(`^(?:resource|(?:${KEYED_KINDS.join('|')}):.{1,128})$`);

/** What a text must be to name a breakdown, for messages. */
export const BREAKDOWN_EXPECTED =
  'expected tag:KEY, cost-category:NAME, account-tag:KEY, user-attribute:NAME or resource';

/** Reads the text of a breakdown. Returns undefined where the text does not name one. */
export function parseBreakdown(text: string): Breakdown | undefined {
  if (!BREAKDOWN_PATTERN.test(text)) return undefined;
  const at = text.indexOf(':');
  if (at < 0) return { kind: 'resource', key: '' };
  const kind = KEYED_KINDS.find((known) => known === text.slice(0, at));
  return kind === undefined ? undefined : { kind, key: text.slice(at + 1) };
}

/** A breakdown in settings and events, where it is a text such as `tag:team`. */
export const breakdownSchema = z.string().transform((text, context): Breakdown => {
  const breakdown = parseBreakdown(text);
  if (breakdown !== undefined) return breakdown;
  context.addIssue(BREAKDOWN_EXPECTED);
  return z.NEVER;
});

/** Returns the text of a breakdown, which is also the value of the column split_by. */
export function breakdownText({ kind, key }: Breakdown): string {
  return kind === 'resource' ? kind : `${kind}:${key}`;
}

/** Keys whose name of an export has them unchanged. */
const PLAIN_KEY = /^[0-9A-Za-z]+(?:-[0-9A-Za-z]+)*$/;

/**
 * Returns the name of the export that holds the rows of `exportName` broken down. A key with signs or letters that a name
 * cannot have is followed by eight digits of its hash, so that no two keys have one name.
 */
export function breakdownExportName(exportName: string, { kind, key }: Breakdown): string {
  if (kind === 'resource') return `${exportName}-by-resource`;
  if (PLAIN_KEY.test(key)) return `${exportName}-by-${kind}-${key}`;
  const readable = key.replaceAll(/[^0-9A-Za-z]+/g, '-').replaceAll(/^-|-$/g, '');
  const parts = [kind, readable, hashOf(key).slice(0, 8)].filter((part) => part !== '');
  return `${exportName}-by-${parts.join('-')}`;
}

/** Values of split_value for usage that has no such tag, cost category, attribute or resource. */
export const MISSING_VALUES: Readonly<Record<Breakdown['kind'], string>> = {
  tag: '(untagged)',
  'cost-category': '(no category)',
  'account-tag': '(untagged)',
  'user-attribute': '(no attribute)',
  resource: '(no resource)',
};
