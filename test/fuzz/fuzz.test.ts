import fc from 'fast-check';
import { BREAKAGES } from './breakages';
import { runBroken, validEstate, USAGE_KINDS } from './broken-estate';

/*
 * A few of the cases of `npm run fuzz`, with a fixed seed.
 */

test.each(USAGE_KINDS)(
  'broken estates with %s end in a clear error or in right numbers',
  async (kind) => {
    const valid = validEstate(kind);
    const ends = { published: 0, failed: 0 };
    await fc.assert(
      fc.asyncProperty(BREAKAGES, async (breakages) => {
        const { published, failed } = await runBroken(valid, breakages);
        ends.published += published;
        ends.failed += failed;
      }),
      { numRuns: 25, seed: 7 },
    );
    // A test without both ends proves nothing.
    expect(ends.published).toBeGreaterThan(5);
    expect(ends.failed).toBeGreaterThan(5);
  },
  300_000,
);

test.each(USAGE_KINDS)('a valid estate with %s is published and right', async (kind) => {
  expect(await runBroken(validEstate(kind), [])).toEqual({ published: 2, failed: 0, refused: false });
});
