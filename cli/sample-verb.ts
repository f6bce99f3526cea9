import type { Command } from 'commander';
import { type SampleOptions, type SampleSummary, writeSampleEstate } from '../sample/generate';
import { CarbonError } from '../shared/base/carbon-error';
import { NO_PROGRESS, type Progress } from '../shared/base/progress';
import { jsonReport } from './json-report';
import { wholeNumber } from './option-values';
import { lateProgress } from './progress';

interface SampleVerbOptions extends Omit<SampleOptions, 'outDir'> {
  readonly out: string;
  readonly quiet: boolean;
  readonly json: boolean;
}

/** Defines the verb `sample`. */
export function defineSample(verb: Command, finish: (exitCode: number) => void): void {
  verb
    .requiredOption('--out <dir>', 'a folder that is new or empty')
    .option('--seed <n>', 'start of the pseudo-random numbers (default: 1)', wholeNumber)
    .option('--months <n>', 'months (default: 38)', wholeNumber)
    .option('--last-month <YYYY-MM>', 'last month (default: 2026-10)')
    .option('--regions <n>', 'Regions, besides the edge clusters (default: 21)', wholeNumber)
    .option('--services <n>', 'services (default: 32)', wholeNumber)
    .option('--accounts <n>', 'accounts (default: 80)', wholeNumber)
    .option('--racks-per-cluster <n>', 'racks of every cluster (default: 8)', wholeNumber)
    .option('--usage-rows-per-month <n>', 'usage rows of every month', wholeNumber)
    .option('--no-focus', 'without the real FOCUS rows in September 2024')
    .option('--quiet', 'no progress', false)
    .option('--json', 'print what was written as JSON', false)
    .action(async ({ out, focus, json: isJson, quiet: isQuiet, ...sizes }: SampleVerbOptions) => {
      // commander's --no-focus defaults to true, which is an error where the estate cannot hold the real rows.
      const focusOption = focus === false ? { focus } : {};
      const progress = isJson || isQuiet ? NO_PROGRESS : lateProgress<string>('table', (name) => name);
      const summary = await writeSample({ ...sizes, ...focusOption, outDir: out }, progress);
      console.log(isJson ? jsonReport(summary) : inWords(summary));
      finish(0);
    });
}

/** The generator throws a RangeError where a size is out of bounds. */
async function writeSample(options: SampleOptions, progress: Progress<string>): Promise<SampleSummary> {
  try {
    return await writeSampleEstate(options, progress);
  } catch (error) {
    if (error instanceof RangeError) throw new CarbonError('usage', error.message);
    throw error;
  }
}

function inWords(summary: SampleSummary): string {
  const { firstMonth, lastMonth, outDir } = summary;
  const counts = [
    `${String(summary.months)} months (${firstMonth} to ${lastMonth})`,
    `${String(summary.clusters)} clusters`,
    `${String(summary.services)} services`,
    `${String(summary.accounts)} accounts`,
    `${String(summary.usageRows)} usage rows and ${String(summary.focusRows)} real FOCUS rows`,
  ];
  return `Wrote ${counts.join(', ')} to ${outDir}. Its README.md lists what is real and what is made up.`;
}
