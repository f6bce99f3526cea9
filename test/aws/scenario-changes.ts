import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { check, checkEqual } from './check';
import { filesBelow } from '../support/folder-contents';
import { EXPORT, type World } from './world';

const FIRST = '2025-03';
const SECOND = '2025-04';
const THIRD = '2025-05';

/** The month's usage file in the estate. */
function usageFile(world: World, month: string): string {
  const folder = `usage/usage_period=${month}`;
  const [name] = filesBelow(join(world.estate, folder));
  if (name === undefined) throw new Error(`no usage in ${month}`);
  return `${folder}/${name}`;
}

/** Rewrites a month's usage in the estate and in the bucket. */
export async function changeUsage(
  world: World,
  month: string,
  change: (lines: string[]) => string[],
): Promise<void> {
  const key = usageFile(world, month);
  const path = join(world.estate, key);
  const content = readFileSync(path);
  const text = (key.endsWith('.gz') ? gunzipSync(content) : content).toString('utf8');
  const changed = Buffer.from(`${change(text.trimEnd().split('\n')).join('\n')}\n`);
  writeFileSync(path, key.endsWith('.gz') ? gzipSync(changed) : changed);
  await world.upload([key]);
}

/** Leaves out the last line of usage. */
export function withoutLast(lines: string[]): string[] {
  return lines.slice(0, -1);
}

function changedKeys(before: Record<string, string>, after: Record<string, string>): string[] {
  return Object.keys(after).filter((key) => after[key] !== before[key]);
}

export async function restatement(world: World): Promise<void> {
  const before = await world.published();
  await changeUsage(world, FIRST, withoutLast);
  const { status, report } = await world.execute('2026-11-17T00:00:00Z');
  check('the execution is green', status === 'green', report);
  const published = report?.months.filter((month) => month.status === 'published').map(({ month }) => month);
  checkEqual('the changed month is restated', published, [FIRST]);
  const changed = changedKeys(before, await world.published());
  checkEqual('and only it is written', changed.length, 2);
  check(
    'its data and its manifest',
    changed.every((key) => key.includes(`usage_period=${FIRST}/`)),
    changed,
  );
  world.runLocally('2026-11-17');
  checkEqual('as the local command restates it', await world.differencesFromLocal(), []);
}

export async function brokenMonth(world: World): Promise<void> {
  const before = await world.published();
  const restore = world.keepFile(usageFile(world, SECOND));
  await changeUsage(world, SECOND, (lines) => [...lines, '12345678901,nowhere,nothing,-1,x']);
  await changeUsage(world, THIRD, withoutLast);
  const red = await world.execute('2026-11-22T06:00:00Z');
  check('the execution ends red', red.status === 'red', red.report);
  check('and names the month', red.error?.includes(`failed months: ${SECOND}`) ?? false, red.error);
  const failed = red.report?.months.filter(({ status }) => status === 'failed');
  checkEqual(
    'the report names it alone',
    failed?.map(({ month }) => month),
    [SECOND],
  );
  check(
    'with its reason',
    failed?.[0]?.error?.includes('expected a cluster_id that is in clusters') ?? false,
    failed,
  );
  const attempts = world.host.invocations.filter(({ error }) => error === 'InputError');
  checkEqual('bad input is not tried again', attempts.length, 1);
  const changed = changedKeys(before, await world.published());
  check(
    'the good month is published, the broken one is as it was',
    changed.length === 2 && changed.every((key) => key.includes(THIRD)),
    changed,
  );
  const finish = world.host.invocations.filter(({ step }) => step === 'FinishRun').at(-1);
  check(
    "the alarms' metrics say so",
    /"MonthsFailed":1,.*"MonthsMissing":1/.test(finish?.log ?? ''),
    finish?.log,
  );
  restore();
  await changeUsage(world, SECOND, withoutLast);
  const green = await world.execute('2026-11-23T00:00:00Z');
  checkEqual('after the correction, the next run succeeds', green.status, 'green');
  const published = green.report?.months.filter(({ status }) => status === 'published');
  checkEqual(
    'and publishes the month',
    published?.map(({ month }) => month),
    [SECOND],
  );
}

export async function killedLambda(world: World): Promise<void> {
  await changeUsage(world, FIRST, withoutLast);
  let kills = 0;
  world.proxy.onAnswered = ({ method, url }) => {
    const isData = method === 'PUT' && url.includes(`/${EXPORT}/data/`);
    if (!isData || kills > 0) return;
    kills += 1;
    for (const { step, child } of world.host.running) if (step === 'ExportMonth') child.kill('SIGKILL');
  };
  const { status, report } = await world.execute('2026-11-24T00:00:00Z');
  checkEqual('the function was killed between the data file and its manifest', kills, 1);
  check('the step is tried again and the execution is green', status === 'green', report);
  world.runLocally('2026-11-24');
  const manifest = await world.exports.get(
    `${EXPORT}/metadata/carbon_model_version=v2.0.0/usage_period=${FIRST}/${EXPORT}-Manifest.json`,
  );
  check(
    'the manifest is that of the new content',
    manifest?.body.toString('utf8').includes('2026-11-24') ?? false,
  );
}

export async function twoAtOnce(world: World): Promise<void> {
  for (const month of [FIRST, SECOND, THIRD]) await changeUsage(world, month, withoutLast);
  const ends = await Promise.all([
    world.execute('2026-11-25T00:00:00Z'),
    world.execute('2026-11-25T00:00:00Z'),
  ]);
  checkEqual('one is green and one stops', ends.map(({ status }) => status).sort(), ['green', 'red']);
  const stopped = ends.find(({ status }) => status === 'red');
  check(
    'and reports the reason',
    stopped?.error?.includes('is writing to this export') ?? false,
    stopped?.error,
  );
  checkEqual('the refused execution planned no month', stopped?.report?.months, []);
  const lock = await world.exports.get(`${EXPORT}/state/lock.json`);
  checkEqual('the lock is released', lock, undefined);
}
