import { type Breakdown, MISSING_VALUES } from '../../exports/breakdown';
import type { SmallTable } from '../../sql/relation';
import { orNull } from './bill-format';

/** Column of a bill's texts that a breakdown reads; see detailColumns of bill-format.ts. */
export function detailOf({ kind }: Breakdown): string {
  return { tag: 'tags', 'cost-category': 'cost_categories', resource: 'resource_id' }[kind];
}

/**
 * SQL of a line's value in a breakdown; `k` is the row of {@link breakdownKeys}.
 *
 * @param column SQL of the text of {@link detailOf}
 */
export function breakdownValue({ kind }: Breakdown, column: string): string {
  const other = `'${MISSING_VALUES[kind]}'`;
  if (kind === 'resource') return `coalesce(${orNull(column)}, ${other})`;
  const values = ['plain', 'prefixed', 'flat'].map((path) =>
    orNull(`json_extract_scalar(${column}, k.${path})`),
  );
  return `coalesce(${values.join(', ')}, ${other})`;
}

/**
 * The paths under which a key is stored: unchanged; as AWS has a user's tag (`user:team`); and as CUR 2.0 has it, in small
 * letters with underscores (`user_team`, `cost_center`).
 */
export function breakdownKeys({
  kind,
  key,
}: Breakdown): SmallTable<{ plain: 'VARCHAR'; prefixed: 'VARCHAR'; flat: 'VARCHAR' }> {
  const path = (name: string): string => `$[${JSON.stringify(name)}]`;
  const flat = key.toLowerCase().replaceAll(/[^0-9a-z]+/g, '_');
  const paths =
    kind === 'tag'
      ? [path(key), path(`user:${key}`), path(`user_${flat}`)]
      : [path(key), path(`costCategory:${key}`), path(flat)];
  return { columns: { plain: 'VARCHAR', prefixed: 'VARCHAR', flat: 'VARCHAR' }, rows: [paths] };
}
