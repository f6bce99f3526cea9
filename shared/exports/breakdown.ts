/** What an account's usage of a service can be split by, beyond the account. */
export const SPLIT_KINDS = ['tag', 'cost-category', 'resource'] as const;

/** A split as it is asked for, such as `tag:team`, `cost-category:Unit` or `resource`. */
export interface UsageSplit {
  readonly kind: (typeof SPLIT_KINDS)[number];
  /** Key of the tag or name of the cost category; blank for resources. */
  readonly key: string;
}

/** What is left of a split's text where nothing else is said. */
export const SPLIT_PATTERN = /^(?:resource|(?:tag|cost-category):.{1,128})$/;

/** Reads a split's text; undefined for what is none. */
export function parseSplit(text: string): UsageSplit | undefined {
  if (!SPLIT_PATTERN.test(text)) return undefined;
  const at = text.indexOf(':');
  if (at < 0) return { kind: 'resource', key: '' };
  const kind = SPLIT_KINDS.find((known) => known === text.slice(0, at));
  return kind === undefined ? undefined : { kind, key: text.slice(at + 1) };
}

/** A split's text: the value of the column split_by. */
export function splitText({ kind, key }: UsageSplit): string {
  return kind === 'resource' ? kind : `${kind}:${key}`;
}

/** Name of the export that holds an export's rows split. */
export function splitExportName(exportName: string, split: UsageSplit): string {
  return `${exportName}-by-${splitText(split).replaceAll(/[^0-9A-Za-z]+/g, '-')}`;
}

/** Value of what is used without a tag, a cost category or a resource. */
export const UNSPLIT_VALUES: Readonly<Record<UsageSplit['kind'], string>> = {
  tag: '(untagged)',
  'cost-category': '(no category)',
  resource: '(no resource)',
};
