import { append } from '../base/append';
import { CarbonError } from '../base/carbon-error';
import { reasonOf } from '../base/error-info';
import { compareText } from '../base/group';
import { checkedAsOf } from '../base/instant';
import type { Month } from '../base/month';
import type { Progress } from '../base/progress';
import { stopping } from '../base/stopping';
import type { ExportMonth } from '../exports/layout';
import type { MonthState } from '../exports/month-state';
import { type ComparedOrganization, MonthStates } from '../exports/month-states';
import { withRunLock } from '../exports/run-lock';
import { withSession } from '../sql/duck-session';
import { type AccountsRequest, gatherAccounts } from './gather-accounts';
import { type ExporterRequest, MonthExporter } from './month-exporter';
import { withChangeWarnings } from './month-changes';
import { type MonthOutcome, type RunStatus, statusOf } from './month-outcome';
import { listExport, type ListedExport, type PlanRequest, planRun, type RunPlan } from './plan-run';

/** What a run needs. */
export interface RunRequest extends PlanRequest, AccountsRequest {
  /** Wall clock, used for the lock and as the limit of the as-of instant. */
  readonly now: Date;
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
  const { exports, settings, asOf } = request;
  const before = await listExport(exports, settings.exportName);
  const { notes, compared, ...gathered } = await gatherAccounts(request, before.states.organization);
  const plan = await planRun(request, before);
  progress.planned(plan.months.length + plan.unchanged.length);
  for (const outcome of plan.unchanged) progress.finished(outcome);
  append(left, plan.months);
  const computed = await computeMonths({ ...request, gathered }, plan, (outcome) => {
    left.shift();
    progress.finished(outcome);
  });
  await keepStates(request, { plan, before, organization: compared });
  const { failure } = gathered;
  const unread = `the organization could not be read: ${reasonOf(failure)}`;
  const problems = [...plan.problems, ...(failure === undefined ? [] : [unread])];
  const months = [
    ...plan.unchanged,
    ...(await withChangeWarnings(exports, settings.exportName, computed)),
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
    return computed;
  });
}

/** What a run found. */
interface Found {
  readonly plan: RunPlan;
  readonly before: ListedExport;
  readonly organization: ComparedOrganization | undefined;
}

/** Keeps what lets the next run find unchanged months and accounts by listing. */
async function keepStates({ exports, settings }: RunRequest, found: Found): Promise<void> {
  const { plan, before, organization } = found;
  const { months, listing, files } = plan;
  const states = months.length === 0 ? before.states : await MonthStates.read(exports, settings.exportName);
  const computed = new Set(months.map((at) => states.of(at)));
  const filesOf = (state: MonthState): string | undefined =>
    computed.has(state) && listing.digestOf(state) === undefined ? listing.fileDigestOf(state) : undefined;
  await states.keep(exports, { filesOf, organization, manifests: files.manifests });
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
