/** A breakdown of accounts' usage, such as that of the tag `team`. */
export type NaiveBreakdown = {
  readonly kind: 'tag' | 'cost-category' | 'resource';
  /** Key of the tag or name of the cost category; blank for resources. */
  readonly key: string;
};

const WITHOUT: Readonly<Record<NaiveBreakdown['kind'], string>> = {
  tag: '(untagged)',
  'cost-category': '(no category)',
  resource: '(no resource)',
};

const PREFIXES = { tag: 'user', 'cost-category': 'costCategory' } as const;

/** Value of usage for which the bill has no tag, cost category or resource. */
export function valueOfNothing({ kind }: NaiveBreakdown): string {
  return WITHOUT[kind];
}

/**
 * Returns the value that a line of a bill has in a breakdown: its resource, or a member of its tags or cost categories, a
 * JSON object. The member has the key itself, the key with the prefix of AWS's exports, or the key as CUR 2.0 spells it, in
 * small letters and underscores; see "Split further" in docs/methodology.md.
 */
export function naiveBreakdownValue(breakdown: NaiveBreakdown, text: string): string {
  const found = breakdown.kind === 'resource' ? [text] : membersOf(breakdown.kind, breakdown.key, text);
  return found.find((value) => value !== '' && value !== 'NULL') ?? valueOfNothing(breakdown);
}

function membersOf(kind: keyof typeof PREFIXES, key: string, text: string): string[] {
  const document = objectOf(text);
  const flat = key.toLowerCase().replaceAll(/[^0-9a-z]+/g, '_');
  const keys = [key, `${PREFIXES[kind]}:${key}`, kind === 'tag' ? `user_${flat}` : flat];
  return keys.map((name) => {
    const value = document.get(name);
    if (typeof value === 'string') return value;
    // A value that has members is not a value of the key.
    return value === undefined || typeof value === 'object' ? '' : JSON.stringify(value);
  });
}

/** Members of a text that is a JSON object; none of any other text. */
function objectOf(text: string): ReadonlyMap<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return new Map(value !== null && typeof value === 'object' ? Object.entries(value) : []);
  } catch {
    return new Map();
  }
}
