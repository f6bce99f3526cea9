import { type Command, InvalidArgumentError } from 'commander';
import { type SampleOptions, type SampleSummary, writeSampleEstate } from '../sample/generate';
import { UsageError } from './usage-error';

interface SampleVerbOptions extends Omit<SampleOptions, 'outDir'> {
  readonly out: string;
}

/** Adds the verb `sample`. */
export function addSampleVerb(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('sample')
    .description('write the sample estate, or a larger one: real reference figures, made-up racks and usage')
    .requiredOption('--out <dir>', 'a folder that is new or empty')
    .option('--seed <n>', 'start of the pseudo-random numbers (default: 1)', wholeNumber)
    .option('--months <n>', 'months (default: 38)', wholeNumber)
    .option('--last-month <YYYY-MM>', 'last month (default: 2026-10)')
    .option('--regions <n>', 'Regions, beside the edge clusters (default: 21)', wholeNumber)
    .option('--services <n>', 'services (default: 32)', wholeNumber)
    .option('--accounts <n>', 'accounts (default: 80)', wholeNumber)
    .option('--racks-per-cluster <n>', 'racks of every cluster (default: 8)', wholeNumber)
    .option('--usage-rows-per-month <n>', 'usage rows of every month', wholeNumber)
    .option('--no-focus', 'no real FOCUS rows in September 2024')
    .action(async (options: SampleVerbOptions) => {
      const { out, focus, ...sizes } = options;
      // commander's --no-focus defaults to true, which would be an error where the estate cannot hold the real rows.
      const focusOption = focus === false ? { focus } : {};
      const summary = await sampleOrUsageError({ ...sizes, ...focusOption, outDir: out });
      console.log(
        `Wrote ${String(summary.months)} months (${summary.firstMonth} to ${summary.lastMonth}), ${String(summary.clusters)} clusters, ${String(summary.services)} services, ${String(summary.accounts)} accounts, ${String(summary.usageRows)} usage rows and ${String(summary.focusRows)} real FOCUS rows to ${summary.outDir}. Its README.md says what is real and what is made up.`,
      );
      finish(0);
    });
}

/** The generator tells sizes out of bounds by a RangeError. */
async function sampleOrUsageError(options: SampleOptions): Promise<SampleSummary> {
  try {
    return await writeSampleEstate(options);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

function wholeNumber(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('expected a whole number');
  return Number(text);
}
