/** Appends items to a list of any length: `list.push(...items)` exceeds the stack at about 120,000 items. */
export function append<T>(list: T[], items: Iterable<T>): void {
  for (const item of items) list.push(item);
}

/** Returns the largest of at least one number: `Math.max(...numbers)` exceeds the stack at about 120,000 numbers. */
export function largest(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b), -Infinity);
}
