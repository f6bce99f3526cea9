/**
 * A seeded source of random choices (mulberry32), so that every failing case can be drawn again from its seed.
 * It reads neither Math.random nor the clock.
 *
 * @example
 * new Random(7).pick(['a', 'b', 'c']); // the same letter on every machine
 */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** The next number, at least 0 and below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from low to high, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of the options, each equally likely. */
  pick<T>(options: readonly T[]): T {
    const chosen = options[this.integer(0, options.length - 1)];
    if (chosen === undefined) throw new Error('there is nothing to pick from');
    return chosen;
  }

  /** As many of the options as asked for (or all of them if there are fewer), in random order. */
  sample<T>(options: readonly T[], count: number): T[] {
    const shuffled = [...options];
    this.shuffle(shuffled);
    return shuffled.slice(0, count);
  }

  /** Puts the list into random order, in place (Fisher and Yates). */
  shuffle(list: unknown[]): void {
    for (let last = list.length - 1; last > 0; last -= 1) {
      const other = this.integer(0, last);
      [list[last], list[other]] = [list[other], list[last]];
    }
  }

  /**
   * A decimal number between low and high as text with a fixed number of places. It is put together from whole
   * numbers, so its digits are the same on every machine and the text is the exact value.
   */
  decimal(low: number, high: number, places: number): string {
    const scale = 10 ** places;
    return decimalText(this.integer(Math.round(low * scale), Math.round(high * scale)), places);
  }
}

/** Whole units of the last decimal place as decimal text: decimalText(-15, 1) is '-1.5'. */
export function decimalText(units: number, places: number): string {
  const digits = String(Math.abs(units)).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const text = places === 0 ? digits : `${whole}.${digits.slice(digits.length - places)}`;
  return units < 0 ? `-${text}` : text;
}
