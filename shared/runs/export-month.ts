import { setTimeout as sleep } from 'node:timers/promises';
import { CarbonError } from '../base/carbon-error';
import { defined } from '../base/defined';
import { reasonOf } from '../base/error-info';
import { digestOf } from '../base/fingerprint';
import { isReplacedInput } from '../base/input-problem';
import { stopping } from '../base/stopping';
import { severeWarnings, type Warning, withoutItems } from '../base/warning';
import type { MonthWork } from '../compute/month/month-work';
import { sha256Of } from '../estate/file-content';
import { publishedFileCopy } from '../exports/history';
import { manifestKey } from '../exports/layout';
import type { Manifest } from '../exports/manifest';
import { type MonthState, readState, writeState } from '../exports/month-state';
import { summaryOf } from '../exports/manifest-summary';
import { readStoredManifest, type StoredManifest } from '../exports/published-months';
import { withSession } from '../sql/duck-session';
import type { ObjectStore } from '../stores/object-store';
import type { MonthOutcome } from './month-outcome';
import { type MonthTarget, type Published, publishMonth } from './publish-month';

/**
 * Brings one month of an export up to date. A month that is done for its present inputs is unchanged. Any other month is
 * computed and published, data file first and manifest last. A failed month is recorded with its reason, and its earlier
 * publication is unchanged.
 *
 * @throws any error after which the process stops
 * @param readWork reads the month's inputs; an error that it throws fails the month
 */
export async function exportMonth(
  target: MonthTarget,
  readWork: () => Promise<MonthWork>,
): Promise<MonthOutcome> {
  const { settings, at } = target;
  const outcome = { exportName: settings.exportName, month: at.month, modelVersion: at.modelVersion };
  const progress: Progress = {};
  try {
    return { ...outcome, ...(await withRereading(() => bringUpToDate(target, readWork, progress))) };
  } catch (error) {
    target.onError?.(error);
    if (stopping.aborted) {
      // The month is not at fault: the next run computes it.
      if (progress.fingerprint !== undefined) await record(target, { status: 'pending' });
      throw error;
    }
    return { ...outcome, ...(await recordFailure(target, progress, error)) };
  }
}

/** How far a month got before it failed. */
interface Progress {
  fingerprint?: string;
  published?: Manifest;
}

type Result = Omit<MonthOutcome, 'exportName' | 'month' | 'modelVersion'>;

async function bringUpToDate(
  target: MonthTarget,
  readWork: () => Promise<MonthWork>,
  progress: Progress,
): Promise<Result> {
  const { exports, settings, at, listing } = target;
  const work = await readWork();
  const fingerprint = digestOf(work.fingerprint);
  progress.fingerprint = fingerprint;

  const before = await readStoredManifest(exports, manifestKey(settings.exportName, at));
  // Manifests of earlier releases do not say how severe their warnings are: a strict run computes the month again.
  const isKnown = target.isStrict !== true || before?.manifest.warningDetails !== undefined;
  const isDone =
    isKnown && before?.manifest.fingerprint === fingerprint && (await isComplete(target, before.manifest));

  if (isDone) assertStrict(target.isStrict, before.manifest.warningDetails);
  else await record(target, { status: 'running', fingerprint });
  const published: Published = isDone ? before : await computeAndPublish(target, work, before);
  const { manifest, restatement } = published;
  progress.published = manifest;
  await writeState(exports, settings.exportName, doneState(manifest, listing));

  // Other inputs that lead to the same file change nothing for the readers of the export.
  const isSameFile =
    before?.manifest.fingerprint !== fingerprint && manifest.file.sha256 === before?.manifest.file.sha256;
  const status = isDone || isSameFile ? 'unchanged' : 'published';
  return { status, summary: summaryOf(manifest), ...defined({ restatement }), ...warningsOf(manifest) };
}

