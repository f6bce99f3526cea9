import { createHash } from 'node:crypto';

/** What a month was computed from: a SHA-256 per input, by name. Equal fingerprints mean equal content. */
export type Fingerprint = Readonly<Record<string, string>>;

/** Returns the SHA-256 of a value that JSON can hold. Its arrays and objects must be built in a fixed order. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** Returns the SHA-256 of a set of contents. It does not depend on the names and the order of their files. */
export function hashOfContents(contents: readonly { readonly sha256: string }[]): string {
  return hashOf(contents.map(({ sha256 }) => sha256).sort());
}

/** Returns one SHA-256 for a whole fingerprint. */
export function digestOf(fingerprint: Fingerprint): string {
  return hashOf(Object.entries(fingerprint).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Returns the names of the inputs in which two fingerprints differ. */
export function differences(a: Fingerprint, b: Fingerprint): string[] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].filter((name) => a[name] !== b[name]).sort();
}
