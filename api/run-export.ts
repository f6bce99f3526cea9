import { CarbonError } from '../shared/base/carbon-error';
import { defined } from '../shared/base/defined';
import { dayOf } from '../shared/base/instant';
import type { Month } from '../shared/base/month';
import { NO_PROGRESS, type Progress } from '../shared/base/progress';
import { InputFiles } from '../shared/estate/input-files';
import type { KnownManifests } from '../shared/estate/known-manifests';
import { openInputs } from '../shared/estate/open-inputs';
import type { Breakdown } from '../shared/exports/breakdown';
import { type ExportSettings, type ProductDetail, withBreakdowns } from '../shared/exports/export-settings';
import { ExportMismatchError } from '../shared/exports/fixed-settings';
import { knownManifests } from '../shared/exports/month-states';
import { EXPORT_FORMATS, type ExportFormat } from '../shared/exports/layout';
import type { ModelVersion } from '../shared/method/model-version';
import type { OrganizationSnapshot } from '../shared/organization/account';
import { readListAccountsFiles } from '../shared/organization/list-accounts-file';
import { assertNotEmpty, assertPlaces } from '../shared/runs/check-places';
import type { MonthOutcome } from '../shared/runs/month-outcome';
import {
  availableMonths,
  awsExportName,
  type EstateExports,
  exportsOf,
  selectMonths,
} from '../shared/runs/month-versions';
import { runExport as runOneExport, type RunReport, type RunRequest } from '../shared/runs/run-export';
import type { ObjectStore } from '../shared/stores/object-store';
import { openStore } from '../shared/stores/open-store';
import { ListedExports, ListedInputs } from '../shared/stores/remembered-listings';
import { pagePlace } from './report-template';
import { writeRunPages } from './report-pages';
import { DEFAULT_EXPORT_NAME, optionValue, requiredValue, VALUES } from './values';
import { withScratch } from './with-scratch';

/** What a run reads, computes and writes. */
export interface RunOptions {
  /** Folder of the estate, or `s3://bucket/prefix`. */
  readonly inputs: string;
  /** Folder of the exports, or `s3://bucket/prefix`. */
  readonly out: string;
  /** Day as of which the months are computed, `YYYY-MM-DD`. @default - today, UTC */
  readonly asOf?: string;
  /** Number of closed months with usage, from the last one back. @default - 38; all months of AWS's totals */
  readonly months?: number;
  /** First month, `YYYY-MM`. @default - the first month with usage */
  readonly from?: string;
  /** Last month, `YYYY-MM`. @default - the last closed month with usage */
  readonly to?: string;
  /** Model version of all months, such as `v2.0.0`. @default - the version that applies to each month */
  readonly model?: string;
  /** File format; `both` makes two exports. @default - parquet */
  readonly format?: ExportFormat | 'both';
  /** Name of the export. @default - carbon-emissions */
  readonly exportName?: string;
  /** `all`: every service; `ccft`: the four products of AWS's tool. @default - all */
  readonly productDetail?: ProductDetail;
  /** Breakdowns, each into a separate export: `tag:KEY`, `cost-category:NAME`, `resource` and so on. @default - none */
  readonly by?: readonly string[];
  /** Restores the leading zeros that a spreadsheet removed from account ids. @default - as settings.json says */
  readonly padAccountIds?: boolean;
  /** Memory of the engine before it uses the disk, such as `3GB`. @default - 3GB */
  readonly memoryLimit?: string;
  /** Publishes no month that has a warning that changes numbers. @default - false */
  readonly strict?: boolean;
  /** Writes the report page of each export that is not broken down. @default - true */
  readonly report?: boolean;
  /** Called when the months of an export are planned, and after each month. @default - no one is informed */
  readonly progress?: Progress<MonthOutcome>;
  /** Called with the report of each export when it is complete. @default - no one is informed */
  readonly onReport?: (report: RunReport) => void;
  /** Called with the place of each report page. @default - no one is informed */
  readonly onPage?: (place: string) => void;
  /** Called where a report page could not be written; the exports are complete. @default - no one is informed */
  readonly onNotice?: (message: string) => void;
}

/** Options whose values were checked. */
interface CheckedRun {
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
  readonly isStrict: boolean;
}

/**
 * Brings the exports of an estate up to date: computes every month that is new, failed before or has changed inputs. A
 * month that fails does not stop the others; its report says why.
 *
 * @returns the report of each export: of the estate's totals, of AWS's totals, and of each breakdown
 * @throws CarbonError of kind usage for a wrong option or location, or an estate without a month to compute
 * @throws CarbonError of kind state when another run holds the export
 * @throws CarbonError of kind input when settings.json is invalid
 */
