import { pairsOf } from './pairs-in-text';

/** A breakdown of accounts' usage, such as that of the tag `team`. */
export type NaiveBreakdown = {
  readonly kind: 'tag' | 'cost-category' | 'account-tag' | 'user-attribute' | 'resource';
  /** Key of the tag or attribute, or name of the cost category; blank for resources. */
  readonly key: string;
};

const WITHOUT: Readonly<Record<NaiveBreakdown['kind'], string>> = {
  tag: '(untagged)',
  'cost-category': '(no category)',
  'account-tag': '(untagged)',
  'user-attribute': '(no attribute)',
  resource: '(no resource)',
};

/** Value of usage for which the bill has no tag, cost category, attribute or resource. */
export function valueOfNothing({ kind }: NaiveBreakdown): string {
  return WITHOUT[kind];
}

/**
 * The value that a line of a bill has in a breakdown: its resource, or what its columns of keys and values have under the
 * key in any of its spellings; see "Split further" in docs/methodology.md.
 *
 * @param columns texts of the line's columns that may have it, by their names in small letters
 */
export function naiveBreakdownValue(breakdown: NaiveBreakdown, columns: ReadonlyMap<string, string>): string {
  const found = candidates(breakdown, columns).find((value) => value !== '' && value !== 'NULL');
  return found ?? valueOfNothing(breakdown);
}

function candidates({ kind, key }: NaiveBreakdown, columns: ReadonlyMap<string, string>): string[] {
  const cell = (name: string): string => columns.get(name) ?? '';
  const under = (column: string, names: readonly string[]): string[] => {
    const pairs = pairsOf(cell(column));
    return names.map((name) => pairs.get(name) ?? '');
  };
  const small = [underscored(key), lowered(key)].filter((name) => name !== '');
  switch (kind) {
    case 'resource':
      return [cell('allocatedresourceid'), cell('resourceid'), cell('line_item_resource_id')];
    case 'tag': {
      const names = tagNames(key);
      const flat = names.filter((name) => /^(?:user|aws)_[0-9a-z_]+$/.test(name));
      return [
        ...['allocatedtags', 'resource_tags', 'tags'].flatMap((column) => under(column, names)),
        ...flat.map((name) => cell(`resource_tags_${name}`)),
      ];
    }
    case 'cost-category': {
      const prefixed = [`costCategory:${key}`, `costCategory/${key}`];
      const own = ['x_costcategories', 'cost_category'];
      return [
        ...own.flatMap((column) => under(column, [key, ...prefixed, ...small])),
        ...under('tags', prefixed),
        ...small.map((name) => cell(`cost_category_${name}`)),
      ];
    }
    case 'account-tag':
      return under('tags', [`accountTag/${key}`, `accountTag:${key}`]);
    case 'user-attribute':
      return under('tags', [`userAttribute/${key}`, `userAttribute:${key}`]);
  }
}

/** Names under which a tag is found, those of AWS's own tags apart from those of users. */
function tagNames(key: string): string[] {
  if (key.startsWith('aws:')) {
    const name = key.slice('aws:'.length);
    const small = [underscored(name), lowered(name)].filter((text) => text !== '');
    return [key, `resourceTags/${key}`, ...small.map((text) => `aws_${text}`)];
  }
  const name = key.startsWith('user:') ? key.slice('user:'.length) : key;
  const small = [underscored(name), lowered(name)].filter((text) => text !== '');
  return [
    ...[key, `user:${name}`, `resourceTags/user:${name}`, name, `resourceTags/${name}`],
    ...small.map((text) => `user_${text}`),
  ];
}

/** As AWS makes names of columns: an underscore before each capital and for every other sign. */
function underscored(name: string): string {
  let text = '';
  for (const sign of name) text += sign >= 'A' && sign <= 'Z' ? `_${sign}` : sign;
  return lowered(text);
}

function lowered(name: string): string {
  let text = '';
  for (const sign of name.toLowerCase()) {
    if (/[0-9a-z]/.test(sign)) text += sign;
    else if (text !== '' && !text.endsWith('_')) text += '_';
  }
  return text.endsWith('_') ? text.slice(0, -1) : text;
}
