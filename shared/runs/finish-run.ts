import { lastClosedMonth } from '../calendar/month';
import type { Month } from '../calendar/month';
import { runReportKey } from '../exports/layout';
import { compareText } from '../method/group';
import type { ObjectStore } from '../stores/object-store';
import type { MonthOutcome } from './month-outcome';
import { asOfOf, messageOf } from './run-event';
import type { MonthResult, StepEvent } from './run-event';
import { releaseRunLock } from './run-lock';

/** What one execution of the state machine did. */
export interface ExecutionReport {
  readonly execution: string;
  readonly exportName: string;
  readonly asOf: string;
  /** failed: a month, a step or something in the inputs that belongs to no month; see months and problems. */
  readonly status: 'succeeded' | 'failed';
  readonly months: readonly MonthOutcome[];
  /** Closed months that are not up to date: without usage, or failed. */
  readonly missing: readonly Month[];
  readonly problems: readonly string[];
}

/** Puts together what the steps left behind. */
export function reportOf(exportName: string, event: StepEvent): ExecutionReport {
  const { plan, planFailure, accountsFailure, results = [] } = event.state;
  const asOf = asOfOf(event);
  const outcomes = results.map((result) => outcomeOf(exportName, result));
  const failed = outcomes.filter(({ status }) => status === 'failed').map(({ month }) => month);
  const months = [...(plan?.unchanged ?? []), ...outcomes].sort((a, b) => compareText(a.month, b.month));
  const absent = plan !== undefined && months.length === 0 ? [lastClosedMonth(asOf)] : [];
  const problems = [
    ...(accountsFailure === undefined
      ? []
      : [`the organization could not be read: ${messageOf(accountsFailure)}`]),
    ...(planFailure === undefined ? [] : [`no month was looked at: ${messageOf(planFailure)}`]),
    ...(plan?.problems ?? []),
  ];
  return {
    execution: event.execution,
    exportName,
    asOf: asOf.toISOString(),
    status: failed.length + problems.length > 0 ? 'failed' : 'succeeded',
    months,
    missing: [...new Set([...(plan?.notAvailable ?? []), ...failed, ...absent])].sort(),
    problems,
  };
}

function outcomeOf(exportName: string, result: MonthResult): MonthOutcome {
  if ('outcome' in result) return result.outcome;
  return { exportName, ...result.failed, status: 'failed', error: messageOf(result.failure) };
}

/** Ends an execution: its report is written beside the export, and the export is free for the next. */
export async function finishRun(
  exports: ObjectStore,
  exportName: string,
  event: StepEvent,
): Promise<ExecutionReport> {
  const report = reportOf(exportName, event);
  await exports.put(runReportKey(exportName, event.execution), `${JSON.stringify(report, undefined, 1)}\n`);
  await releaseRunLock(exports, exportName, event.execution);
  return report;
}

/** True when a run has something to tell: a cheap run that found nothing new has not. */
export function isWorthTelling({ status, months }: ExecutionReport): boolean {
  return status === 'failed' || months.some((month) => month.status === 'published');
}

/** Subject and text of the mail about a run. SNS takes subjects of at most 100 printable ASCII characters. */
export function notificationOf(report: ExecutionReport): { subject: string; message: string } {
  const { exportName, months, missing, problems } = report;
  const withStatus = (status: MonthOutcome['status']): MonthOutcome[] =>
    months.filter((outcome) => outcome.status === status);
  const failed = withStatus('failed');
  const lines = [
    `Export ${exportName}, as of ${report.asOf}, execution ${report.execution}`,
    `Published: ${namesOf(withStatus('published'))}`,
    `Unchanged: ${String(withStatus('unchanged').length)}`,
    `Failed: ${namesOf(failed)}`,
    `Missing: ${missing.length === 0 ? 'none' : missing.join(', ')}`,
    ...problems,
    ...months.flatMap(restatementLine),
    ...failed.map(({ month, modelVersion, error = '' }) => `\n${month} ${modelVersion}:\n${error}`),
  ];
  const subject = `${report.status === 'failed' ? 'FAILED' : 'Published'}: ${exportName}`;
  return { subject: subject.slice(0, 100), message: lines.join('\n').slice(0, SNS_CHARACTERS) };
}

function restatementLine({ month, modelVersion, restatement }: MonthOutcome): string[] {
  if (restatement === undefined) return [];
  const { because, accounts, estimatedTurnedActual } = restatement;
  const actual =
    estimatedTurnedActual.length > 0
      ? `, Scope 1 estimated turned actual in ${estimatedTurnedActual.join(', ')}`
      : '';
  return [
    `Restated: ${month} ${modelVersion}, ${String(accounts ?? 'some')} accounts, because ${because.join(', ')} changed${actual}`,
  ];
}

/** SNS takes 256 KB; a mail is not read beyond this. */
const SNS_CHARACTERS = 30_000;

function namesOf(outcomes: readonly MonthOutcome[]): string {
  return outcomes.map(({ month, modelVersion }) => `${month} ${modelVersion}`).join(', ') || 'none';
}
