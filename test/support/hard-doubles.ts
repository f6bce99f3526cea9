import fc from 'fast-check';

/** Seeded doubles of every size and number of digits, among them those next to limits of the rules. */
export function hardDoubles(count: number): number[] {
  const decimal = fc
    .tuple(
      fc.bigInt({ min: 1n, max: 10n ** 17n }),
      fc.integer({ min: 1, max: 17 }),
      fc.integer({ min: -22, max: 6 }),
    )
    .map(([digits, kept, exponent]) => Number(`${String(digits).slice(0, kept)}e${String(exponent)}`));
  const computed = fc
    .tuple(fc.double({ min: 0.5, max: 1, noNaN: true }), fc.integer({ min: -50, max: 70 }))
    .map(([fraction, power]) => fraction * 2 ** power);
  const edge = fc
    .tuple(fc.constantFrom(...EDGES), fc.integer({ min: -3, max: 3 }))
    .map(([value, steps]) => value * (1 + steps * Number.EPSILON));
  const signed = fc
    .tuple(fc.oneof(decimal, computed, edge), fc.boolean())
    .map(([value, isNegative]) => (isNegative ? -value : value));
  return [0, ...fc.sample(signed, { seed: 1, numRuns: count })];
}

const EDGES = [
  ...Array.from({ length: 32 }, (_, power) => 2 ** 51 / 10 ** (power - 10)),
  ...Array.from({ length: 40 }, (_, power) => 10 ** (power - 20)),
  ...[2 ** 22, 2 ** 50, 2 ** 52, 2 ** 53, 2 ** 60, 1e-9, 0.0045, 4503599627370495.5 / 1e18, 999999999.999],
];
