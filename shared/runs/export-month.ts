import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { CarbonError } from '../base/carbon-error';
import { defined } from '../base/defined';
import { errorMessage, errorName } from '../base/error-info';
import { digestOf, type Fingerprint } from '../base/fingerprint';
import { isReplacedInput } from '../base/input-problem';
import type { ComputedMonth, PublishedFile } from '../compute/month/computed-month';
import type { MonthWork } from '../compute/month/month-work';
import { sha256Of } from '../estate/read-table';
import { columnsOfExport } from '../exports/columns';
import type { ExportSettings } from '../exports/export-settings';
import { keepReplaced, publishedFileCopy } from '../exports/history';
import { dataKey, type ExportMonth, manifestKey } from '../exports/layout';
import { executionIdOf, exportArn, isBrokenDown, type Manifest, manifestText } from '../exports/manifest';
import { type MonthState, readState, writeState } from '../exports/month-state';
import { summaryOf } from '../exports/month-summary';
import { countChangedAccounts } from '../exports/paired-rows';
import { readStoredManifest, type StoredManifest } from '../exports/published-months';
import { type Restatement, restatementOf } from '../exports/restatement';
import { largestResidual } from '../method/ledger';
import { type DuckLimits, type DuckSession, withSession } from '../sql/duck-session';
import type { ObjectStore } from '../stores/object-store';
import type { MonthOutcome } from './month-outcome';

