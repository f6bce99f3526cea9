import { defined } from '../../shared/base/defined';
import { addMonths, asMonth } from '../../shared/base/month';
import { runPlanKey } from '../../shared/exports/layout';
import { reportOf } from '../../shared/runs/finish-run';
import {
  type ExecutionPlan,
  type MonthResult,
  type PlanPage,
  runPlanSchema,
  type StepEvent,
  stepEventSchema,
} from '../../shared/runs/run-event';
import { MOST_MONTHS, nextPage, PAGE_BYTES, readRunRecord, STATE_BYTES } from '../../shared/runs/run-pages';
import { FolderStore } from '../../shared/stores/folder-store';
import { scratch } from '../support/scratch';

/*
 * The loop of the state machine: a page is planned, its months are exported, and the next page is planned while months
 * are left.
 */

const folder = scratch();

const NAME = 'carbon';
const VERSIONS = ['v2.0.1', 'v3.0.0', 'v3.0.1'];
const BREAKDOWNS = [undefined, 'tag:a', 'tag:b', 'tag:c', 'cost-category:d', 'resource'];

function planOf(months: number, versions = VERSIONS): ExecutionPlan {
  return runPlanSchema.parse({
    months: BREAKDOWNS.flatMap((split) =>
      versions.flatMap((modelVersion) =>
        Array.from({ length: months }, (_, index) => ({
          ...{ month: addMonths(asMonth('2022-01'), index), modelVersion },
          ...defined({ split }),
        })),
      ),
    ),
    ...{ unchanged: [], notAvailable: [], problems: [] },
  });
}

/** A month fails in a way that no plan would find done. */
const failed = (at: PlanPage['months'][number]): MonthResult => ({
  failed: at,
  failure: { Error: 'InputError', Cause: JSON.stringify({ errorMessage: 'x'.repeat(300) }) },
});

const eventOf = (state: unknown): StepEvent =>
  stepEventSchema.parse({ execution: 'e1', startedAt: '2026-11-15T00:00:00Z', state });

test('a damaged plan is an error that names the file', async () => {
  const store = new FolderStore(folder());
  await store.put(runPlanKey(NAME, 'e1'), '{');
  const event = eventOf({ plan: { asOf: '2026-11-15', page: 1, before: 0, months: [], left: 0 } });
  await expect(readRunRecord(store, NAME, event)).rejects.toThrow(
    /plan.*: found .*, expected what an earlier step/,
  );
});

/** Runs the loop to its end. Returns its pages, and the event of the last step. */
async function loop(
  store: FolderStore,
  plan: ExecutionPlan,
): Promise<{ readonly pages: PlanPage[]; readonly last: StepEvent; readonly planned: number }> {
  const pages: PlanPage[] = [];
  let planned = 0;
  const makePlan = (): Promise<ExecutionPlan> => {
    planned += 1;
    return Promise.resolve(plan);
  };
  for (let state: object = {}; ;) {
    const page = await nextPage(store, NAME, eventOf(state), makePlan);
    // Lambda runs a step twice where its answer is lost.
    expect(await nextPage(store, NAME, eventOf(state), makePlan)).toEqual(page);
    pages.push(page);
    state = { plan: page, results: page.months.map(failed) };
    expect(Buffer.byteLength(JSON.stringify(state))).toBeLessThan(STATE_BYTES);
    if (page.left === 0) return { pages, last: eventOf(state), planned };
  }
}

test('58 months of three versions and six exports are done in one execution, and a failing month once', async () => {
  const store = new FolderStore(folder());
  const plan = planOf(58);
  expect(plan.months).toHaveLength(1_044);
  const { pages, last, planned } = await loop(store, plan);
  expect(pages.flatMap(({ months }) => months)).toEqual(plan.months);
  expect(pages.length).toBeGreaterThan(5);
  // Only the repeated first call plans again.
  expect(planned).toBe(2);
  const record = await readRunRecord(store, NAME, last);
  expect(record.results).toEqual(plan.months.map(failed));
  expect(reportOf(NAME, last, record).months).toHaveLength(1_044);
});

test('a page holds as many months as half of the state', async () => {
  const { pages } = await loop(new FolderStore(folder()), planOf(58));
  const [first] = pages;
  expect(Buffer.byteLength(JSON.stringify(first))).toBeLessThan(PAGE_BYTES);
  expect(first?.months.length).toBeGreaterThan(50);
});

test('a plan without months is one empty page', async () => {
  const { pages, last } = await loop(new FolderStore(folder()), planOf(0));
  expect(pages).toMatchObject([{ page: 1, months: [], left: 0 }]);
  expect(last.state.plan?.left).toBe(0);
});

test('months beyond the history of an execution are left to the next run, which a problem says', async () => {
  const store = new FolderStore(folder());
  const { pages, last } = await loop(store, planOf(200));
  expect(pages.flatMap(({ months }) => months)).toHaveLength(MOST_MONTHS);
  const { plan } = await readRunRecord(store, NAME, last);
  expect(plan?.problems).toEqual([
    '1100 months are left for the next run: an execution exports at most 2500',
  ]);
});

test('a plan that was removed during the execution is an error that names its file', async () => {
  const store = new FolderStore(folder());
  const page = await nextPage(store, NAME, eventOf({}), () => Promise.resolve(planOf(58)));
  await store.delete(runPlanKey(NAME, 'e1'));
  const next = nextPage(store, NAME, eventOf({ plan: page, results: [] }), () => Promise.resolve(planOf(58)));
  await expect(next).rejects.toThrow(/runs\/e1\/plan\.json: found no file, expected what an earlier step/);
});
