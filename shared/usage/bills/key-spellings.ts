/** What a key names: a tag of a resource, a cost category, a tag of the account, or an attribute of a user. */
export type KeyKind = 'tag' | 'cost-category' | 'account-tag' | 'user-attribute';

/** What the names of columns begin with in an export that has one column per key. */
export const TAG_COLUMN = 'resource_tags_';
export const COST_CATEGORY_COLUMN = 'cost_category_';

/** How bills spell one key. */
export interface KeySpellings {
  /** Keys in a column of tags or cost categories; the first that a line has counts. */
  readonly members: readonly string[];
  /** Those of them that say of which kind they are, as columns with keys of several kinds need it. */
  readonly prefixed: readonly string[];
  /** Columns that an export with one column per key has. */
  readonly columns: readonly string[];
}

/**
 * Returns every spelling of a key: as users write it, with the prefixes of FOCUS and of the `tags` column of CUR 2.0, and
 * in the small letters of CUR 2.0's maps and of the legacy CUR for Athena.
 */
export function spellingsOf(kind: KeyKind, key: string): KeySpellings {
  if (kind === 'tag') return tagSpellings(key);
  if (kind === 'cost-category') {
    const small = smallSpellings(key);
    const prefixed = [`costCategory:${key}`, `costCategory/${key}`];
    return {
      members: unique([key, ...prefixed, ...small]),
      prefixed,
      columns: small.map((name) => `${COST_CATEGORY_COLUMN}${name}`),
    };
  }
  const prefix = kind === 'account-tag' ? 'accountTag' : 'userAttribute';
  const prefixed = [`${prefix}/${key}`, `${prefix}:${key}`];
  return { members: prefixed, prefixed, columns: [] };
}

/** A tag is one of a user (`user:team`) or one of AWS's own (`aws:createdBy`). */
function tagSpellings(key: string): KeySpellings {
  const ofAws = key.startsWith('aws:');
  const name = key.replace(/^(?:user|aws):/, '');
  const owner = ofAws ? 'aws' : 'user';
  const small = smallSpellings(name).map((spelling) => `${owner}_${spelling}`);
  const plain = ofAws ? [] : [name, `resourceTags/${name}`];
  // Users copy names of columns too.
  const copied = /^(?:user|aws)_[0-9a-z_]+$/.test(key) ? [key] : [];
  const prefixed = [`${owner}:${name}`, `resourceTags/${owner}:${name}`];
  return {
    members: unique([key, ...prefixed, ...plain, ...small]),
    prefixed,
    columns: unique([...copied, ...small]).map((spelling) => `${TAG_COLUMN}${spelling}`),
  };
}

/**
 * Small letters and underscores, as AWS makes column names: an underscore before each capital, other signs become
 * underscores. Some tools only lower the letters. A key without Latin letters and digits has no such spelling.
 */
function smallSpellings(name: string): string[] {
  const small = (text: string): string =>
    text
      .toLowerCase()
      .replaceAll(/[^0-9a-z]+/g, '_')
      .replaceAll(/^_+|_+$/g, '');
  return unique([small(name.replaceAll(/[A-Z]/g, (capital) => `_${capital}`)), small(name)]).filter(
    (spelling) => spelling !== '',
  );
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
