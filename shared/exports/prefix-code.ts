/** A code of whole bits for symbols. */
export interface PrefixCode {
  /** Length of each symbol's code in bits, 0 for a symbol that does not occur. */
  readonly lengths: Uint8Array;
  /** The codes with their first bit lowest, as deflate writes them. */
  readonly codes: Uint16Array;
}

/** Longest code that deflate allows. */
const LONGEST = 15;

/** Returns a short code for symbols that occur so often. At least two must occur. */
export function prefixCode(counts: Uint32Array): PrefixCode {
  let lengths = huffmanLengths(counts);
  // Counts that are more alike have codes whose lengths are more alike.
  for (let like = counts; Math.max(...lengths) > LONGEST;) {
    like = like.map((count) => Math.ceil(count / 2));
    lengths = huffmanLengths(like);
  }
  return { lengths, codes: codesOf(lengths) };
}

/** Huffman's algorithm over two queues: of the symbols by count, and of the pairs in the order of their making. */
function huffmanLengths(counts: Uint32Array): Uint8Array {
  const symbols = [...counts.keys()].filter((symbol) => (counts[symbol] ?? 0) > 0);
  symbols.sort((a, b) => (counts[a] ?? 0) - (counts[b] ?? 0) || a - b);
  const weights = symbols.map((symbol) => counts[symbol] ?? 0);
  const parents: number[] = [];
  let [leaf, pair] = [0, symbols.length];
  const least = (): number => {
    const takesLeaf = leaf < symbols.length && (weights[leaf] ?? 0) <= (weights[pair] ?? Infinity);
    return takesLeaf ? leaf++ : pair++;
  };
  while (weights.length < 2 * symbols.length - 1) {
    const [one, other] = [least(), least()];
    parents[one] = parents[other] = weights.length;
    weights.push((weights[one] ?? 0) + (weights[other] ?? 0));
  }
  const depths = weights.map(() => 0);
  for (let node = weights.length - 2; node >= 0; node -= 1)
    depths[node] = (depths[parents[node] ?? 0] ?? 0) + 1;
  const lengths = new Uint8Array(counts.length);
  for (const [index, symbol] of symbols.entries()) lengths[symbol] = depths[index] ?? 0;
  return lengths;
}

/** Codes are numbered by length, then by symbol (RFC 1951, 3.2.2). */
function codesOf(lengths: Uint8Array): Uint16Array {
  const codes = new Uint16Array(lengths.length);
  let next = 0;
  for (let length = 1; length <= LONGEST; length += 1) {
    for (const [symbol, own] of lengths.entries()) {
      if (own !== length) continue;
      codes[symbol] = reversed(next, length);
      next += 1;
    }
    next *= 2;
  }
  return codes;
}

/** Returns a code with its bits in the other order. */
export function reversed(code: number, length: number): number {
  let result = 0;
  for (let bit = 0; bit < length; bit += 1) result = result * 2 + ((code >> bit) & 1);
  return result;
}
