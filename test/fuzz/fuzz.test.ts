import fc from 'fast-check';
import { BREAKAGES } from './breakages';
import { runBroken, soundEstate } from './broken-estate';

/*
 * A few of the cases of `npm run fuzz`, always the same.
 */

test('broken estates end in a clear error or in right numbers', async () => {
  const sound = soundEstate();
  const ends = { published: 0, failed: 0 };
  await fc.assert(
    fc.asyncProperty(BREAKAGES, async (breakages) => {
      const { published, failed } = await runBroken(sound, breakages);
      ends.published += published;
      ends.failed += failed;
    }),
    { numRuns: 60, seed: 7 },
  );
  // Both ends come up, or this proves nothing.
  expect(ends.published).toBeGreaterThan(10);
  expect(ends.failed).toBeGreaterThan(10);
}, 300_000);

test('a sound estate is published and right', async () => {
  expect(await runBroken(soundEstate(), [])).toEqual({ published: 2, failed: 0, refused: false });
});
