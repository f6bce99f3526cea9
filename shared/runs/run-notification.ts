import { randomUUID } from 'node:crypto';
import { runMailKey } from '../exports/layout';
import { deliveredColumns } from '../exports/restatement';
import { type ObjectStore, PreconditionFailedError } from '../stores/object-store';
import type { ExecutionReport } from './finish-run';
import { massText } from '../base/people-number';
import { severeWarnings } from '../base/warning';
import { hasSevereWarning, type MonthOutcome } from './month-outcome';

/** SNS accepts 256 KB; no one reads a mail beyond this length. */
const SNS_CHARACTERS = 30_000;

const SUBJECTS = {
  succeeded: 'Published',
  'published with warnings': 'Published with warnings',
  failed: 'FAILED',
} as const;

/**
 * Returns subject and text of the mail about a run. SNS accepts subjects of at most 100 printable ASCII characters.
 *
 * @param page address of the report page, where the run wrote it
 */
export function notificationOf(report: ExecutionReport, page?: string): { subject: string; message: string } {
  const { exportName, months, missing, problems } = report;
  const everyExport = [...new Set([exportName, ...months.map((outcome) => outcome.exportName)])].sort();
  const failed = months.filter(({ status }) => status === 'failed');
  const lines = [
    `Export ${exportName}, as of ${report.asOf}, execution ${report.execution}`,
    ...(page === undefined ? [] : [`Report page: ${page}`]),
    ...everyExport.flatMap((name) => linesOfExport(report, name)),
    `Missing: ${missing.length === 0 ? 'none' : missing.join(', ')}`,
    ...problems,
    ...months.filter(hasSevereWarning).flatMap((outcome) => warningLines(report, outcome)),
    ...months.flatMap((outcome) => restatementLine(report, outcome)),
    ...failed.map((outcome) => `\n${nameOf(report, outcome)}:\n${outcome.error ?? ''}`),
  ];
  const subject = `${SUBJECTS[report.status]}: ${exportName}`;
  return { subject: subject.slice(0, 100), message: lines.join('\n').slice(0, SNS_CHARACTERS) };
}

/** Returns the words that follow a month of a breakdown's export; blank for the export that the report is about. */
export function ofExport({ exportName }: ExecutionReport, outcome: Pick<MonthOutcome, 'exportName'>): string {
  return outcome.exportName === exportName ? '' : ` of ${outcome.exportName}`;
}

function linesOfExport(report: ExecutionReport, exportName: string): string[] {
  const withStatus = (status: MonthOutcome['status']): MonthOutcome[] =>
    report.months.filter((outcome) => outcome.exportName === exportName && outcome.status === status);
  const which = ofExport(report, { exportName });
  return [
    `Published${which}: ${namesOf(withStatus('published'), massOf)}`,
    `Unchanged${which}: ${String(withStatus('unchanged').length)}`,
    `Failed${which}: ${namesOf(withStatus('failed'))}`,
  ];
}

function warningLines(report: ExecutionReport, outcome: MonthOutcome): string[] {
  return severeWarnings(outcome.warnings).map(
    ({ message }) => `Warning (changes numbers): ${nameOf(report, outcome)}: ${message}`,
  );
}

function restatementLine(report: ExecutionReport, outcome: MonthOutcome): string[] {
  const { restatement } = outcome;
  if (restatement === undefined) return [];
  const { because, accounts, estimatedTurnedActual } = restatement;
  const actual =
    estimatedTurnedActual.length > 0
      ? [`Scope 1 changed from estimated to actual in ${estimatedTurnedActual.join(', ')}`]
      : [];
  return [
    `Restated: ${nameOf(report, outcome)}, ${String(accounts ?? 'some')} accounts, ${[`because ${because.join(', ')} changed`, ...actual, ...deliveredColumns(restatement)].join(', ')}`,
  ];
}

function nameOf(report: ExecutionReport, outcome: MonthOutcome): string {
  return `${outcome.month} ${outcome.modelVersion}${ofExport(report, outcome)}`;
}

function namesOf(
  outcomes: readonly MonthOutcome[],
  detail: (outcome: MonthOutcome) => string = () => '',
): string {
  const names = outcomes.map((outcome) => `${outcome.month} ${outcome.modelVersion}${detail(outcome)}`);
  return names.join(', ') || 'none';
}

/** Market-based total of a month. A breakdown passes no figures: they equal those of the export. */
function massOf({ summary }: MonthOutcome): string {
  return summary === undefined ? '' : ` (${massText(summary.totalMbm)} market-based)`;
}

/**
 * Sends the mail about an execution unless an earlier attempt of the step has sent it: a step that fails after sending is
 * repeated.
 *
 * @throws the error of `send`, after which the step can send again
 */
export async function mailOnce(
  exports: ObjectStore,
  { exportName, execution, status }: Pick<ExecutionReport, 'exportName' | 'execution' | 'status'>,
  send: () => Promise<unknown>,
): Promise<void> {
  const key = runMailKey(exportName, execution, status);
  try {
    // Unique content: S3Store takes a repeated put of the same content for its own first attempt.
    await exports.put(key, randomUUID(), { ifNoneMatch: '*' });
  } catch (error) {
    if (error instanceof PreconditionFailedError) return;
    throw error;
  }
  try {
    await send();
  } catch (error) {
    await exports.delete(key);
    throw error;
  }
}
