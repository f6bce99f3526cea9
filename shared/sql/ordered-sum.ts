import type { SqlDialect } from './dialect';

/**
 * Returns SQL of the sum of a group's doubles, added in the order of their size. The last bits of a sum in the order of rows
 * would depend on threads.
 */
export function orderedSum({ sumOfArray }: SqlDialect, values: string): string {
  return sumOfArray(`array_sort(array_agg(${values}))`);
}
