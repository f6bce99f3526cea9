import { type Command, InvalidArgumentError, Option } from 'commander';
import { CarbonError } from '../shared/base/carbon-error';
import { defined } from '../shared/base/defined';
import { dayOf } from '../shared/base/instant';
import type { Month } from '../shared/base/month';
import { InputFiles } from '../shared/estate/input-files';
import { openInputs } from '../shared/estate/open-inputs';
import { type Breakdown, BREAKDOWN_EXPECTED, parseBreakdown } from '../shared/exports/breakdown';
import {
  type ExportSettings,
  PRODUCT_DETAILS,
  type ProductDetail,
  withBreakdowns,
} from '../shared/exports/export-settings';
import { ExportMismatchError } from '../shared/exports/fixed-settings';
import { EXPORT_FORMATS, type ExportFormat } from '../shared/exports/layout';
import type { ModelVersion } from '../shared/method/model-version';
import type { OrganizationSnapshot } from '../shared/organization/account';
import { readListAccountsFiles } from '../shared/organization/list-accounts-file';
import { assertNotEmpty, assertPlaces } from '../shared/runs/check-places';
import {
  availableMonths,
  awsExportName,
  type EstateExports,
  exportsOf,
  selectMonths,
} from '../shared/runs/month-versions';
import type { MonthOutcome } from '../shared/runs/month-outcome';
import { runExport, type RunReport, type RunRequest } from '../shared/runs/run-export';
import type { InputStore } from '../shared/stores/object-store';
import { openStore } from '../shared/stores/open-store';
import {
  computedVersion,
  day,
  DEFAULT_EXPORT_NAME,
  exportName,
  memorySize,
  month,
  positiveInteger,
} from './option-values';
import { NO_PROGRESS, progressOn, type Step } from './progress';
import { pagePlace } from './report-template';
import { writeRunPages } from './run-pages';
import { runTable, statusInWords } from './run-table';
import { withScratch } from './with-scratch';

