import { UNSPLIT_VALUES, type UsageSplit } from '../../exports/breakdown';
import type { SmallTable } from '../../sql/small-table';
import { orNull } from './bill-format';

/** Column of a bill's texts that a split reads; see detailColumns of bill-format.ts. */
export function detailOf({ kind }: UsageSplit): string {
  return { tag: 'tags', 'cost-category': 'cost_categories', resource: 'resource_id' }[kind];
}

/** SQL of a line's value in a split; `k` is the row of the table `split_key`. */
export function splitValue(split: UsageSplit): string {
  const column = detailOf(split);
  const other = `'${UNSPLIT_VALUES[split.kind]}'`;
  if (split.kind === 'resource') return `coalesce(${orNull(column)}, ${other})`;
  const values = ['plain', 'prefixed', 'flat'].map((path) =>
    orNull(`json_extract_scalar(${column}, k.${path})`),
  );
  return `coalesce(${values.join(', ')}, ${other})`;
}

/**
 * The paths under which a key stands: as it is; as AWS has a user's tag (`user:team`); and as CUR 2.0 has it, in small
 * letters with underscores (`user_team`, `cost_center`).
 */
export function splitKeyTable({ kind, key }: UsageSplit): SmallTable {
  const path = (name: string): string => `$[${JSON.stringify(name)}]`;
  const flat = key.toLowerCase().replaceAll(/[^0-9a-z]+/g, '_');
  const paths =
    kind === 'tag'
      ? [path(key), path(`user:${key}`), path(`user_${flat}`)]
      : [path(key), path(`costCategory:${key}`), path(flat)];
  return {
    name: 'split_key',
    columns: [
      ['plain', 'VARCHAR'],
      ['prefixed', 'VARCHAR'],
      ['flat', 'VARCHAR'],
    ],
    rows: [paths],
  };
}
