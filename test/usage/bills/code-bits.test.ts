import { createHash } from 'node:crypto';
import { type Hashes, packedCodes } from '../../../shared/usage/bills/code-bits';

/** Hashes of a number of texts, the same in every run. */
function hashesOf(name: string, count: number): Hashes {
  return Array.from({ length: count }, (_, index) => {
    const digest = createHash('sha256')
      .update(`${name} ${String(index)}`)
      .digest();
    return [digest.readUInt32LE(0), digest.readUInt32LE(4)] as const;
  });
}

const whole = ([lower, upper]: Hashes[number]): bigint => (BigInt(upper) << 32n) | BigInt(lower);

const COLUMNS = new Map(
  Object.entries({
    usage_type: 6000,
    service: 200,
    region: 33,
    unit: 100,
    category: 5,
    only: 1,
    large: 20_000,
  }).map(([name, count]) => [name, hashesOf(name, count)]),
);

test('the codes of a column differ where its texts do, and no two columns of a word have a bit in common', () => {
  const codes = packedCodes(COLUMNS);
  expect([...codes.keys()].sort()).toEqual([...COLUMNS.keys()].sort());
  const words = new Map<string, bigint>();
  for (const [name, { word, shift, mask }] of codes) {
    const hashes = COLUMNS.get(name) ?? [];
    const found = hashes.map((hash) => (whole(hash) >> BigInt(shift)) & BigInt(mask));
    expect(new Set(found).size).toBe(hashes.length);
    expect((words.get(word) ?? 0n) & BigInt(mask)).toBe(0n);
    words.set(word, (words.get(word) ?? 0n) | BigInt(mask));
  }
  expect(words.size).toBeLessThanOrEqual(3);
});

test('a column of very many texts has a separate word', () => {
  const large = packedCodes(COLUMNS).get('large');
  expect(large).toEqual({ word: 'word_of_large', shift: 0, mask: '18446744073709551615' });
});
