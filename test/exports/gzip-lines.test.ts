import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { gzipped } from '../../shared/exports/gzip-lines';
import { prefixCode } from '../../shared/exports/prefix-code';

async function compressed(chunks: readonly Buffer[]): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of gzipped(chunks)) parts.push(part);
  return Buffer.concat(parts);
}

/** Cuts a content at places that are fractions of it. */
function cutAt(content: Buffer, places: readonly number[]): Buffer[] {
  const ends = places.map((place) => Math.floor(place * content.length)).sort((a, b) => a - b);
  return [...ends, content.length].map((end, index) => content.subarray(ends[index - 1] ?? 0, end));
}

const lines = fc
  .array(
    fc.array(fc.oneof(fc.constantFrom('MTCO2e', 'AmazonEC2', '"a, b"', '', '0.0'), fc.double().map(String)), {
      maxLength: 30,
    }),
    { maxLength: 60 },
  )
  .map((rows) => Buffer.from(rows.map((row) => `${row.join(',')}\n`).join('')));

const contents = fc.oneof(
  lines,
  fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)),
);

/** A table as exports have it. */
function table(rows: number): Buffer {
  const row = (_: unknown, index: number): string =>
    `2026-11-20 00:00:00Z,US East,v2.0.0,Service${String((index * 7919) % 61)},MTCO2e,${String(Math.sqrt(index))},MTCO2e,0.0\n`;
  return Buffer.from(Array.from({ length: rows }, row).join(''));
}

describe('gzip of lines', () => {
  test('every reader restores the content, wherever the chunks are cut', async () => {
    const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(contents, places, async (content, cuts) => {
        const whole = await compressed([content]);
        expect(gunzipSync(whole).equals(content)).toBe(true);
        expect((await compressed(cutAt(content, cuts))).equals(whole)).toBe(true);
      }),
    );
  });

  test.each([
    ['no byte', Buffer.alloc(0)],
    ['one long repetition', Buffer.alloc(100_000, 'a')],
    ['a line longer than the farthest repetition', Buffer.from(`${'ab,'.repeat(20_000)}\n`.repeat(3))],
    ['more fields than are compared', Buffer.from(`${'field,'.repeat(700)}\n`.repeat(3))],
    ['several blocks', table(20_000)],
    [
      'several blocks of bytes without lines',
      Buffer.from(Array.from({ length: 600_000 }, (_, i) => (i * i) % 251)),
    ],
  ])('%s', async (_, content) => {
    const bytes = await compressed(cutAt(content, [0.1, 0.5]));
    expect(gunzipSync(bytes).equals(content)).toBe(true);
    expect((await compressed([content])).equals(bytes)).toBe(true);
  });

  test('a table takes a quarter of its size', async () => {
    const content = table(20_000);
    expect((await compressed([content])).length).toBeLessThan(content.length / 4);
  });

  test('a value that its line repeats takes less than a quarter of its bytes', async () => {
    const tables = ['', '2'].map((other) =>
      Array.from({ length: 5_000 }, (_, index) => {
        const value = String(Math.sqrt(index + 0.5));
        return `US East,${value},MTCO2e,${other === '' ? '0.0' : value},MTCO2e,Service${String((index * 7919) % 61)}\n`;
      }).join(''),
    );
    const [once = 0, twice = 0] = await Promise.all(
      tables.map(async (each) => (await compressed([Buffer.from(each)])).length),
    );
    const more = (tables[1] ?? '').length - (tables[0] ?? '').length;
    expect(more).toBeGreaterThan(50_000);
    expect(twice - once).toBeLessThan(more / 4);
  });

  test('the bytes depend on the content alone: they are pinned for every release of Node', async () => {
    const bytes = await compressed([table(20_000)]);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      '94f92635b678d03e42ce561bf97c37f44b8b3efdbd88855ec8b3869700278723',
    );
  });
});

describe('prefix codes', () => {
  test('have no code above 15 bits, and are complete, for counts as unlike as can be', () => {
    const counts = new Uint32Array(40);
    for (let symbol = 0; symbol < 40; symbol += 1)
      counts[symbol] = symbol < 2 ? 1 : (counts[symbol - 1] ?? 0) + (counts[symbol - 2] ?? 0);
    const { lengths } = prefixCode(counts);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(15);
    expect([...lengths].reduce((sum, length) => sum + 2 ** -length, 0)).toBe(1);
  });
});
