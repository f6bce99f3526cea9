import { compareText } from '../base/group';
import type { Month } from '../base/month';
import { withRunLock } from '../exports/run-lock';
import type { OrganizationSnapshot } from '../organization/account';
import { gatherAccounts } from '../organization/gather-accounts';
import { type DuckLimits, type DuckSession, withSession } from '../sql/duck-session';
import { reasonOf } from './export-month';
import { MonthExporter } from './month-exporter';
import type { MonthOutcome } from './month-outcome';
import { type PlanRequest, planRun } from './plan-run';

/** What a run works on. */
export interface RunRequest extends PlanRequest {
  /** Wall clock, for the lock alone. */
  readonly now: Date;
  readonly limits: DuckLimits;
  /** Reads the organization as it is now. @default - no organization is read; AWS's totals can be split without one */
  readonly readOrganization?: (asOf: string) => Promise<OrganizationSnapshot>;
}

/** Told what happens while it happens. */
export interface RunObserver {
  planned(months: number): void;
  finished(outcome: MonthOutcome): void;
}

/** What a run did. */
export interface RunReport {
  readonly exportName: string;
  readonly asOf: string;
  readonly months: readonly MonthOutcome[];
  /** Closed months that have no usage yet. */
  readonly notAvailable: readonly Month[];
  /** Things found in the inputs that belong to no month, and an organization that could not be read. */
  readonly problems: readonly string[];
}

/**
 * Brings an export up to date: every selected month that is new, failed before or has changed inputs is computed;
 * nothing else is touched. A month that fails does not stop the others.
 *
 * @throws ExportLockedError when another run holds the export
 * @throws ExportMismatchError when the export holds another file format
 * @throws InputError when the estate's settings.json is not sound
 */
export async function runExport(request: RunRequest, observer: RunObserver): Promise<RunReport> {
  const { exports, settings, now } = request;
  return withRunLock(exports, settings.exportName, now, async () => {
    await exports.sweep();
    try {
      return await withSession(request.limits, (session) => runMonths(request, observer, session));
    } finally {
      await exports.sweep();
    }
  });
}

async function runMonths(
  request: RunRequest,
  observer: RunObserver,
  session: DuckSession,
): Promise<RunReport> {
  const { settings, asOf } = request;
  const organizationError = await gather(request, session.scratch);
  const plan = await planRun(request);
  observer.planned(plan.months.length + plan.unchanged.length);
  for (const outcome of plan.unchanged) observer.finished(outcome);
  const exporter = await MonthExporter.open({ ...request, organizationError }, session);
  const computed: MonthOutcome[] = [];
  for (const at of plan.months) {
    const outcome = await exporter.exportMonth(at);
    computed.push(outcome);
    observer.finished(outcome);
  }
  const unread = `the organization could not be read: ${reasonOf(organizationError)}`;
  return {
    exportName: settings.exportName,
    asOf: asOf.toISOString(),
    months: [...plan.unchanged, ...computed].sort(
      (a, b) => compareText(a.month, b.month) || compareText(a.modelVersion, b.modelVersion),
    ),
    notAvailable: plan.notAvailable,
    problems: [...plan.problems, ...(organizationError === undefined ? [] : [unread])],
  };
}

/** Gives what kept the organization from being read: earlier snapshots may still tell about the months. */
async function gather({ readOrganization, ...request }: RunRequest, scratch: string): Promise<unknown> {
  if (readOrganization === undefined) return undefined;
  try {
    await gatherAccounts({ ...request, readOrganization, scratch });
    return undefined;
  } catch (error) {
    return error;
  }
}
