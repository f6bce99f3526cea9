import { asMonth } from '../../shared/base/month';
import { readSnapshot } from '../../shared/organization/snapshots';
import { check, checkEqual } from './check';
import { withStates } from './organization';
import { changeUsage, withoutLast } from './scenario-changes';
import type { World } from './world';

const THROTTLED = JSON.stringify({
  __type: 'TooManyRequestsException',
  message: "AWS Organizations can't complete your request because another request is already in progress.",
});

export async function throttledOrganizations(world: World): Promise<void> {
  let throttles = 0;
  world.proxy.rewrite = withStates(['Member 9']);
  world.proxy.fault = ({ target }) => {
    if (!target.includes('Organizations') || throttles >= 8 || Math.random() < 0.3) return undefined;
    throttles += 1;
    return { kind: 'answer', status: 400, body: THROTTLED };
  };
  const { status, report } = await world.execute('2026-12-15T00:00:00Z');
  checkEqual('Organizations was throttled', throttles, 8);
  checkEqual('and was read', report?.problems, []);
  const stored = await readSnapshot(world.exports, asMonth('2026-12'));
  checkEqual('the new month has its own snapshot', stored?.snapshot.accounts.length, 46);
  const gone = stored?.snapshot.accounts.find(({ accountName }) => accountName === 'Member 9');
  checkEqual('an account that is no longer listed keeps its name, marked', gone?.left, true);
  checkEqual(
    'the month that has no usage yet is missing, and no failure',
    [report?.missing, status],
    [['2026-11'], 'green'],
  );
}

export async function failingS3(world: World): Promise<void> {
  for (const month of ['2025-06', '2025-07', '2025-08']) await changeUsage(world, month, withoutLast);
  let count = 0;
  const faults = { unavailable: 0, resets: 0, cutOff: 0 };
  world.proxy.fault = ({ target, url, body }) => {
    if (target !== '' || body.includes('Action=')) return undefined;
    count += 1;
    if (count % 9 === 0 && faults.unavailable < 10) {
      faults.unavailable += 1;
      const text = '<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>';
      return { kind: 'answer', status: 503, body: text };
    }
    if (count % 13 === 0 && faults.resets < 8) {
      faults.resets += 1;
      return { kind: 'reset' };
    }
    if (count % 7 === 0 && faults.cutOff < 4 && url.includes('usage_period')) {
      faults.cutOff += 1;
      return { kind: 'reset', afterBytes: 100 };
    }
    return undefined;
  };
  const { status, report } = await world.execute('2026-12-16T00:00:00Z');
  const { unavailable, resets, cutOff } = faults;
  check(`S3 failed (${JSON.stringify(faults)})`, unavailable > 3 && resets > 3 && cutOff > 0);
  check('the execution is green all the same', status === 'green', report?.problems);
  const published = report?.months.filter((month) => month.status === 'published').map(({ month }) => month);
  checkEqual('and the changed months are published', published, ['2025-06', '2025-07', '2025-08']);
}
