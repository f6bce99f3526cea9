import type { UsageSums } from './usage-engine';
import type { StagedLines } from './usage-source';

/** Lines that are summed as they stand in the files, over all of them. */
export function stagedSums({ name, context, sumsOf, merged }: StagedLines): UsageSums {
  return {
    table: name,
    overTexts: (texts) => merged(texts.map(sumsOf).join('\nUNION ALL\n')),
    context,
  };
}
