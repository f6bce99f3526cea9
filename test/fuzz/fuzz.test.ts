import fc from 'fast-check';
import { BREAKAGES } from './breakages';
import { keepDuckDb } from '../support/kept-duckdb';
import { repetitions } from '../support/repetitions';
import { runBroken, validEstate, USAGE_KINDS } from './broken-estate';

beforeAll(async () => {
  // One for runs, one for their verification
  await keepDuckDb({ threads: 1 });
  await keepDuckDb();
});

/*
 * Some cases of `npm run fuzz`, with a fixed seed. `npm run test:deep` runs more of them.
 */

test.each(USAGE_KINDS)(
  'broken estates with %s lead to a clear error or to correct numbers',
  async (kind) => {
    const valid = validEstate(kind);
    const ends = { published: 0, failed: 0 };
    await fc.assert(
      fc.asyncProperty(BREAKAGES, async (breakages) => {
        const { published, failed } = await runBroken(valid, breakages);
        ends.published += published;
        ends.failed += failed;
      }),
      { numRuns: repetitions(7), seed: 2 },
    );
    // Without both results the test proves nothing.
    expect(ends.published).toBeGreaterThan(1);
    expect(ends.failed).toBeGreaterThan(1);
  },
  repetitions(300_000),
);

test.each(USAGE_KINDS)('a valid estate with %s is published with correct numbers', async (kind) => {
  expect(await runBroken(validEstate(kind), [])).toEqual({ published: 2, failed: 0, refused: false });
});
