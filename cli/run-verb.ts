import { type Command, Option } from 'commander';
import { isGoodRun, runExport, type RunOptions } from '../api/run-export';
import { DEFAULT_EXPORT_NAME } from '../api/values';
import { NO_PROGRESS } from '../shared/base/progress';
import { PRODUCT_DETAILS } from '../shared/exports/export-settings';
import { EXPORT_FORMATS } from '../shared/exports/layout';
import type { MonthOutcome } from '../shared/runs/month-outcome';
import { jsonReport } from './json-report';
import {
  breakdown,
  day,
  exportName,
  memorySize,
  modelVersion,
  month,
  positiveInteger,
} from './option-values';
import { progressOn, type Step } from './progress';
import { runTable, statusInWords } from './run-table';

interface RunVerbOptions extends RunOptions {
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly json: boolean;
}

const BY_HELP =
  'break rows down, each breakdown into a separate export: tag:KEY, cost-category:NAME, account-tag:KEY, user-attribute:NAME, resource (needs bills)';

/** Defines the verb `run`. */
export function defineRun(verb: Command, finish: (exitCode: number) => void): void {
  const command = verb
    .requiredOption('--inputs <location>', 'folder of the estate, or s3://bucket/prefix')
    .requiredOption('--out <location>', 'folder of the exports, or s3://bucket/prefix')
    .option('--as-of <YYYY-MM-DD>', 'day as of which the months are computed (default: today, UTC)', day);
  addMonthOptions(command)
    .option('--model <version>', 'model version for all months (default: by month)', modelVersion)
    .addOption(
      new Option('--format <format>', 'file format').choices([...EXPORT_FORMATS, 'both']).default('parquet'),
    )
    .option('--export-name <name>', 'name of the export', exportName, DEFAULT_EXPORT_NAME)
    .addOption(
      new Option('--product-detail <detail>', 'every service, or the four products of the AWS tool')
        .choices([...PRODUCT_DETAILS])
        .default('all'),
    )
    .option('--by <key...>', BY_HELP, addBreakdown, [])
    .option('--pad-account-ids', 'restore the leading zeros that a spreadsheet removed from account ids')
    .option(
      '--memory-limit <size>',
      'memory of the engine before it uses the disk (default: 3GB)',
      memorySize,
    )
    .option('--strict', 'publish no month that has a warning that changes numbers', false)
    .option('--no-report', 'write no report page')
    .option('--quiet', 'no progress; print only what failed', false)
    .option('--verbose', 'list all warnings and problems', false)
    .option('--json', 'print the report as JSON', false)
    .action(async (options: RunVerbOptions) => {
      finish(await runVerb(options));
    });
}

function addMonthOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--months <n>',
        'number of closed months with usage, from the last one back (default: 38; all of AWS totals)',
      )
        .argParser(positiveInteger)
        .conflicts(['from', 'to']),
    )
    .option('--from <YYYY-MM>', 'first month', month)
    .option('--to <YYYY-MM>', 'last month', month);
}

/** Runs every export that the options ask for and prints the reports. Returns the exit code: 1 when a month failed. */
async function runVerb(verbOptions: RunVerbOptions): Promise<number> {
  const { json: isJson, verbose: isVerbose, quiet: isQuiet, ...options } = verbOptions;
  const reports = await runExport({
    ...options,
    progress: isJson || isQuiet ? NO_PROGRESS : progressOn(process.stderr, stepOf),
    onReport: (report) => {
      if (isJson || (isQuiet && isGoodRun(report))) return;
      console.log(runTable(report, isVerbose));
    },
    onPage: (place) => {
      if (!isJson && !isQuiet) console.log(`\nReport page: ${place}`);
    },
    onNotice: (message) => {
      console.error(message);
    },
  });
  if (isJson) console.log(jsonReport({ exports: reports }));
  return reports.every(isGoodRun) ? 0 : 1;
}

function stepOf(outcome: MonthOutcome): Step {
  const { month: period, modelVersion: version, status, summary, error } = outcome;
  const name = `${period} ${version}`;
  const detail =
    error === undefined ? summary && `, ${String(summary.rows)} rows` : `: ${error.split('\n')[0] ?? ''}`;
  return { name, line: `${name} ${statusInWords(outcome)}${detail ?? ''}`, isFailed: status === 'failed' };
}

function addBreakdown(text: string, earlier: readonly string[]): string[] {
  return [...earlier, breakdown(text)];
}
