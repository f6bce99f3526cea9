import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from 'aws-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { functionSettings } from '../../infra/function-settings';
import { parseSettings } from '../../infra/settings';
import { STEPS } from '../../infra/state-machine';
import { handler } from '../../lambdas/export-month.lambda';
import type { FunctionSettings } from '../../lambdas/function-settings';
import { S3Store } from '../../shared/stores/s3-store';
import { EstateFolder } from '../support/estate-folder';
import { HISTORY, HISTORY_BREAKDOWNS, writeHistory } from '../support/history-estate';
import { check, checkEqual } from './check';
import { filesOf, type World } from './world';

const NAME = 'whole-history';
const FOLDERS = ['aws_carbon', 'focus'] as const;

/** Everything that AWS delivered since January 2022, in three versions and three breakdowns, is one execution. */
export async function wholeHistory(world: World): Promise<void> {
  const settings = await deliver(world);
  const exportMonth = inProcess(world, settings);
  const invocations = world.host.invocations.length;
  const first = await world.execute(
    '2026-11-20T00:00:00Z',
    settings,
    {},
    { [STEPS.exportMonth]: exportMonth },
  );
  check('the execution is green', first.status === 'green', { error: first.error, report: first.report });
  const exports = 1 + HISTORY_BREAKDOWNS.length;
  checkEqual(
    'every month of every export is in the report',
    first.report?.months.length,
    exports * HISTORY.length,
  );
  const steps = world.host.invocations.slice(invocations).map(({ step }) => step);
  check('on several pages', steps.filter((step) => step === STEPS.planMonths).length > 2, steps);
  for (const [table, partitions] of Object.entries(await world.catalogs.partitionsOf(settings))) {
    // Other scenarios keep snapshots of other months in the same bucket.
    if (table === 'accounts') check('the snapshot is visible', partitions.includes('2026-11'), partitions);
    else checkEqual(`every month and version of ${table} is visible`, partitions, HISTORY);
  }
  const again = await world.execute('2026-11-21T00:00:00Z', settings);
  check('a second execution finds everything unchanged', again.status === 'green', again.report?.problems);
  checkEqual(
    'and computes nothing',
    new Set(again.report?.months.map(({ status }) => status)),
    new Set(['unchanged']),
  );
}

/** Fills two buckets as AWS Data Exports does, and returns the settings of a deployment that reads them. */
async function deliver(world: World): Promise<FunctionSettings> {
  const folder = join(world.home, 'work', 'history');
  rmSync(folder, { recursive: true, force: true });
  writeHistory(new EstateFolder(folder));
  const client = new S3Client({ endpoint: world.proxy.url });
  for (const name of FOLDERS) {
    await world.createBucket(bucketOf(name));
    const scratch = join(world.home, 'work', 'tmp');
    const store = new S3Store({ client, bucket: bucketOf(name), prefix: 'monthly', scratch });
    for (const file of filesOf(join(folder, name))) await store.putFile(file, join(folder, name, file));
  }
  const deliveryOf = (name: string): object => ({ bucket: bucketOf(name), prefix: 'monthly' });
  return functionSettings(
    parseSettings({
      ...{ exportName: NAME, by: HISTORY_BREAKDOWNS },
      awsTotals: { carbon: deliveryOf('aws_carbon'), bills: { ...deliveryOf('focus'), table: 'focus' } },
    }),
  );
}

function bucketOf(folder: string): string {
  return `history-${folder.replaceAll('_', '-')}`;
}

/**
 * Returns the handler of export-month in this process: hundreds of months would take minutes to start a process each, and
 * other scenarios run the bundle. main.ts sets what the module reads when it is loaded.
 */
function inProcess(world: World, settings: FunctionSettings): (event: unknown) => Promise<unknown> {
  Object.assign(process.env, {
    ...world.environmentOf(STEPS.exportMonth, settings),
    AWS_ENDPOINT_URL: world.proxy.url,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '4096',
  });
  const context = { functionName: STEPS.exportMonth, getRemainingTimeInMillis: () => 900_000 };
  return (event) => handler(event, context as Context);
}