export async function runExport(options: RunOptions): Promise<RunReport[]> {
  const { progress = NO_PROGRESS, onReport, onPage, onNotice } = options;
  const run = checkedRun(options);
  return withScratch(async (scratch) => {
    await assertPlaces(run.inputs, run.out);
    const inputs = new ListedInputs(await openInputs(run.inputs, scratch));
    await assertNotEmpty(run.inputs, inputs);
    const exports = new ListedExports(await openStore(run.out, scratch));
    const files = await InputFiles.list(inputs, await manifestsBefore(exports, run.exportName));
    const everyExport = settingsOf(run, exportsOf(files));
    assertMonths(run, files, everyExport);
    const reports: RunReport[] = [];
    for (const settings of everyExport) {
      const request = requestOf(run, { inputs, exports }, settings);
      // AWS's totals can be split without a list of accounts.
      const isListed = settings.totals !== 'aws' || files.hasAccounts;
      const readOrganization = isListed
        ? (asOf: string): Promise<OrganizationSnapshot> => readListAccountsFiles(inputs, asOf)
        : undefined;
      const report = await runOneExport({ ...request, ...defined({ readOrganization }) }, progress).catch(
        (error: unknown) => mismatchReport(request, error),
      );
      reports.push(report);
      onReport?.(report);
    }
    if (options.report !== false) {
      const written = { exports, settings: everyExport };
      for (const page of await writeRunPages(written, onNotice)) onPage?.(pagePlace(run.out, page));
    }
    return reports;
  });
}

/** Returns the manifests that earlier runs read, whichever totals they exported. */
async function manifestsBefore(exports: ObjectStore, name: string): Promise<KnownManifests> {
  const [own, aws] = [
    await knownManifests(exports, name),
    await knownManifests(exports, awsExportName(name)),
  ];
  return { ...aws, ...own };
}

/** Returns true where no month failed and the inputs have no problem. */
export function isGoodRun({ problems, months }: RunReport): boolean {
  return problems.length === 0 && months.every(({ status }: MonthOutcome) => status !== 'failed');
}

function checkedRun(options: RunOptions): CheckedRun {
  const { inputs, out, format = 'parquet', productDetail = 'all', by = [], strict = false } = options;
  const [from, to] = [
    optionValue('from', options.from, VALUES.month),
    optionValue('to', options.to, VALUES.month),
  ];
  if (from !== undefined && to !== undefined && from > to) {
    throw new CarbonError(
      'usage',
      `--from ${from} is after --to ${to}; expected --from to be the earlier month`,
    );
  }
  return {
    ...{ inputs, out, format, productDetail, isStrict: strict },
    asOf: optionValue('asOf', options.asOf, VALUES.day) ?? dayOf(new Date()),
    exportName: optionValue('exportName', options.exportName, VALUES.exportName) ?? DEFAULT_EXPORT_NAME,
    by: by.map((text) => requiredValue('by', text, VALUES.breakdown)),
    ...defined({
      ...{ from, to, months: options.months, padAccountIds: options.padAccountIds },
      model: optionValue('model', options.model, VALUES.modelVersion),
      memoryLimit: optionValue('memoryLimit', options.memoryLimit, VALUES.memorySize),
    }),
  };
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
function assertMonths(run: CheckedRun, files: InputFiles, everyExport: readonly ExportSettings[]): void {
  const { from, to, inputs } = run;
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
  if (selectMonths(available, asOfOf(run), defined({ from, to })).length > 0) return;
  const [first] = available;
  const found = first === undefined ? 'no month' : `${first} to ${available.at(-1) ?? ''}`;
  throw new CarbonError(
    'usage',
    `${inputs}: found usage of ${found}, expected a month closed at ${run.asOf} from ${from ?? 'the first'} to ${to ?? 'the last'}`,
  );
}

function asOfOf({ asOf }: CheckedRun): Date {
  return new Date(`${asOf}T00:00:00Z`);
}

/** Each format and each breakdown is a separate export: Athena reads every file below an export's data/. */
function settingsOf(
  { format: asked, exportName: name, productDetail, by }: CheckedRun,
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
  for (const { exportName } of all) requiredValue('--export-name', exportName, VALUES.exportName);
  return all;
}

function requestOf(
  run: CheckedRun,
  stores: Pick<RunRequest, 'inputs' | 'exports'>,
  settings: ExportSettings,
): RunRequest {
  const { months, from, to, model, padAccountIds, memoryLimit, isStrict } = run;
  return {
    ...stores,
    settings,
    selection: defined({ months, from, to, model }),
    overrides: defined({ padAccountIds }),
    asOf: asOfOf(run),
    isStrict,
    now: new Date(),
    limits: defined({ memoryLimit }),
  };
}
