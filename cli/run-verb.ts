import { type Command, InvalidArgumentError, Option } from 'commander';
import { defined } from '../shared/base/defined';
import { InputFiles } from '../shared/estate/input-files';
import { openInputs } from '../shared/estate/open-inputs';
import { parseBreakdown, type Breakdown } from '../shared/exports/breakdown';
import { BREAKDOWN_EXPECTED, withBreakdowns } from '../shared/exports/breakdown-settings';
import type { ExportSettings } from '../shared/exports/export-settings';
import { EXPORT_FORMATS, EXPORT_NAME_PATTERN, type ExportFormat } from '../shared/exports/layout';
import { PRODUCT_DETAILS, type ProductDetail } from '../shared/exports/product-detail';
import { findModelVersion, MODEL_VERSIONS, type ModelVersion } from '../shared/method/model-version';
import type { OrganizationSnapshot } from '../shared/organization/account';
import { readListAccountsFiles } from '../shared/organization/list-accounts-file';
import { awsExportName, type EstateExports, exportsOf } from '../shared/runs/month-versions';
import { runExport, type RunReport, type RunRequest } from '../shared/runs/run-export';
import type { ObjectStore } from '../shared/stores/object-store';
import { openStore } from '../shared/stores/open-store';
import { day, month, positiveInteger } from './option-values';
import { progressOn } from './progress';
import { runTable } from './run-table';
import { UsageError } from './usage-error';
import { withScratch } from './with-scratch';

/** Name of the export where none is given. */
export const DEFAULT_EXPORT_NAME = 'carbon-emissions';

/** Options of the verb `run`, parsed and checked. */
export interface RunOptions {
  readonly inputs: string;
  readonly out: string;
  readonly asOf: string;
  readonly months?: number;
  readonly from?: string;
  readonly to?: string;
  readonly model?: ModelVersion;
  readonly format: ExportFormat | 'both';
  readonly exportName: string;
  readonly productDetail: ProductDetail;
  readonly by: readonly Breakdown[];
  readonly padAccountIds?: boolean;
  readonly memoryLimit?: string;
  readonly json: boolean;
}

/** Adds the verb `run`. */
export function addRunVerb(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('run')
    .description('compute every month that is new, failed before or has changed inputs')
    .requiredOption('--inputs <location>', 'folder of the estate, or s3://bucket/prefix')
    .requiredOption('--out <location>', 'folder that holds what a bucket would hold, or s3://bucket/prefix')
    .option('--as-of <YYYY-MM-DD>', 'day the run stands for (default: today, UTC)', day)
    .addOption(
      new Option('--months <n>', 'the last so many closed months with usage (default: 38)')
        .argParser(positiveInteger)
        .conflicts(['from', 'to']),
    )
    .option('--from <YYYY-MM>', 'first month', month)
    .option('--to <YYYY-MM>', 'last month', month)
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
    .option(
      '--by <key...>',
      'break rows down, each breakdown into a separate export: tag:KEY, cost-category:NAME, resource (needs bills)',
      collectBreakdowns,
      [],
    )
    .option('--pad-account-ids', 'restore leading zeros of account ids that a spreadsheet ate')
    .option(
      '--memory-limit <size>',
      'memory the engine may use before it spills to disk (default: 3GB)',
      memoryLimit,
    )
    .option('--json', 'print the report as JSON', false)
    .action(async (options: Partial<RunOptions>) => {
      const today = new Date().toISOString().slice(0, 10);
      finish(await runVerb({ asOf: today, ...options } as RunOptions));
    });
}

/** Runs the export, or both formats of it, and prints the report. Gives the exit code: 1 when a month failed. */
export function runVerb(options: RunOptions): Promise<number> {
  const { from, to } = options;
  if (from !== undefined && to !== undefined && from > to) {
    throw new UsageError(`--from ${from} is after --to ${to}`);
  }
  return withScratch((scratch) => runFormats(options, scratch));
}

async function runFormats(options: RunOptions, scratch: string): Promise<number> {
  const inputs = await openInputs(options.inputs, scratch);
  const files = await InputFiles.list(inputs);
  const reports: RunReport[] = [];
  for (const settings of settingsOf(options, exportsOf(files))) {
    const request = requestOf(options, inputs, settings, scratch);
    // AWS's totals can be split without a list of accounts.
    const isListed = settings.totals !== 'aws' || files.hasAccounts;
    const readOrganization = (asOf: string): Promise<OrganizationSnapshot> =>
      readListAccountsFiles(inputs, asOf);
    const report = await runExport(
      { ...request, ...(isListed ? { readOrganization } : {}) },
      progressOn(process.stderr, options.json),
    );
    reports.push(report);
    if (!options.json) console.log(runTable(report));
  }
  if (options.json) console.log(JSON.stringify({ exports: reports }, undefined, 2));
  return reports.every(isGood) ? 0 : 1;
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
  // What is put behind a name may make it longer than one may be.
  return all.map((settings) => ({ ...settings, exportName: exportName(settings.exportName) }));
}

function requestOf(
  options: RunOptions,
  inputs: ObjectStore,
  settings: ExportSettings,
  scratch: string,
): RunRequest {
  return {
    inputs,
    exports: openStore(options.out, scratch),
    settings,
    selection: {
      ...defined({ months: options.months, from: options.from, to: options.to, model: options.model }),
    },
    overrides: options.padAccountIds === undefined ? {} : { padAccountIds: options.padAccountIds },
    asOf: new Date(`${options.asOf}T00:00:00Z`),
    now: new Date(),
    limits: options.memoryLimit === undefined ? {} : { memoryLimit: options.memoryLimit },
  };
}

function collectBreakdowns(text: string, earlier: readonly Breakdown[]): Breakdown[] {
  const breakdown = parseBreakdown(text);
  if (breakdown === undefined) throw new InvalidArgumentError(BREAKDOWN_EXPECTED);
  return [...earlier, breakdown];
}

function isGood(report: RunReport): boolean {
  return report.problems.length === 0 && report.months.every(({ status }) => status !== 'failed');
}

function modelVersion(text: string): ModelVersion {
  const version = findModelVersion(text);
  if (version === undefined) {
    throw new InvalidArgumentError(`expected one of ${MODEL_VERSIONS.map(({ id }) => id).join(', ')}`);
  }
  return version;
}

function memoryLimit(text: string): string {
  if (!/^\d+(\.\d+)?\s*(MB|GB|TB|MiB|GiB|TiB)$/i.test(text)) {
    throw new InvalidArgumentError('expected a size such as 3GB or 800MiB');
  }
  return text;
}

function exportName(text: string): string {
  if (!EXPORT_NAME_PATTERN.test(text)) {
    throw new InvalidArgumentError(
      'expected 1 to 128 letters, digits, hyphens or underscores, and not accounts or organization',
    );
  }
  return text;
}
