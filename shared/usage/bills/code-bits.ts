import { WHOLE_WORD } from '../../sql/summed-texts';
import type { CodeBits } from '../../sql/text-columns';

/** Hashes of the texts of a column, of 64 bits each, as pairs of their lower and upper 32 bits. */
export type Hashes = readonly (readonly [lower: number, upper: number])[];

/** Columns with more texts have a separate word: finding few bits that differ in all of them takes long. */
const MOST_PACKED = 10_000;

const WORD_BITS = 64;

/** Bits of a code: numbers of JavaScript have no more as integers of 32 bits. */
const MOST_BITS = 30;

/**
 * Returns the bits of hashes that are the codes of texts: as few for each column as differ in all its texts, so that the
 * codes of many columns are in one word. Grouping lines by one number takes a third of the time of grouping them by many.
 *
 * @param columns hashes by the name of their column, all different in one column
 */
export function packedCodes(columns: ReadonlyMap<string, Hashes>): ReadonlyMap<string, CodeBits> {
  const bits = new Map<string, CodeBits>();
  const used: number[] = [];
  const byNumber = [...columns].sort(([, a], [, b]) => b.length - a.length);
  for (const [name, hashes] of byNumber) {
    const place = hashes.length > MOST_PACKED ? undefined : placeIn([...used, 0], hashes);
    if (place === undefined) {
      bits.set(name, { word: `word_of_${name}`, shift: 0, mask: WHOLE_WORD });
      continue;
    }
    const { word, shift, offset, width } = place;
    used[word] = offset + width;
    const mask = ((2n ** BigInt(width) - 1n) * 2n ** BigInt(offset)).toString();
    bits.set(name, { word: `word_${String(word)}`, shift, mask });
  }
  return bits;
}

/** Where a column's codes are. */
interface Place {
  /** Number of the word. */
  readonly word: number;
  readonly offset: number;
  readonly width: number;
  /** How far hashes are shifted to the right. */
  readonly shift: number;
}

/** Returns the first place in words whose lower bits are used; undefined where no few bits of the hashes differ. */
function placeIn(used: readonly number[], hashes: Hashes): Place | undefined {
  const digits = Math.log2(Math.max(2, hashes.length));
  // Fewer bits of so many hashes hardly ever differ.
  const least = Math.max(Math.ceil(digits), Math.floor(2 * digits - 3));
  for (const [word, offset] of used.entries()) {
    for (let width = least; width <= Math.min(MOST_BITS, WORD_BITS - offset); width += 1) {
      for (let shift = 0; offset + shift + width <= WORD_BITS; shift += 1) {
        if (areDifferent(hashes, offset + shift, width)) return { word, offset, width, shift };
      }
    }
  }
  return undefined;
}

function areDifferent(hashes: Hashes, first: number, width: number): boolean {
  const found = new Set<number>();
  for (const hash of hashes) {
    const code = bitsOf(hash, first, width);
    if (found.has(code)) return false;
    found.add(code);
  }
  return true;
}

function bitsOf([lower, upper]: Hashes[number], first: number, width: number): number {
  const mask = 2 ** width - 1;
  if (first >= 32) return (upper >>> (first - 32)) & mask;
  const low = lower >>> first;
  return (first + width <= 32 ? low : low | (upper << (32 - first))) & mask;
}
