import fc from 'fast-check';
import { BREAKAGES } from './breakages';
import { runBroken, soundEstate, USAGE_KINDS } from './broken-estate';

/*
 * A few of the cases of `npm run fuzz`, always the same.
 */

test.each(USAGE_KINDS)(
  'broken estates with %s end in a clear error or in right numbers',
  async (kind) => {
    const sound = soundEstate(kind);
    const ends = { published: 0, failed: 0 };
    await fc.assert(
      fc.asyncProperty(BREAKAGES, async (breakages) => {
        const { published, failed } = await runBroken(sound, breakages);
        ends.published += published;
        ends.failed += failed;
      }),
      { numRuns: 40, seed: 7 },
    );
    // Both ends come up, or this proves nothing.
    expect(ends.published).toBeGreaterThan(10);
    expect(ends.failed).toBeGreaterThan(10);
  },
  300_000,
);

test.each(USAGE_KINDS)('a sound estate with %s is published and right', async (kind) => {
  expect(await runBroken(soundEstate(kind), [])).toEqual({ published: 2, failed: 0, refused: false });
});
