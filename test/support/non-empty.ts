/**
 * Returns the items, for a test that checks each of them: without items it would pass and check nothing.
 *
 * @throws Error for an empty list
 */
export function nonEmpty<T>(items: Iterable<T>): T[] {
  const list = [...items];
  if (list.length === 0) throw new Error('found no item, expected at least one to check');
  return list;
}
