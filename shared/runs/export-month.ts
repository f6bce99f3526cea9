import { stat } from 'node:fs/promises';
import { withSession } from '../engine/duck-session';
import type { DuckLimits } from '../engine/duck-session';
import { errorMessage, errorName } from '../errors/error-info';
import { EXPORT_COLUMNS } from '../exports/columns';
import { dataKey, manifestKey } from '../exports/layout';
import { executionIdOf, exportArn, manifestText, parseManifest } from '../exports/manifest';
import type { Manifest } from '../exports/manifest';
import { digestOf, hashOf } from '../inputs/fingerprint';
import type { Fingerprint } from '../inputs/fingerprint';
import { InputError } from '../inputs/input-problem';
import { sha256Of } from '../inputs/read-table';
import { largestResidual } from '../method/ledger';
import { MethodError } from '../method/method-error';
import type { ObjectStore } from '../stores/object-store';
import { computeMonth } from './compute-month';
import type { ComputedMonth } from './compute-month';
import type { ExportSettings } from './export-settings';
import type { MonthInputs } from './month-inputs';
import type { MonthOutcome } from './month-outcome';
import { readState, writeState } from './month-state';
import type { MonthState } from './month-state';
import { summaryOf } from './month-summary';
import type { ModelledMonth } from './plan-months';

