/**
 * Returns how often a test repeats its trials: `count` times in `npm test`, and so many times more in `npm run test:deep`.
 * A test's own time limit in ms grows by the same factor, because it has priority over `--testTimeout`.
 */
export function repetitions(count: number): number {
  return count * Number(process.env['TEST_REPETITIONS'] ?? '1');
}
