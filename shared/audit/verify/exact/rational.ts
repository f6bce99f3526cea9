import FractionClass from 'fraction.js';

/** An exact rational number. */
export const Fraction: typeof FractionClass = FractionClass;

/** An exact rational number; the package's types export the class as a value only. */
export type Fraction = InstanceType<typeof FractionClass>;

/** Nothing. */
export const ZERO: Fraction = new Fraction(0n, 1n);

/** One. */
export const ONE: Fraction = new Fraction(1n, 1n);

/** kg per tonne, and kWh per MWh. */
export const THOUSAND: Fraction = new Fraction(1000n, 1n);

const DECIMAL = /^([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/**
 * The exact value of a decimal number in a CSV file; blank is 0.
 * fraction.js would read '1/3', '1:3' and '0.(3)' as well, and refuses exponents, so the text is parsed here.
 *
 * @example
 * decimal('0.1').add(decimal('0.2')).equals(decimal('0.3')); // true
 */
export function decimal(text: string): Fraction {
  if (text === '') return ZERO;
  const match = DECIMAL.exec(text);
  if (match === null) throw new Error(`"${text}" is not a decimal number`);
  const [, sign = '', whole = '', places = '', exponent = '0'] = match;
  const digits = BigInt(`${whole}${places}`) * (sign === '-' ? -1n : 1n);
  const shift = BigInt(exponent) - BigInt(places.length);
  return shift >= 0n ? new Fraction(digits * 10n ** shift, 1n) : new Fraction(digits, 10n ** -shift);
}

/**
 * The exact sum; of nothing, 0. Denominators of many terms multiply to thousands of digits, and reducing such a fraction
 * takes far longer than adding: terms are added in pairs, and only the total is reduced.
 */
export function sum(values: Iterable<Fraction>): Fraction {
  let terms = [...values].map(({ s, n, d }): readonly [bigint, bigint] => [s * n, d]);
  while (terms.length > 1) {
    terms = terms.flatMap(([n, d], at) => {
      if (at % 2 === 1) return [];
      const [otherN, otherD] = terms[at + 1] ?? [0n, 1n];
      return [d === otherD ? [n + otherN, d] : [n * otherD + otherN * d, d * otherD]];
    });
  }
  const [n, d] = terms[0] ?? [0n, 1n];
  return new Fraction(n, d);
}

/** Whether the value is above 0. */
export function isPositive(value: Fraction): boolean {
  return value.compare(ZERO) > 0;
}

/** Whether the value is exactly 0. */
export function isZero(value: Fraction): boolean {
  return value.equals(ZERO);
}

/** The smaller of two values. */
export function smaller(left: Fraction, right: Fraction): Fraction {
  return left.compare(right) <= 0 ? left : right;
}

/** A value to a whole, not negative power. */
export function power(base: Fraction, exponent: number): Fraction {
  let result = ONE;
  for (let count = 0; count < exponent; count += 1) result = result.mul(base);
  return result;
}

/**
 * The value as a double, to about one unit in the last place.
 * Fraction's own valueOf divides two doubles, which is NaN once both parts pass 1e308; sums over many accounts do.
 */
export function toNumber(value: Fraction): number {
  if (isZero(value)) return 0;
  // With 64 bits and more in the quotient, what the whole-number division cuts off is below a double's precision.
  const shift = BigInt(value.d.toString(2).length - value.n.toString(2).length + 64);
  const quotient = shift >= 0n ? (value.n << shift) / value.d : value.n / (value.d << -shift);
  return Number(value.s) * Number(quotient) * 2 ** Number(-shift);
}

/** Adds a value to what a map holds under a key, an absent key holding 0. */
export function addTo<Key>(totals: Map<Key, Fraction>, key: Key, value: Fraction): void {
  totals.set(key, (totals.get(key) ?? ZERO).add(value));
}

/** The exact value of a finite double: a whole number times a power of two. */
export function exactDouble(value: number): Fraction {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const word = bits.getBigUint64(0);
  const exponent = Number((word >> 52n) & 0x7ffn);
  const stored = word & 0xfffffffffffffn;
  const mantissa = exponent === 0 ? stored : stored | (1n << 52n);
  const shift = BigInt(Math.max(exponent, 1) - 1075);
  const signed = value < 0 ? -mantissa : mantissa;
  return shift >= 0n ? new Fraction(signed << shift, 1n) : new Fraction(signed, 1n << -shift);
}
