import { compareText } from '../base/group';
import { lastClosedMonth, type Month } from '../base/month';
import { breakdownExportName, parseBreakdown } from '../exports/breakdown';
import { runReportKey } from '../exports/layout';
import { releaseRunLocks } from '../exports/run-lock';
import type { ObjectStore } from '../stores/object-store';
import { withChangeWarnings } from './month-changes';
import { type MonthOutcome, type RunStatus, statusOf } from './month-outcome';
import { asOfOf, messageOf, type MonthResult, type StepEvent } from './run-event';
import { readRunRecord, type RunRecord } from './run-pages';

/** The outcome of one execution of the state machine. */
export interface ExecutionReport {
  readonly execution: string;
  /** The export that is not broken down; each of months says which export it is of. */
  readonly exportName: string;
  readonly asOf: string;
  /** failed: a month, a step or the inputs have a problem; see months and problems. */
  readonly status: RunStatus;
  readonly months: readonly MonthOutcome[];
  /** Closed months that are not up to date in the export that is not broken down: without usage, or failed. */
  readonly missing: readonly Month[];
  readonly problems: readonly string[];
}

/** Returns the report of an execution from its record and what its steps reported. */
export function reportOf(exportName: string, event: StepEvent, record: RunRecord): ExecutionReport {
  const { plan, results } = record;
  const asOf = asOfOf(event);
  const outcomes = results.map((result) => outcomeOf(exportName, result));
  const failed = outcomes.filter(({ status }) => status === 'failed');
  const failedWhole = failed.filter((outcome) => outcome.exportName === exportName);
  const months = [...(plan?.unchanged ?? []), ...outcomes].sort(
    (a, b) => compareText(a.month, b.month) || compareText(a.exportName, b.exportName),
  );
  const absent = plan !== undefined && months.length === 0 ? [lastClosedMonth(asOf)] : [];
  const problems = [...stepProblems(event), ...(plan?.problems ?? [])];
  return {
    execution: event.execution,
    exportName,
    asOf: asOf.toISOString(),
    status: statusOf(months, problems),
    months,
    missing: [
      ...new Set([...(plan?.notAvailable ?? []), ...failedWhole.map(({ month }) => month), ...absent]),
    ].sort(),
    problems,
  };
}

function stepProblems({ state: { accountsFailure, plan: page, planFailure } }: StepEvent): string[] {
  const unplanned =
    page === undefined ? 'no month was planned' : `${String(page.left)} months were not started`;
  return [
    ...(accountsFailure === undefined
      ? []
      : [`the organization could not be read: ${messageOf(accountsFailure)}`]),
    ...(planFailure === undefined ? [] : [`${unplanned}: ${messageOf(planFailure)}`]),
  ];
}

function outcomeOf(exportName: string, result: MonthResult): MonthOutcome {
  if ('outcome' in result) return result.outcome;
  const { month, modelVersion, split } = result.failed;
  const breakdown = split === undefined ? undefined : parseBreakdown(split);
  return {
    exportName: breakdown === undefined ? exportName : breakdownExportName(exportName, breakdown),
    ...{ month, modelVersion, status: 'failed', error: messageOf(result.failure) },
  };
}

/** The exports of a deployment, and how their months become visible in the catalog. */
export interface FinishRequest {
  readonly exports: ObjectStore;
  /** The export that is not broken down. */
  readonly exportName: string;
  /** Names of that export and of its breakdowns' exports. */
  readonly everyExport: readonly string[];
  /** Registers what is published; returns the problems. */
  readonly register: () => Promise<readonly string[]>;
}

/**
 * Ends an execution. Registers published months in the catalog, writes the report to the export that is not broken down, and
 * releases the locks of all exports.
 */
export async function finishRun(request: FinishRequest, event: StepEvent): Promise<ExecutionReport> {
  const { exports, exportName, everyExport, register } = request;
  const found = reportOf(exportName, event, await readRunRecord(exports, exportName, event));
  const problems = [...found.problems, ...(await register())];
  const months = await withChangeWarnings(exports, exportName, found.months);
  const report = { ...found, months, problems, status: statusOf(months, problems) };
  await exports.put(runReportKey(exportName, event.execution), `${JSON.stringify(report, undefined, 1)}\n`);
  await releaseRunLocks(exports, everyExport, event.execution);
  return report;
}

/** Returns true when a run is worth a mail: it failed or published a month. */
export function isWorthMailing({ status, months }: ExecutionReport): boolean {
  return status === 'failed' || months.some((month) => month.status === 'published');
}
