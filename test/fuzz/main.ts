/*
 * `npm run fuzz -- 2000 [seed]`: breaks a valid estate in that many ways. Each must lead to a clear error or to correct
 * numbers. A case that does not is reduced and printed with the seed, and the exit code is 1.
 */
import fc from 'fast-check';
import { BREAKAGES } from './breakages';
import { runBroken, validEstate, USAGE_KINDS } from './broken-estate';

async function main(numRuns: number, seed: number): Promise<void> {
  const valid = new Map(USAGE_KINDS.map((kind) => [kind, validEstate(kind)]));
  const counts = { cases: 0, refused: 0, monthsFailed: 0, monthsPublished: 0 };
  console.log(`seed ${String(seed)}`);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...USAGE_KINDS), BREAKAGES, async (kind, breakages) => {
      try {
        const { published, failed, refused } = await runBroken(valid.get(kind) ?? new Map(), breakages);
        counts.cases += 1;
        counts.refused += refused ? 1 : 0;
        counts.monthsFailed += failed;
        counts.monthsPublished += published;
      } catch (error) {
        console.log(
          `${kind}:`,
          breakages.map(({ name }) => name).join('; '),
          error instanceof Error ? error.message : error,
        );
        throw error;
      }
    }),
    { numRuns, seed },
  );
  console.log(JSON.stringify(counts));
}

main(Number(process.argv[2] ?? '200'), Number(process.argv[3] ?? String(Date.now() % 2 ** 31))).catch(
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
