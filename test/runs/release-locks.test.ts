import { lockKey } from '../../shared/exports/layout';
import { acquireRunLocks } from '../../shared/exports/run-lock';
import { executionEndSchema, releaseRunLocks } from '../../shared/runs/release-locks';
import { FolderStore } from '../../shared/stores/folder-store';
import { scratch } from '../support/tiny-run';

const folder = scratch();

/** As EventBridge delivers it for a stopped execution, shortened. */
const EVENT = {
  source: 'aws.states',
  'detail-type': 'Step Functions Execution Status Change',
  detail: {
    executionArn: 'arn:aws:states:us-east-1:123456789012:execution:CarbonExports:e1',
    stateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:CarbonExports',
    name: 'e1',
    status: 'ABORTED',
    startDate: 1_760_000_000_000,
    stopDate: 1_760_000_100_000,
  },
};

test('the event of a stopped execution names the holder of its locks', () => {
  expect(executionEndSchema.parse(EVENT).detail).toMatchObject({ name: 'e1', status: 'ABORTED' });
});

test('the event of an execution that is not over is refused', () => {
  const running = { ...EVENT, detail: { ...EVENT.detail, status: 'RUNNING' } };
  expect(executionEndSchema.safeParse(running).success).toBe(false);
});

test('the locks of the execution are released, and those of another one stay', async () => {
  const store = new FolderStore(folder());
  await acquireRunLocks(store, ['x', 'x-by-tag-team'], { id: 'e1' }, new Date());
  await acquireRunLocks(store, ['x-by-resource'], { id: 'e2' }, new Date());
  await releaseRunLocks(store, ['x', 'x-by-tag-team', 'x-by-resource', 'x-unlocked'], 'e1');
  const locks = (await store.list('')).map(({ key }) => key).filter((key) => key.includes('lock'));
  expect(locks).toEqual([lockKey('x-by-resource')]);
});
