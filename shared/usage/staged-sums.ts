import type { UsageSums } from './usage-engine';
import type { StagedLines, UsageSource } from './usage-source';

/** The sums that a source has of its lines, over all its files. */
export function stagedSums({ context }: UsageSource, { name, sumsOf, merged }: StagedLines): UsageSums {
  return {
    table: name,
    overTexts: (texts) => merged(texts.map(sumsOf).join('\nUNION ALL\n')),
    context: context.map((table) => table.name),
  };
}
