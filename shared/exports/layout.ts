import { asModelVersionId, isModelVersionId, type ModelVersionId } from '../base/model-version-id';
import { asMonth, isMonth, type Month } from '../base/month';

/** File formats of an export. */
export const EXPORT_FORMATS = ['parquet', 'csv'] as const;

/** One of the {@link EXPORT_FORMATS}. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What names AWS Data Exports allows, but those of the folders that lie beside the exports. */
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

/** Keys of other programs, whose folders name no version or no month, are not ours. */
function exportMonthOf(match: RegExpExecArray | null): ExportMonth | undefined {
  const [, modelVersion = '', month = ''] = match ?? [];
  return isModelVersionId(modelVersion) && isMonth(month) ? { modelVersion, month } : undefined;
}

function partition({ modelVersion, month }: ExportMonth): string {
  return `carbon_model_version=${modelVersion}/usage_period=${month}`;
}

/** Where all data files of an export lie, and nothing else. */
export function exportDataPrefix(exportName: string): string {
  return `${exportName}/data/`;
}

/** Where all manifests of an export lie. */
export function exportMetadataPrefix(exportName: string): string {
  return `${exportName}/metadata/`;
}

/** The report of a run. */
export function runReportKey(exportName: string, runId: string): string {
  return `${exportName}/runs/${runId}.json`;
}

/** The whole plan of a run, of which the state machine holds one page. */
export function runPlanKey(exportName: string, runId: string): string {
  return `${exportName}/runs/${runId}/plan.json`;
}

/** The results of one page of a run's plan. */
export function runResultsKey(exportName: string, runId: string, page: number): string {
  return `${exportName}/runs/${runId}/results-${String(page)}.json`;
}

/** Exists once the mail about a run that ended so is sent. */
export function runMailKey(exportName: string, runId: string, status: string): string {
  return `${exportName}/runs/${runId}-${status}.mailed`;
}

/** The month's one data file. Nothing but data files lies below `data/`. */
export function dataKey(exportName: string, at: ExportMonth, format: ExportFormat): string {
  return `${exportName}/data/${partition(at)}/${exportName}-00001.${FILE_ENDINGS[format]}`;
}

/** The month's manifest, written last. */
export function manifestKey(exportName: string, at: ExportMonth): string {
  return `${exportName}/metadata/${partition(at)}/${exportName}-Manifest.json`;
}

/** The month that a manifest's key stands for. */
export function monthOfManifestKey(key: string): ExportMonth | undefined {
  const match = /\/carbon_model_version=([^/]+)\/usage_period=(\d{4}-\d{2})\/[^/]+-Manifest\.json$/.exec(key);
  return exportMonthOf(match);
}

/** Where what a month published before is kept: replaced manifests and data files. */
export function historyPrefix(exportName: string, at: ExportMonth): string {
  return `${exportName}/history/${partition(at)}/`;
}

/** The month's state. */
export function stateKey(exportName: string, at: ExportMonth): string {
  return `${statePrefix(exportName)}${partition(at)}.json`;
}

/** Where all states of an export lie. */
export function statePrefix(exportName: string): string {
  return `${exportName}/state/months/`;
}

/** The month that a state's key stands for. */
export function monthOfStateKey(key: string): ExportMonth | undefined {
  const match = /\/carbon_model_version=([^/]+)\/usage_period=(\d{4}-\d{2})\.json$/.exec(key);
  return exportMonthOf(match);
}

/** What an export was set up with. */
export function exportRecordKey(exportName: string): string {
  return `${exportName}/state/export.json`;
}

/** The first record of the lock that a run holds while it writes to an export. */
export function lockKey(exportName: string): string {
  return `${lockPrefix(exportName)}.json`;
}

/** The record of the lock that takes over the record with this hash. */
export function successorLockKey(exportName: string, digest: string): string {
  return `${lockPrefix(exportName)}-${digest}.json`;
}

/** Start of the keys of all records of the lock. */
export function lockPrefix(exportName: string): string {
  return `${exportName}/state/lock`;
}
