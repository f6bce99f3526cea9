import { tmpdir } from 'node:os';
import { append } from '../base/append';
import { CarbonError } from '../base/carbon-error';
import { reasonOf } from '../base/error-info';
import { compareText } from '../base/group';
import { checkedAsOf } from '../base/instant';
import { type Month, monthOfInstant } from '../base/month';
import type { Progress } from '../base/progress';
import { makeScratch, removeScratch, stopping } from '../base/stopping';
import type { ExportMonth } from '../exports/layout';
import { FileListings } from '../exports/file-listings';
import { MonthStates } from '../exports/month-states';
import { withRunLock } from '../exports/run-lock';
import type { OrganizationSnapshot } from '../organization/account';
import {
  differenceInWords,
  type SnapshotDifference,
  snapshotDifference,
} from '../organization/refresh-snapshot';
import { keepSnapshot } from '../organization/keep-snapshot';
import { accountsWriter } from '../organization/large-accounts-table';
import type { GatheredSnapshot } from '../organization/stored-snapshots';
import type { DuckLimits } from '../sql/duck-instance';
import { withSession } from '../sql/duck-session';
import { type ExporterRequest, MonthExporter } from './month-exporter';
import { withChangeWarnings } from './month-changes';
import { type MonthOutcome, type RunStatus, statusOf } from './month-outcome';
import { type PlanRequest, planRun, type RunPlan } from './plan-run';

/** What a run needs. */
export interface RunRequest extends PlanRequest {
  /** Wall clock, used for the lock and as the limit of the as-of instant. */
  readonly now: Date;
  readonly limits: DuckLimits;
  /** Reads the present organization. @default - none is read: AWS's totals can be split without it */
  readonly readOrganization?: (asOf: string) => Promise<OrganizationSnapshot>;
}

/** The outcome of a run. */
export interface RunReport {
  readonly exportName: string;
  readonly asOf: string;
  readonly status: RunStatus;
  readonly months: readonly MonthOutcome[];
  /** Closed months that have no usage yet. */
  readonly notAvailable: readonly Month[];
  /** Problems of the inputs that belong to no month, and why the organization could not be read. */
  readonly problems: readonly string[];
  /** What a person may want to correct, and does not fail the run. */
  readonly notes: readonly string[];
}

/**
 * Brings an export up to date: computes every selected month that is new, failed before or has changed inputs. A failed
 * month does not stop the others.
 *
 * @throws CarbonError of kind state when another run holds the export, or the process was stopped
 * @throws ExportMismatchError when the export holds another file format
 * @throws InputError when the estate's settings.json is invalid
 * @throws CarbonError when the as-of instant is in the future
 */
export async function runExport(request: RunRequest, progress: Progress<MonthOutcome>): Promise<RunReport> {
  const { exports, settings, now } = request;
  checkedAsOf(request.asOf, now);
  const left: ExportMonth[] = [];
  try {
    return await withRunLock(exports, settings.exportName, now, async () => {
      await exports.sweep();
      return runMonths(request, progress, left);
    });
  } catch (error) {
    throw stopping.aborted ? stoppedError(settings.exportName, left) : error;
  } finally {
    // The lock writes records until it is released. A sweep removes nothing of a process that is alive.
    await exports.sweep();
  }
}

async function runMonths(
  request: RunRequest,
  progress: Progress<MonthOutcome>,
  left: ExportMonth[],
): Promise<RunReport> {
  const { settings, asOf } = request;
  const { notes, ...gathered } = await gather(request);
  const plan = await planRun(request);
  progress.planned(plan.months.length + plan.unchanged.length);
  for (const outcome of plan.unchanged) progress.finished(outcome);
  append(left, plan.months);
  const computed = await computeMonths({ ...request, gathered }, plan, (outcome) => {
    left.shift();
    progress.finished(outcome);
  });
  const { failure } = gathered;
  const unread = `the organization could not be read: ${reasonOf(failure)}`;
  const problems = [...plan.problems, ...(failure === undefined ? [] : [unread])];
  const months = [
    ...plan.unchanged,
    ...(await withChangeWarnings(request.exports, settings.exportName, computed)),
  ].sort((a, b) => compareText(a.month, b.month) || compareText(a.modelVersion, b.modelVersion));
  return {
    exportName: settings.exportName,
    asOf: asOf.toISOString(),
    status: statusOf(months, problems),
    months,
    notAvailable: plan.notAvailable,
    problems,
    notes,
  };
}