/** Where a month is written, and with what. */
export interface MonthTarget {
  readonly exports: ObjectStore;
  readonly settings: ExportSettings;
  readonly at: ModelledMonth;
  readonly asOf: Date;
  readonly limits: DuckLimits;
  /** Digest of the inputs' listing, taken before they are read. @default - none, so the next run reads them again */
  readonly listing?: string;
  /** Told what a month failed with. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Brings one month of an export up to date: nothing happens when it is done for its present inputs; else it is
 * computed and published, data file first and manifest last. A month that fails is recorded with its reason, and what
 * was published of it before stays.
 *
 * @param readInputs reads what the month is computed from; what it throws fails the month
 */
export async function exportMonth(
  target: MonthTarget,
  readInputs: () => Promise<MonthInputs>,
): Promise<MonthOutcome> {
  const { settings, at } = target;
  const outcome = { exportName: settings.exportName, month: at.month, modelVersion: at.modelVersion };
  let fingerprint: string | undefined;
  let published: Manifest | undefined;
  try {
    const read = await readInputs();
    const inputs = {
      ...read,
      fingerprint: { ...read.fingerprint, product_detail: hashOf(settings.productDetail) },
    };
    fingerprint = digestOf(inputs.fingerprint);
    const before = await publishedManifest(target);
    const isDone = before?.fingerprint === fingerprint && (await isInFull(target, before));
    if (!isDone) await record(target, { status: 'running', fingerprint });
    const manifest = isDone ? before : await computeAndPublish(target, inputs, before);
    published = manifest;
    await writeState(target.exports, settings.exportName, doneState(manifest, target.listing));
    // Other inputs that give the same rows change nothing for those who read the export.
    const isSame = before?.fingerprint !== fingerprint && manifest.file.sha256 === before?.file.sha256;
    const status = isDone || isSame ? 'unchanged' : 'published';
    return { ...outcome, status, summary: summaryOf(manifest) };
  } catch (error) {
    target.onError?.(error);
    const reason =
      published === undefined
        ? reasonOf(error)
        : `the month is published, but its state could not be recorded (${reasonOf(error)})`;
    await record(target, {
      status: 'failed',
      ...(fingerprint === undefined ? {} : { fingerprint }),
      error: reason,
    });
    return {
      ...outcome,
      status: 'failed',
      error: reason,
      ...(published === undefined ? {} : { summary: summaryOf(published) }),
    };
  }
}

/** Bad input speaks for itself; anything else is named with its kind, so that no failure is silent or vague. */
export function reasonOf(error: unknown): string {
  if (error instanceof InputError || error instanceof MethodError) return error.message;
  return `${errorName(error)}: ${errorMessage(error)}`;
}

/** The state that a manifest stands for; written again where a run was killed between the two. */
function doneState(manifest: Manifest, listing: string | undefined): MonthState {
  const { key, sha256, bytes } = manifest.file;
  return {
    month: manifest.usagePeriod,
    modelVersion: manifest.modelVersion,
    status: 'done',
    fingerprint: manifest.fingerprint,
    ...(listing === undefined ? {} : { listing }),
    executionId: manifest.executionId,
    asOf: manifest.asOf,
    file: { key, sha256, bytes },
    summary: summaryOf(manifest),
  };
}

async function record(
  target: MonthTarget,
  state: Partial<MonthState> & Pick<MonthState, 'status'>,
): Promise<void> {
  const { month, modelVersion } = target.at;
  const asOf = target.asOf.toISOString();
  await writeState(target.exports, target.settings.exportName, { month, modelVersion, ...state, asOf });
}

async function publishedManifest({ exports, settings, at }: MonthTarget): Promise<Manifest | undefined> {
  const stored = await exports.get(manifestKey(settings.exportName, at));
  return stored === undefined ? undefined : parseManifest(stored.body.toString('utf8'));
}

/**
 * True when the file that a manifest names is there in full. Its size is enough while the state says that nothing
 * touched it since; after a run that was cut off or failed, its content is looked at.
 */
async function isInFull({ exports, settings, at }: MonthTarget, manifest: Manifest): Promise<boolean> {
  const { key, bytes, sha256 } = manifest.file;
  const files = await exports.list(key);
  if (!files.some((file) => file.key === key && file.size === bytes)) return false;
  const state = await readState(exports, settings.exportName, at);
  if (state?.status === 'done' && state.fingerprint === manifest.fingerprint) return true;
  const copy = await exports.localCopy(key);
  try {
    return (await sha256Of(copy.path)) === sha256;
  } finally {
    await copy.release();
  }
}

async function computeAndPublish(
  target: MonthTarget,
  inputs: MonthInputs,
  before: Manifest | undefined,
): Promise<Manifest> {
  const { settings, at, asOf, limits } = target;
  const loaded = await inputs.load();
  const published =
    before === undefined ? undefined : { sha256: before.file.sha256, asOf: new Date(before.asOf) };
  return withSession(limits, async (session) => {
    const computed = await computeMonth(session, loaded, at.version, settings, asOf, published);
    return publish(target, inputs.fingerprint, loaded.organization.asOf, computed);
  });
}

async function publish(
  target: MonthTarget,
  fingerprint: Fingerprint,
  metadataAsOf: string,
  computed: ComputedMonth,
): Promise<Manifest> {
  const { exports, settings, at } = target;
  const { exportName, format, productDetail } = settings;
  const asOf = computed.file.asOf.toISOString();
  const key = dataKey(exportName, at, format);
  const manifest: Manifest = {
    executionId: executionIdOf(exportName, at, asOf, fingerprint),
    exportArn: exportArn(exportName),
    columns: EXPORT_COLUMNS.map(({ name, type }) => ({ name, type })),
    dataFiles: [exports.uri(key)],
    file: {
      key,
      sha256: computed.file.sha256,
      bytes: (await stat(computed.file.path)).size,
      rows: computed.totals.rows,
    },
    modelVersion: at.modelVersion,
    usagePeriod: at.month,
    productDetail,
    asOf,
    metadataAsOf,
    accounts: computed.totals.accounts,
    usageLines: computed.usageLines,
    fingerprint: digestOf(fingerprint),
    inputs: fingerprint,
    ledgerKg: computed.ledger,
    largestResidual: largestResidual(computed.ledger),
    estimatedClusters: computed.estimatedClusters,
    unknownAccounts: computed.unknownAccounts,
    warnings: computed.warnings,
  };
  await exports.putFile(key, computed.file.path);
  await exports.put(manifestKey(exportName, at), manifestText(manifest));
  return manifest;
}
