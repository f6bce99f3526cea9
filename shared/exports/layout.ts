import { asModelVersionId, isModelVersionId, type ModelVersionId } from '../base/model-version-id';
import { asMonth, isMonth, type Month } from '../base/month';

/** File formats of an export. */
export const EXPORT_FORMATS = ['parquet', 'csv'] as const;

/** One of the {@link EXPORT_FORMATS}. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Names that AWS Data Exports allows, except those of the folders `accounts` and `organization`. */
export const EXPORT_NAME_PATTERN = /^(?!(?:accounts|organization)$)[0-9A-Za-z_-]{1,128}$/;

const FILE_ENDINGS: Readonly<Record<ExportFormat, string>> = {
  parquet: 'snappy.parquet',
  csv: 'csv.gz',
};

/** A month of an export in one model version: the unit that is computed, published and restated. */
export interface ExportMonth {
  readonly modelVersion: ModelVersionId;
  readonly month: Month;
}

/**
 * Returns the month of an export that two texts name.
 *
 * @throws CarbonError (usage) when they are not a month and a model version
 */
export function asExportMonth(month: string, modelVersion: string): ExportMonth {
  return { month: asMonth(month), modelVersion: asModelVersionId(modelVersion) };
}

/** Folders of other programs name no version or no month. */
function exportMonthOf(match: RegExpExecArray | null): ExportMonth | undefined {
  const [, modelVersion = '', month = ''] = match ?? [];
  return isModelVersionId(modelVersion) && isMonth(month) ? { modelVersion, month } : undefined;
}

function partition({ modelVersion, month }: ExportMonth): string {
  return `carbon_model_version=${modelVersion}/usage_period=${month}`;
}

/** Returns the prefix of all objects of an export. */
export function exportPrefix(exportName: string): string {
  return `${exportName}/`;
}

/** Returns the prefix of all data files of an export. No other object has it. */
export function exportDataPrefix(exportName: string): string {
  return `${exportName}/data/`;
}

/** Returns the prefix of all manifests of an export. */
export function exportMetadataPrefix(exportName: string): string {
  return `${exportName}/metadata/`;
}

/** Returns the key of the report of a run. */
export function runReportKey(exportName: string, runId: string): string {
  return `${exportName}/runs/${runId}.json`;
}

/** Returns the key of the whole plan of a run, of which the state machine holds one page. */
export function runPlanKey(exportName: string, runId: string): string {
  return `${exportName}/runs/${runId}/plan.json`;
}

/** Returns the key of the results of one page of a run's plan. */
export function runResultsKey(exportName: string, runId: string, page: number): string {
  return `${exportName}/runs/${runId}/results-${String(page)}.json`;
}

/** Returns the key of an object that exists once the mail about a run with this status is sent. */
export function runMailKey(exportName: string, runId: string, status: string): string {
  return `${exportName}/runs/${runId}-${status}.mailed`;
}

/** Returns the key of the month's one data file. */
export function dataKey(exportName: string, at: ExportMonth, format: ExportFormat): string {
  return `${exportName}/data/${partition(at)}/${exportName}-00001.${FILE_ENDINGS[format]}`;
}

/** Returns the key of the month's manifest, which is written last. */
export function manifestKey(exportName: string, at: ExportMonth): string {
  return `${exportName}/metadata/${partition(at)}/${exportName}-Manifest.json`;
}

/** Returns the month that a manifest's key names, or undefined for other keys. */
export function monthOfManifestKey(key: string): ExportMonth | undefined {
  const match = /\/carbon_model_version=([^/]+)\/usage_period=(\d{4}-\d{2})\/[^/]+-Manifest\.json$/.exec(key);
  return exportMonthOf(match);
}

/** Returns the prefix of all replaced manifests and data files of an export. */
export function exportHistoryPrefix(exportName: string): string {
  return `${exportName}/history/`;
}

/** Returns the prefix of a month's replaced manifests and data files. */
export function historyPrefix(exportName: string, at: ExportMonth): string {
  return `${exportHistoryPrefix(exportName)}${partition(at)}/`;
}

/** Returns the key of the report page of an export. Athena reads data/ alone. */
export function reportKey(exportName: string): string {
  return `${exportName}/report.html`;
}

/** Returns the key of the month's state. */
export function stateKey(exportName: string, at: ExportMonth): string {
  return `${statePrefix(exportName)}${partition(at)}.json`;
}

/** Returns the prefix of all states of an export. */
export function statePrefix(exportName: string): string {
  return `${exportName}/state/months/`;
}

/** Returns the key of all states, and of the listings that they are of, in one object. */
export function stateIndexKey(exportName: string): string {
  return `${exportName}/state/index.json`;
}

/** Returns the key of the listing that the report page of an export was made from. */
export function pageListingKey(exportName: string): string {
  return `${exportName}/state/page.json`;
}

/** Returns the month that a state's key names, or undefined for other keys. */
export function monthOfStateKey(key: string): ExportMonth | undefined {
  const match = /\/carbon_model_version=([^/]+)\/usage_period=(\d{4}-\d{2})\.json$/.exec(key);
  return exportMonthOf(match);
}

/** Returns the key of an export's fixed settings. */
export function exportRecordKey(exportName: string): string {
  return `${exportName}/state/export.json`;
}

/** Returns the key of the first record of the lock that a run holds while it writes to an export. */
export function lockKey(exportName: string): string {
  return `${lockPrefix(exportName)}.json`;
}

/** Returns the key of the lock's record that follows the record with this hash. */
export function successorLockKey(exportName: string, digest: string): string {
  return `${lockPrefix(exportName)}-${digest}.json`;
}

/** Returns the prefix of all records of the lock. */
export function lockPrefix(exportName: string): string {
  return `${exportName}/state/lock`;
}
