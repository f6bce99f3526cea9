import type { SqlDialect } from './dialect';

/**
 * Returns SQL of the sum of a group's doubles, added in the order of their size: a sum in the order of rows would depend on
 * threads in its last bits.
 */
export function orderedSum({ sumOfArray }: SqlDialect, values: string): string {
  return sumOfArray(`array_sort(array_agg(${values}))`);
}