/** Where a month is written, and with what. */
export interface MonthTarget {
  readonly exports: ObjectStore;
  readonly settings: ExportSettings;
  readonly at: ExportMonth;
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
 * @param readWork reads what the month is computed from; what it throws fails the month
 */
export async function exportMonth(
  target: MonthTarget,
  readWork: () => Promise<MonthWork>,
): Promise<MonthOutcome> {
  const { settings, at } = target;
  const outcome = { exportName: settings.exportName, month: at.month, modelVersion: at.modelVersion };
  const progress: Progress = {};
  try {
    const done = await withRereading(() => bringUpToDate(target, readWork, progress));
    return { ...outcome, ...done };
  } catch (error) {
    target.onError?.(error);
    const reason =
      progress.published === undefined
        ? reasonOf(error)
        : `the month is published, but its state could not be recorded (${reasonOf(error)})`;
    await record(target, {
      status: 'failed',
      ...defined({ fingerprint: progress.fingerprint }),
      error: reason,
    });
    return {
      ...outcome,
      status: 'failed',
      error: reason,
      ...(progress.published === undefined ? {} : { summary: summaryOf(progress.published) }),
    };
  }
}

/** How far a month has come, for what is told when it fails. */
interface Progress {
  fingerprint?: string;
  published?: Manifest;
}

/** How often a month is begun whose inputs are replaced while they are read. */
const READINGS = 3;
const FIRST_WAIT_MS = 100;

/** Inputs that are replaced while they are read are read again: two versions of a file never make one month. */
async function withRereading<T>(work: () => Promise<T>): Promise<T> {
  for (let reading = 1; ; reading += 1) {
    try {
      return await work();
    } catch (error) {
      if (reading === READINGS || !isReplacedInput(error)) throw error;
      await sleep(FIRST_WAIT_MS * 2 ** (reading - 1));
    }
  }
}

async function bringUpToDate(
  target: MonthTarget,
  readWork: () => Promise<MonthWork>,
  progress: Progress,
): Promise<Pick<MonthOutcome, 'status' | 'summary' | 'restatement'>> {
  const { settings } = target;
  const work = await readWork();
  const fingerprint = digestOf(work.fingerprint);
  progress.fingerprint = fingerprint;
  const stored = await readStoredManifest(target.exports, manifestKey(settings.exportName, target.at));
  const before = stored?.manifest;
  const isDone = before?.fingerprint === fingerprint && (await isInFull(target, before));
  if (!isDone) await record(target, { status: 'running', fingerprint });
  const { manifest, restatement } = isDone
    ? { manifest: before, restatement: undefined }
    : await computeAndPublish(target, work, stored);
  progress.published = manifest;
  await writeState(target.exports, settings.exportName, doneState(manifest, target.listing));
  // Other inputs that give the same rows change nothing for those who read the export.
  const isSame = before?.fingerprint !== fingerprint && manifest.file.sha256 === before?.file.sha256;
  return {
    status: isDone || isSame ? 'unchanged' : 'published',
    summary: summaryOf(manifest),
    ...defined({ restatement }),
  };
}

/** Bad input speaks for itself; anything else is named with its kind, so that no failure is silent or vague. */
export function reasonOf(error: unknown): string {
  if (error instanceof CarbonError) return error.message;
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
    ...defined({ listing }),
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

/** A month as it was published just now, and what that moved. */
interface Published {
  readonly manifest: Manifest;
  readonly restatement?: Restatement;
}

async function computeAndPublish(
  target: MonthTarget,
  work: MonthWork,
  before: StoredManifest | undefined,
): Promise<Published> {
  const loaded = await work.load();
  return withSession(target.limits, async (session) => {
    const published = publishedFile(before?.manifest);
    try {
      const computed = await loaded.compute(session, published);
      return await publish(target, session, work.fingerprint, loaded.metadataAsOf, computed, before);
    } catch (error) {
      // A file that was replaced while it was read can look like anything.
      await loaded.assertUnchanged();
      throw error;
    }
  });
}

function publishedFile(manifest: Manifest | undefined): PublishedFile | undefined {
  return manifest === undefined ? undefined : { sha256: manifest.file.sha256, asOf: new Date(manifest.asOf) };
}

async function publish(
  target: MonthTarget,
  session: DuckSession,
  fingerprint: Fingerprint,
  metadataAsOf: string,
  computed: ComputedMonth,
  before: StoredManifest | undefined,
): Promise<Published> {
  const { exports, settings, at } = target;
  const { exportName, format, productDetail } = settings;
  const asOf = computed.file.asOf.toISOString();
  const key = dataKey(exportName, at, format);
  const manifest: Manifest = {
    executionId: executionIdOf(exportName, at, asOf, fingerprint),
    exportArn: exportArn(exportName),
    columns: columnsOfExport(settings.breakdown !== undefined).map(({ name, type }) => ({ name, type })),
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
    largestResidual: computed.largestResidual ?? largestResidual(computed.ledger),
    estimatedClusters: computed.estimatedClusters,
    unknownAccounts: computed.unknownAccounts,
    ...defined({ billCoverage: computed.billCoverage, awsTotals: computed.awsTotals }),
    warnings: computed.warnings,
  };
  const restatement =
    before === undefined ? undefined : await restate(target, session, before, manifest, computed);
  await exports.putFile(key, computed.file.path);
  await exports.put(manifestKey(exportName, at), manifestText(manifest));
  return restatement === undefined ? { manifest } : { manifest, restatement };
}

/**
 * Keeps what is about to be replaced, before anything takes its place, and tells what moves; nothing moves where the
 * data file stays as it is.
 */
async function restate(
  { exports, settings, at }: MonthTarget,
  session: DuckSession,
  before: StoredManifest,
  manifest: Manifest,
  computed: ComputedMonth,
): Promise<Restatement | undefined> {
  const { exportName } = settings;
  if (before.manifest.executionId === manifest.executionId) return undefined;
  const replacesFile = before.manifest.file.sha256 !== manifest.file.sha256;
  await keepReplaced(exports, exportName, at, before, replacesFile);
  if (!replacesFile) return undefined;
  const copy = await publishedFileCopy(exports, exportName, at, before.manifest);
  if (copy === undefined) return restatementOf(before.manifest, manifest, undefined);
  try {
    const accounts = await countChangedAccounts(session, {
      before: copy.path,
      after: computed.file.path,
      isBrokenDown: isBrokenDown(manifest),
    });
    return restatementOf(before.manifest, manifest, accounts);
  } finally {
    await copy.release();
  }
}
