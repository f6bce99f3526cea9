/** Returns months for people, in their order: each of up to three, of more the first, the last and the number. */
export function monthsInWords(months: readonly string[]): string {
  const sorted = [...months].sort();
  const [first] = sorted;
  if (first === undefined || sorted.length < 4) return sorted.join(', ');
  return `${first} to ${String(sorted.at(-1))} (${String(sorted.length)} months)`;
}
