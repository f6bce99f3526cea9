/** What an account's usage of a service can be broken down by, beyond the account. */
export const BREAKDOWN_KINDS = ['tag', 'cost-category', 'resource'] as const;

/** A breakdown as it is requested, such as `tag:team`, `cost-category:Unit` or `resource`. */
export interface Breakdown {
  readonly kind: (typeof BREAKDOWN_KINDS)[number];
  /** Key of the tag or name of the cost category; blank for resources. */
  readonly key: string;
}

/** The text of a breakdown. */
export const BREAKDOWN_PATTERN = /^(?:resource|(?:tag|cost-category):.{1,128})$/;

/** Reads the text of a breakdown. Returns undefined where the text is not one. */
export function parseBreakdown(text: string): Breakdown | undefined {
  if (!BREAKDOWN_PATTERN.test(text)) return undefined;
  const at = text.indexOf(':');
  if (at < 0) return { kind: 'resource', key: '' };
  const kind = BREAKDOWN_KINDS.find((known) => known === text.slice(0, at));
  return kind === undefined ? undefined : { kind, key: text.slice(at + 1) };
}

/** The text of a breakdown: the value of the column split_by. */
export function breakdownText({ kind, key }: Breakdown): string {
  return kind === 'resource' ? kind : `${kind}:${key}`;
}

/** Name of the export that holds an export's rows broken down. */
export function breakdownExportName(exportName: string, breakdown: Breakdown): string {
  return `${exportName}-by-${breakdownText(breakdown).replaceAll(/[^0-9A-Za-z]+/g, '-')}`;
}

/** Value of what is used without a tag, a cost category or a resource. */
export const MISSING_VALUES: Readonly<Record<Breakdown['kind'], string>> = {
  tag: '(untagged)',
  'cost-category': '(no category)',
  resource: '(no resource)',
};