/** Options of the verb `run`, parsed and checked. */
interface RunOptions {
  readonly inputs: string;
  readonly out: string;
  readonly asOf: string;
  readonly months?: number;
  readonly from?: Month;
  readonly to?: Month;
  readonly model?: ModelVersion;
  readonly format: ExportFormat | 'both';
  readonly exportName: string;
  readonly productDetail: ProductDetail;
  readonly by: readonly Breakdown[];
  readonly padAccountIds?: boolean;
  readonly memoryLimit?: string;
  readonly strict: boolean;
  readonly report: boolean;
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
    .option('--model <version>', 'model version for all months (default: by month)', computedVersion)
    .addOption(
      new Option('--format <format>', 'file format').choices([...EXPORT_FORMATS, 'both']).default('parquet'),
    )
    .option('--export-name <name>', 'name of the export', exportName, DEFAULT_EXPORT_NAME)
    .addOption(
      new Option('--product-detail <detail>', 'every service, or the four products of the AWS tool')
        .choices([...PRODUCT_DETAILS])
        .default('all'),
    )
    .option('--by <key...>', BY_HELP, collectBreakdowns, [])
    .option('--pad-account-ids', 'restore the leading zeros that a spreadsheet removed from account ids')
    .option(
      '--memory-limit <size>',
      'memory of the engine before it uses the disk (default: 3GB)',
      memorySize,
    )
    .option('--strict', 'publish no month that has a warning that changes numbers', false)
    .option('--no-report', 'write no report page')
    .option('--verbose', 'list all warnings', false)
    .option('--json', 'print the report as JSON', false)
    .action(async (options: Partial<RunOptions>) => {
      const today = dayOf(new Date());
      finish(await runVerb({ asOf: today, ...options } as RunOptions));
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
function runVerb(options: RunOptions): Promise<number> {
  const { from, to } = options;
  if (from !== undefined && to !== undefined && from > to) {
    throw new CarbonError(
      'usage',
      `--from ${from} is after --to ${to}; expected --from to be the earlier month`,
    );
  }
  return withScratch((scratch) => runExports(options, scratch));
}

async function runExports(options: RunOptions, scratch: string): Promise<number> {
  await assertPlaces(options.inputs, options.out);
  const inputs = await openInputs(options.inputs, scratch);
  await assertNotEmpty(options.inputs, inputs);
  const files = await InputFiles.list(inputs);
  const everyExport = settingsOf(options, exportsOf(files));
  assertMonths(options, files, everyExport);
  const reports: RunReport[] = [];
  for (const settings of everyExport) {
    const request = await requestOf(options, inputs, settings, scratch);
    // AWS's totals can be split without a list of accounts.
    const isListed = settings.totals !== 'aws' || files.hasAccounts;
    const readOrganization = isListed
      ? (asOf: string): Promise<OrganizationSnapshot> => readListAccountsFiles(inputs, asOf)
      : undefined;
    const progress = options.json ? NO_PROGRESS : progressOn(process.stderr, stepOf);
    const report = await runExport({ ...request, ...defined({ readOrganization }) }, progress).catch(
      (error: unknown) => mismatchReport(request, error),
    );
    reports.push(report);
    if (!options.json) console.log(runTable(report, options.verbose));
  }
  if (options.json) console.log(JSON.stringify({ exports: reports }, undefined, 2));
  const pages = options.report
    ? await writeRunPages({ exports: await openStore(options.out, scratch), settings: everyExport })
    : [];
  if (!options.json) for (const page of pages) console.log(`\nReport page: ${pagePlace(options.out, page)}`);
  return reports.every(isGood) ? 0 : 1;
}

/**
 * Returns the report of a breakdown whose export holds something else, so that the breakdowns after it are made.
 *
 * @throws any other error
 */
function mismatchReport({ settings, asOf }: RunRequest, error: unknown): RunReport {
  if (settings.breakdown === undefined || !(error instanceof ExportMismatchError)) throw error;
  return {
    ...{ exportName: settings.exportName, asOf: asOf.toISOString(), status: 'failed' },
    ...{ months: [], notAvailable: [], notes: [], problems: [error.message] },
  };
}

/** @throws CarbonError of kind usage when the estate has no month, or --from and --to select none of any export */
function assertMonths(options: RunOptions, files: InputFiles, everyExport: readonly ExportSettings[]): void {
  const { from, to, inputs } = options;
  const available = [...new Set(everyExport.flatMap((settings) => availableMonths(files, settings)))].sort();
  // Files in wrong places are reported by the run.
  const isNothing = available.length === 0 && files.strays.length === 0;
  if (isNothing) {
    throw new CarbonError(
      'usage',
      `${inputs}: found usage of no month, expected a month in usage/, focus/, cur/ or aws_carbon/`,
    );
  }
  if (from === undefined && to === undefined) return;
  if (selectMonths(available, asOfOf(options), defined({ from, to })).length > 0) return;
  const [first] = available;
  const found = first === undefined ? 'no month' : `${first} to ${available.at(-1) ?? ''}`;
  throw new CarbonError(
    'usage',
    `${inputs}: found usage of ${found}, expected a month closed at ${options.asOf} from ${from ?? 'the first'} to ${to ?? 'the last'}`,
  );
}

function asOfOf({ asOf }: RunOptions): Date {
  return new Date(`${asOf}T00:00:00Z`);
}

/** Each format and each breakdown is a separate export: Athena reads every file below an export's data/. */
function settingsOf(
  { format: asked, exportName: name, productDetail, by }: RunOptions,
  { hasOwn, hasAws }: EstateExports,
): ExportSettings[] {
  const formats: readonly ExportFormat[] = asked === 'both' ? EXPORT_FORMATS : [asked];
  const all = formats.flatMap((format) => {
    const suffix = asked === 'both' && format === 'csv' ? '-csv' : '';
    const own = { exportName: name + suffix, format, productDetail };
    if (!hasAws) return withBreakdowns(own, by);
    const aws = { ...own, exportName: awsExportName(name) + suffix, totals: 'aws' as const };
    return [...(hasOwn ? withBreakdowns(own, by) : []), ...withBreakdowns(aws, by)];
  });
  // A suffix can make a name longer than allowed.
  return all.map((settings) => ({ ...settings, exportName: exportName(settings.exportName) }));
}

async function requestOf(
  options: RunOptions,
  inputs: InputStore,
  settings: ExportSettings,
  scratch: string,
): Promise<RunRequest> {
  const { months, from, to, model, padAccountIds, memoryLimit, strict: isStrict } = options;
  return {
    inputs,
    exports: await openStore(options.out, scratch),
    settings,
    selection: defined({ months, from, to, model }),
    overrides: defined({ padAccountIds }),
    asOf: asOfOf(options),
    isStrict,
    now: new Date(),
    limits: defined({ memoryLimit }),
  };
}

function stepOf(outcome: MonthOutcome): Step {
  const { month: period, modelVersion: version, status, summary, error } = outcome;
  const name = `${period} ${version}`;
  const detail =
    error === undefined ? summary && `, ${String(summary.rows)} rows` : `: ${error.split('\n')[0] ?? ''}`;
  return { name, line: `${name} ${statusInWords(outcome)}${detail ?? ''}`, isFailed: status === 'failed' };
}

function collectBreakdowns(text: string, earlier: readonly Breakdown[]): Breakdown[] {
  const breakdown = parseBreakdown(text);
  if (breakdown === undefined) throw new InvalidArgumentError(BREAKDOWN_EXPECTED);
  return [...earlier, breakdown];
}

function isGood(report: RunReport): boolean {
  return report.problems.length === 0 && report.months.every(({ status }) => status !== 'failed');
}
