import Big from 'big.js';
import fc from 'fast-check';
import { exactSum } from '../../shared/base/exact-sum';

/** Decimals from 0 to 1, and larger ones, as inputs write them. */
const decimal = fc.oneof(
  fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.integer({ min: 1, max: 18 }))
    .map(([digits, places]) => {
      const text = String(digits).padStart(places + 1, '0');
      return `${text.slice(0, -places)}.${text.slice(-places)}`;
    }),
  fc.integer({ min: 0, max: 10 ** 9 }).map((digits) => `0.${String(digits).padStart(9, '0')}`),
  fc.constantFrom('1', '0', '.5', '5e-1', '1E-12', '0.999999999999999', '0.100000000000000000000001', '0.25'),
);

test('a sum of texts is the sum of their decimals', () => {
  fc.assert(
    fc.property(fc.array(decimal, { maxLength: 30 }), (texts) => {
      const expected = texts.reduce((sum, text) => sum.plus(text), new Big(0));
      expect(exactSum(texts).toFixed()).toBe(expected.toFixed());
    }),
    { seed: 3, numRuns: 2_000 },
  );
});

test('a sum beyond the whole numbers of doubles is exact', () => {
  const texts = Array.from({ length: 10_000 }, () => '0.999999999999999');
  expect(exactSum(texts).toFixed()).toBe('9999.99999999999');
});
