import { MISSING_VALUES, type Breakdown } from '../../exports/breakdown';
import type { SmallTable } from '../../sql/small-table';
import { orNull } from './bill-format';

/** Column of a bill's texts that a breakdown reads; see detailColumns of bill-format.ts. */
export function detailOf({ kind }: Breakdown): string {
  return { tag: 'tags', 'cost-category': 'cost_categories', resource: 'resource_id' }[kind];
}

/** SQL of a line's value in a breakdown; `k` is the row of the table `breakdown_key`. */
export function breakdownValue(breakdown: Breakdown): string {
  const column = detailOf(breakdown);
  const other = `'${MISSING_VALUES[breakdown.kind]}'`;
  if (breakdown.kind === 'resource') return `coalesce(${orNull(column)}, ${other})`;
  const values = ['plain', 'prefixed', 'flat'].map((path) =>
    orNull(`json_extract_scalar(${column}, k.${path})`),
  );
  return `coalesce(${values.join(', ')}, ${other})`;
}

/**
 * The paths under which a key stands: as it is; as AWS has a user's tag (`user:team`); and as CUR 2.0 has it, in small
 * letters with underscores (`user_team`, `cost_center`).
 */
export function breakdownKeyTable({ kind, key }: Breakdown): SmallTable {
  const path = (name: string): string => `$[${JSON.stringify(name)}]`;
  const flat = key.toLowerCase().replaceAll(/[^0-9a-z]+/g, '_');
  const paths =
    kind === 'tag'
      ? [path(key), path(`user:${key}`), path(`user_${flat}`)]
      : [path(key), path(`costCategory:${key}`), path(flat)];
  return {
    name: 'breakdown_key',
    columns: [
      ['plain', 'VARCHAR'],
      ['prefixed', 'VARCHAR'],
      ['flat', 'VARCHAR'],
    ],
    rows: [paths],
  };
}
