import { acquireRunLocks } from '../../shared/exports/run-lock';
import { check, checkEqual } from './check';
import { EXPORT, type World } from './world';

const STEP = 'ReleaseLock';

/** An execution that is stopped calls no last step; the event of its end releases its lock, and no other lock. */
export async function stoppedExecution(world: World): Promise<void> {
  const found = world.deployment.resources('AWS::Lambda::Function').filter(({ id }) => id.startsWith(STEP));
  checkEqual('there is one function that releases locks', found.length, 1);
  const deployed = world.deployment.function(found[0]?.id ?? '');
  const endOf = (name: string): unknown => ({
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    detail: {
      executionArn: `arn:aws:states:us-east-1:123456789012:execution:machine:${name}`,
      name,
      status: 'ABORTED',
    },
  });
  await acquireRunLocks(world.exports, [EXPORT], { id: 'stopped' }, new Date());
  await world.host.invoke(STEP, deployed, endOf('another'));
  check('the end of another execution leaves the lock', (await locksOf(world)).length > 0);
  await world.host.invoke(STEP, deployed, endOf('stopped'));
  checkEqual('the end of the execution releases it', await locksOf(world), []);
}

async function locksOf(world: World): Promise<string[]> {
  return (await world.exports.list(`${EXPORT}/state/lock`)).map(({ key }) => key);
}
