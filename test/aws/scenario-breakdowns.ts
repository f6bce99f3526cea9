import { functionSettings } from '../../infra/function-settings';
import { parseSettings } from '../../infra/settings';
import { dataKey, asExportMonth, lockKey, stateIndexKey } from '../../shared/exports/layout';
import { numberIn, withSession } from '../../shared/sql/duck-session';
import { check, checkEqual } from './check';
import { Deliveries, monthsOf } from './deliveries';
import type { World } from './world';

const NAME = 'aws-by-team';
const BY = ['tag:business_unit'];
const BREAKDOWN_NAME = `${NAME}-by-tag-business-unit-c725743e`;
const AT = asExportMonth('2024-09', 'v3.0.0');

/** AWS's totals, and a breakdown by a tag of real bills. */
export function totalsBrokenDown(world: World): Promise<void> {
  return Deliveries.with(world, async (deliveries) => {
    const settings = deliveries.settings(NAME, BY);
    const asOf = '2026-11-18T00:00:00Z';
    await lockedBreakdown(world, () => world.execute(asOf, settings));
    const first = await world.execute(asOf, settings);
    check('the execution is green', first.status === 'green', first);
    const each = (status: string): unknown[] =>
      [NAME, BREAKDOWN_NAME].map((name) => [name, AT.month, AT.modelVersion, status]);
    checkEqual('the export and its breakdown are published', monthsOf(first), each('published'));
    checkEqual(
      'both as the local command writes them',
      await deliveries.differencesFromLocal(NAME, asOf, BY),
      [],
    );
    await addsUp(world);
    const mail = world.proxy.seen.filter(({ body }) => body.includes('Action=Publish')).at(-1)?.body ?? '';
    check(
      'the mail reports both',
      decodeURIComponent(mail).includes(`Published of ${BREAKDOWN_NAME}: 2024-09`),
      mail,
    );
    const before = await versionsOf(world);
    const invocations = world.host.invocations.length;
    const again = await world.execute('2026-11-19T00:00:00Z', settings);
    checkEqual('a second execution finds both unchanged', monthsOf(again), each('unchanged'));
    checkEqual('and writes no file that readers see', await versionsOf(world), before);
    const steps = world.host.invocations.slice(invocations).map(({ step }) => step);
    checkEqual('nor looks into a month', steps, ['GatherAccounts', 'PlanMonths', 'FinishRun']);
    checkEqual('all locks are free', await locksOf(world), []);
  });
}

/** If another run writes to one of the exports, the run changes no export. */
async function lockedBreakdown(world: World, execute: () => ReturnType<World['execute']>): Promise<void> {
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const lock = JSON.stringify({ id: 'other-run', since: new Date().toISOString(), until });
  await world.exports.put(lockKey(BREAKDOWN_NAME), lock);
  const { status, error, report } = await execute();
  check('red where the breakdown is locked', status === 'red', report);
  check('and the message names the holder', error?.includes('execution other-run, since') ?? false, error);
  checkEqual('no month was planned', report?.months, []);
  checkEqual('the lock of the other export is free again', await locksOf(world), [lockKey(BREAKDOWN_NAME)]);
  await world.exports.delete(lockKey(BREAKDOWN_NAME));
}

/** Usage of racks has no tags: the month of the breakdown fails, and the export that is not broken down is unchanged. */
export async function breakdownOfUsage(world: World): Promise<void> {
  const settings = functionSettings(
    parseSettings({ exportName: 'usage-by-team', by: ['tag:team'], months: 1 }),
  );
  const { status, error, report } = await world.execute('2026-12-20T00:00:00Z', settings);
  checkEqual('the execution is red', status, 'red');
  const breakdown = 'usage-by-team-by-tag-team';
  checkEqual(
    'because of the breakdown alone',
    report?.months.map((month) => [month.exportName, month.status]),
    [
      ['usage-by-team', 'published'],
      [breakdown, 'failed'],
    ],
  );
  check('which the error names', error?.includes(`failed months: 2026-10 of ${breakdown}`) ?? false, error);
  const reason = report?.months.at(-1)?.error;
  check('with the reason', reason?.includes('expected bills (focus/ or cur/)') ?? false, reason);
  const finish = world.host.invocations.findLast(({ step }) => step === 'FinishRun');
  check('metrics count both', /"MonthsPublished":1,.*"MonthsFailed":1/.test(finish?.log ?? ''), finish?.log);
}

/** Compares each row with the sum of its parts, in every column of emissions. */
async function addsUp(world: World): Promise<void> {
  const [plain, breakdown] = await Promise.all(
    [NAME, BREAKDOWN_NAME].map((name) => world.exports.localCopy(dataKey(name, AT, 'parquet'))),
  );
  const keys = 'usage_account_id, region_code, product_code';
  // Rows of AWS without a Region have no Region here.
  const places = `usage_account_id, coalesce(region_code, '') AS region_code, product_code`;
  const sums = ['lbm', 'mbm', 'scope_1', 'scope_2_lbm', 'scope_2_mbm', 'scope_3_lbm', 'scope_3_mbm'].map(
    (name) => `total_${name}_emissions_value`,
  );
  const grouped = (path = ''): string =>
    `(SELECT ${places}, ${sums.map((name) => `sum(${name}) AS ${name}`).join(', ')} FROM read_parquet('${path}') GROUP BY ALL)`;
  await withSession({}, async (session) => {
    const differs = sums.map(
      (name) =>
        `abs(a.${name} - b.${name}) > 1e-9 * abs(a.${name}) OR a.${name} IS NULL <> b.${name} IS NULL`,
    );
    const [row] = await session.rows(
      `SELECT count(*) AS rows, count(*) FILTER (a.usage_account_id IS NULL OR b.usage_account_id IS NULL OR ${differs.join(' OR ')}) AS wrong,
         (SELECT count(DISTINCT split_value) FROM read_parquet('${breakdown?.path ?? ''}')) AS values_
       FROM ${grouped(plain?.path)} a FULL JOIN ${grouped(breakdown?.path)} b USING (${keys})`,
    );
    check('there are rows to compare', numberIn(row, 'rows') > 100, row);
    checkEqual('every row is what its parts add up to', numberIn(row, 'wrong'), 0);
    check('by several values of the tag', numberIn(row, 'values_') > 2, row);
  });
  await Promise.all([plain?.release(), breakdown?.release()]);
}

/** Versions of all objects but the records of runs and the copy of the months' states, which a later run makes. */
async function versionsOf(world: World): Promise<unknown[]> {
  const copies = [NAME, BREAKDOWN_NAME].map(stateIndexKey);
  const objects = await world.exports.list(NAME);
  return objects
    .filter(({ key }) => !key.includes('/runs/') && !copies.includes(key))
    .map(({ key, version }) => [key, version]);
}

async function locksOf(world: World): Promise<string[]> {
  const objects = await world.exports.list(NAME);
  return objects.map(({ key }) => key).filter((key) => key.endsWith('/lock.json'));
}