/** Computes the months of a plan. The engine is not started where all months are unchanged. */
async function computeMonths(
  request: RunRequest & Pick<ExporterRequest, 'gathered'>,
  plan: RunPlan,
  finished: (outcome: MonthOutcome) => void,
): Promise<MonthOutcome[]> {
  const { months, unchanged, listing } = plan;
  if (months.length === 0 && unchanged.length > 0) return [];
  return withSession(request.limits, async (session) => {
    const exporter = await MonthExporter.open(request, session, listing);
    const computed: MonthOutcome[] = [];
    for (const at of months) {
      stopping.throwIfAborted();
      const outcome = await exporter.exportMonth(at);
      computed.push(outcome);
      finished(outcome);
    }
    await keepStates(request, plan);
    return computed;
  });
}

/** Keeps what lets the next run find unchanged months by listing. */
async function keepStates({ exports, settings }: RunRequest, { months, listing }: RunPlan): Promise<void> {
  const { exportName } = settings;
  const states = await MonthStates.read(exports, exportName);
  await states.keep(exports);
  const computed = months.flatMap((at) => states.of(at) ?? []);
  const listings = await FileListings.read(exports, exportName);
  await listings.keep(exports, computed, (at) =>
    listing.digestOf(at) === undefined ? listing.fileDigestOf(at) : undefined,
  );
}

/** Months that the message of a stopped run names. */
const SHOWN_MONTHS = 12;

function stoppedError(exportName: string, remaining: readonly ExportMonth[]): CarbonError {
  const names = remaining.slice(0, SHOWN_MONTHS).map(({ month, modelVersion }) => `${month} ${modelVersion}`);
  const more = remaining.length > SHOWN_MONTHS ? ` and ${String(remaining.length - SHOWN_MONTHS)} more` : '';
  const what =
    remaining.length === 0
      ? 'before its months were planned'
      : `with these months left: ${names.join(', ')}${more}`;
  return new CarbonError(
    'state',
    `export ${exportName}: the run was stopped ${what}; run the same command again to continue`,
    { cause: stopping.reason },
  );
}

/** What reading the organization led to. Earlier snapshots may still cover the months where it failed. */
interface Gathered extends GatheredSnapshot {
  readonly notes: readonly string[];
}

async function gather({ readOrganization, ...request }: RunRequest): Promise<Gathered> {
  if (readOrganization === undefined) return { notes: [] };
  const scratch = await makeScratch(request.limits.scratchParent ?? tmpdir());
  try {
    const writeAccounts = accountsWriter(request.limits);
    let listed: OrganizationSnapshot | undefined;
    const readOnce = async (asOf: string): Promise<OrganizationSnapshot> =>
      (listed ??= await readOrganization(asOf));
    const kept = await keepSnapshot({ ...request, readOrganization: readOnce, scratch, writeAccounts });
    if (kept.isNew) return { kept, notes: [] };
    const difference = snapshotDifference(await readOnce(request.asOf.toISOString()), kept.snapshot);
    return { kept, notes: difference === undefined ? [] : [differenceNote(kept.snapshot, difference)] };
  } catch (failure) {
    return { failure, notes: [] };
  } finally {
    await removeScratch(scratch);
  }
}

function differenceNote({ asOf }: OrganizationSnapshot, difference: SnapshotDifference): string {
  const month = monthOfInstant(new Date(asOf));
  return `accounts.json differs from the snapshot of ${month}, which counts: ${differenceInWords(difference)}. To replace the snapshot: carbon-exports accounts refresh --month ${month}`;
}
