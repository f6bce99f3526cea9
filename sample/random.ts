/**
 * FNV-1a over the UTF-16 units of a key, started from an offset, so that one key makes several independent words.
 *
 * @param key any text
 * @param offset start value, a 32-bit integer
 * @returns an unsigned 32-bit integer
 */
function hash32(key: string, offset: number): number {
  let hash = offset;
  for (let i = 0; i < key.length; i++) {
    hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

/**
 * A seeded stream of pseudo-random numbers (sfc32). It uses integer arithmetic only, so its numbers are the same on
 * every platform. A library's generator would change every byte of the sample, which tests pin. A stream is named by a
 * path, and its draws never shift another stream: a new cluster does not change the numbers of the others.
 *
 * @example
 * new RandomStream(1, 'racks', 'us-east-1').next(); // always the same number
 */
export class RandomStream {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /**
   * @param seed the sample's seed, a whole number
   * @param path what the numbers are for
   */
  constructor(seed: number, ...path: readonly (string | number)[]) {
    const key = [seed, ...path].join('/');
    this.a = hash32(key, 0x811c9dc5);
    this.b = hash32(key, 0x9e3779b9);
    this.c = hash32(key, 0x85ebca6b);
    for (let i = 0; i < 12; i++) this.next();
  }

  /** @returns the next number, 0 <= x < 1, with 32 random bits */
  next(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    return (sum >>> 0) / 0x100000000;
  }

  /**
   * @param low lower bound, included
   * @param high upper bound, excluded
   * @returns a number between them, evenly spread
   */
  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /**
   * @param low lowest whole number, included
   * @param high highest whole number, included
   * @returns a whole number, evenly spread
   */
  integer(low: number, high: number): number {
    return low + Math.floor((high - low + 1) * this.next());
  }

  /**
   * @param probability 0 (never) to 1 (always)
   * @returns whether it happens
   */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /**
   * Draws without replacement, in proportion to weights.
   *
   * @param items what to draw from
   * @param weightOf weight of an item, >= 0; an item of weight 0 is never drawn
   * @param count how many to draw; fewer come back when fewer have a weight
   * @returns the drawn items, in the order drawn
   */
  draw<T>(items: readonly T[], weightOf: (item: T) => number, count: number): T[] {
    const weights = items.map(weightOf);
    const drawn: T[] = [];
    while (drawn.length < count) {
      let total = 0;
      for (const weight of weights) total += weight;
      if (total <= 0) break;
      let point = this.next() * total;
      let at = -1;
      for (let i = 0; i < weights.length && point >= 0; i++) {
        const weight = weights[i] ?? 0;
        if (weight > 0) at = i;
        point -= weight;
      }
      const item = items[at];
      if (item === undefined) break;
      drawn.push(item);
      weights[at] = 0;
    }
    return drawn;
  }
}
