import { z } from 'zod';
import { CarbonError } from '../base/carbon-error';
import { readJson, whyUnreadable } from '../base/json';
import { runPlanKey, runResultsKey } from '../exports/layout';
import type { ObjectStore } from '../stores/object-store';
import {
  asOfOf,
  type ExecutionPlan,
  type MonthResult,
  type PlanPage,
  resultSchema,
  runPlanSchema,
  type StepEvent,
} from './run-event';

/*
 * A run works through its plan page by page. Plan and results are stored, so neither has a size limit. The plan is made
 * once: a month that failed is not planned again in the same execution.
 */

/** Step Functions keeps 256 KB of state and stops an execution with more before its last step. */
export const STATE_BYTES = 256 * 1024;

/** What the months of a page, planned and with their results, may fill: half of the state. */
export const PAGE_BYTES = STATE_BYTES / 2;

/** Most bytes of JSON of one month: its plan and its result. test/lambdas/state-size.test.ts measures them. */
export const MONTH_BYTES = 2_500;
/** The same for a month of a breakdown, whose result is shorter. */
export const BREAKDOWN_MONTH_BYTES = 1_000;

/** The history of an execution holds 25,000 events. A month takes 7, and 3 more for each retry. */
export const MOST_MONTHS = 2_500;

/**
 * Returns the next page of a run's plan. The first call makes and stores the plan; a later one stores the results of the
 * page before. A repeated call returns the same page.
 *
 * @throws CarbonError of kind state when the stored plan was removed
 */
export async function nextPage(
  exports: ObjectStore,
  exportName: string,
  event: StepEvent,
  makePlan: () => Promise<ExecutionPlan>,
): Promise<PlanPage> {
  const { execution, state } = event;
  const asOf = asOfOf(event).toISOString();
  if (state.plan === undefined) {
    const plan = withinHistory(await makePlan());
    await exports.put(runPlanKey(exportName, execution), JSON.stringify(plan));
    return { asOf, page: 1, ...pageOf(plan.months, 0) };
  }
  const { page, before, months } = state.plan;
  await exports.put(runResultsKey(exportName, execution, page), JSON.stringify(state.results ?? []));
  const plan = await readPlan(exports, exportName, execution);
  return { asOf, page: page + 1, ...pageOf(plan.months, before + months.length) };
}

/** Everything that a run planned and did. */
export interface RunRecord {
  /** @default - no month was planned */
  readonly plan?: ExecutionPlan;
  readonly results: readonly MonthResult[];
}

/** Returns the record of a run: the stored plan and pages, and the last page, which the state of the execution holds. */
export async function readRunRecord(
  exports: ObjectStore,
  exportName: string,
  { execution, state }: StepEvent,
): Promise<RunRecord> {
  const { plan: last, results = [] } = state;
  if (last === undefined) return { results };
  const pages: MonthResult[][] = [];
  for (let page = 1; page < last.page; page += 1) {
    pages.push(await readStored(exports, runResultsKey(exportName, execution, page), z.array(resultSchema)));
  }
  const plan = await readPlan(exports, exportName, execution);
  return { plan, results: [...pages.flat(), ...results] };
}

/** Cuts the months after `before` to a page. A page has at least one month, so that a run always ends. */
function pageOf(
  months: ExecutionPlan['months'],
  before: number,
): Pick<PlanPage, 'before' | 'months' | 'left'> {
  let bytes = 0;
  let end = before;
  for (const { split } of months.slice(before)) {
    bytes += split === undefined ? MONTH_BYTES : BREAKDOWN_MONTH_BYTES;
    if (bytes > PAGE_BYTES && end > before) break;
    end += 1;
  }
  return { before, months: months.slice(before, end), left: months.length - end };
}

/** The history of an execution has a limit, too: months beyond it are left to the next run. */
function withinHistory(plan: ExecutionPlan): ExecutionPlan {
  const rest = plan.months.length - MOST_MONTHS;
  if (rest <= 0) return plan;
  const problem = `${String(rest)} months are left for the next run: an execution exports at most ${String(MOST_MONTHS)}`;
  return { ...plan, months: plan.months.slice(0, MOST_MONTHS), problems: [...plan.problems, problem] };
}

async function readPlan(exports: ObjectStore, exportName: string, execution: string): Promise<ExecutionPlan> {
  return readStored(exports, runPlanKey(exportName, execution), runPlanSchema);
}

async function readStored<T>(exports: ObjectStore, key: string, schema: z.ZodType<T>): Promise<T> {
  const stored = await exports.get(key);
  const reading = stored && readJson(stored.body, schema);
  if (reading !== undefined && 'value' in reading) return reading.value;
  const found = reading === undefined ? 'no file' : whyUnreadable(reading);
  throw new CarbonError(
    'state',
    `${exports.describe(key)}: found ${found}, expected what an earlier step of this execution stored; start another execution`,
  );
}