async function computeAndPublish(
  target: MonthTarget,
  work: MonthWork,
  before: StoredManifest | undefined,
): Promise<Published> {
  const loaded = await work.load();
  const { exports, settings, at } = target;
  const file = before && {
    sha256: before.manifest.file.sha256,
    asOf: new Date(before.manifest.asOf),
    localCopy: () => publishedFileCopy(exports, settings.exportName, at, before.manifest),
  };
  return withSession(target.limits, async (session) => {
    try {
      const computed = await loaded.compute(session, file);
      assertStrict(target.isStrict, computed.warnings);
      const { metadataAsOf } = loaded;
      const content = { computed, fingerprint: work.fingerprint, metadataAsOf, ...defined({ before }) };
      return await publishMonth(target, session, content);
    } catch (error) {
      // A file that was replaced while it was read can fail anywhere: the replacement is the cause.
      await loaded.assertUnchanged();
      throw error;
    }
  });
}

/**
 * Returns true when the data files of a manifest are stored completely. Their size is enough while the state says that the
 * month is done; after a run that was interrupted or failed, their content is hashed.
 */
async function isComplete(target: MonthTarget, manifest: Manifest): Promise<boolean> {
  const state = await readState(target.exports, target.settings.exportName, target.at);
  const isTrusted = state?.status === 'done' && state.fingerprint === manifest.fingerprint;
  const { file, companion } = manifest;
  const files = [file, ...(companion === undefined ? [] : [companion.file])];
  for (const one of files) {
    if (!(await isStored(target.exports, one, isTrusted))) return false;
  }
  return true;
}

async function isStored(
  exports: ObjectStore,
  { key, bytes, sha256 }: Manifest['file'],
  isTrusted: boolean,
): Promise<boolean> {
  const files = await exports.list(key);
  if (!files.some((file) => file.key === key && file.size === bytes)) return false;
  if (isTrusted) return true;
  const copy = await exports.localCopy(key);
  try {
    return (await sha256Of(copy.path)) === sha256;
  } finally {
    await copy.release();
  }
}

/** @throws CarbonError when the run is strict and a warning changes numbers */
export function assertStrict(isStrict: boolean | undefined, warnings: readonly Warning[] | undefined): void {
  const severe = isStrict === true ? severeWarnings(warnings) : [];
  if (severe.length === 0) return;
  const messages = severe.map(({ message }) => message).join('\n');
  throw new CarbonError(
    'input',
    `${messages}\n(strict: nothing with a warning that changes numbers is published)`,
  );
}

function warningsOf({ warningDetails }: Manifest): Pick<MonthOutcome, 'warnings'> {
  return defined({ warnings: warningDetails && withoutItems(warningDetails) });
}

/** The state of a published month; written again where a run was killed after the manifest and before the state. */
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
    ...defined({ companion: manifest.companion && stateOfCompanion(manifest.companion) }),
    summary: summaryOf(manifest),
    ...warningsOf(manifest),
  };
}

function stateOfCompanion({
  exportName,
  file: { key, bytes },
}: NonNullable<Manifest['companion']>): NonNullable<MonthState['companion']> {
  return { exportName, key, bytes };
}

async function recordFailure(
  target: MonthTarget,
  { fingerprint, published }: Progress,
  cause: unknown,
): Promise<Result> {
  const reason = reasonOf(cause);
  const error =
    published === undefined
      ? reason
      : `the month is published, but its state could not be recorded (${reason})`;
  await record(target, { status: 'failed', ...defined({ fingerprint }), error });
  return { status: 'failed', error, ...defined({ summary: published && summaryOf(published) }) };
}

async function record(
  target: MonthTarget,
  state: Partial<MonthState> & Pick<MonthState, 'status'>,
): Promise<void> {
  const { month, modelVersion } = target.at;
  const asOf = target.asOf.toISOString();
  await writeState(target.exports, target.settings.exportName, { month, modelVersion, ...state, asOf });
}

/** How often a month is started whose inputs are replaced while they are read. */
const READINGS = 3;
const FIRST_WAIT_MS = 100;

/** Reads inputs again that were replaced during the reading: a month never mixes two versions of a file. */
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
