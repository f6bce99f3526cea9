import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { functionSettings } from '../../infra/pipeline-stack';
import { parseSettings } from '../../infra/settings';
import { writeAwsEstate } from '../../sample/aws-estate';
import { S3Store } from '../../shared/stores/s3-store';
import { check, checkEqual } from './check';
import { filesOf } from './world';
import type { World } from './world';

const NAME = 'totals-of-aws';
const FOLDERS = ['aws_carbon', 'focus'] as const;

/** Two buckets as AWS Data Exports fills them; the estate's own bucket has racks, which do not matter here. */
export async function awsTotals(world: World): Promise<void> {
  const estate = join(world.home, 'work', 'aws-estate');
  await writeAwsEstate(estate);
  const client = new S3Client({ endpoint: world.proxy.url });
  for (const folder of FOLDERS) {
    const bucket = bucketOf(folder);
    await world.createBucket(bucket);
    const scratch = join(world.home, 'work', 'tmp');
    const store = new S3Store({ client, bucket, prefix: 'some/export', scratch });
    for (const file of filesOf(join(estate, folder))) await store.putFile(file, join(estate, folder, file));
  }
  // What else an estate of AWS's totals may have: how its bills are to be read.
  const before = await world.inputs.get('settings.json');
  await world.inputs.putFile('settings.json', join(estate, 'settings.json'));
  const deliveryOf = (folder: string): { bucket: string; prefix: string } => ({
    bucket: bucketOf(folder),
    prefix: 'some/export',
  });
  const settings = functionSettings(
    parseSettings({
      exportName: NAME,
      awsTotals: { carbon: deliveryOf('aws_carbon'), bills: { ...deliveryOf('focus'), table: 'focus' } },
    }),
  );
  const asOf = '2026-11-18T00:00:00Z';
  const first = await world.execute(asOf, settings);
  check('the execution is green', first.status === 'green', first);
  checkEqual('the month is published in AWS\u2019s version', monthsOf(first.report), [
    ['2024-09', 'v3.0.0', 'published'],
  ]);
  checkEqual('as the local command writes it', await differences(world, estate, asOf), []);
  const again = await world.execute('2026-11-19T00:00:00Z', settings);
  checkEqual('and is not looked into again', monthsOf(again.report), [['2024-09', 'v3.0.0', 'unchanged']]);
  const unseen = await world.execute('2026-11-20T00:00:00Z', {
    ...settings,
    exportName: `${NAME}-2`,
    awsTotals: { sources: settings.awsTotals?.sources ?? {}, modelVersions: ['v9.0.0'] },
  });
  check(
    'a version that Athena does not look for is told',
    unseen.report?.problems.join().includes('AWS delivers version v3.0.0') ?? false,
    unseen.report?.problems,
  );
  if (before === undefined) await world.inputs.delete('settings.json');
  else await world.inputs.put('settings.json', before.body);
}

function bucketOf(folder: string): string {
  return `delivered-${folder.replaceAll('_', '-')}`;
}

function monthsOf(report: Awaited<ReturnType<World['execute']>>['report']): unknown[] {
  return (report?.months ?? []).map(({ month, modelVersion, status }) => [month, modelVersion, status]);
}

/** Data files in the bucket that the local command writes otherwise. */
async function differences(world: World, estate: string, asOf: string): Promise<string[]> {
  const out = join(world.home, 'work', 'aws-local');
  const command = ['bin/carbon-exports.js', 'run', '--inputs', estate, '--out', out, '--export-name', 'x'];
  execFileSync(process.execPath, [...command, '--as-of', asOf.slice(0, 10)], {
    cwd: join(__dirname, '..', '..'),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const files = filesOf(join(out, 'x-aws', 'data'));
  const different: string[] = files.length === 1 ? [] : ['one file was expected'];
  for (const file of files) {
    const stored = await world.exports.get(`${NAME}/data/${file.replace('x-aws-', `${NAME}-`)}`);
    if (stored?.body.equals(readFileSync(join(out, 'x-aws', 'data', file))) !== true) different.push(file);
  }
  return different;
}
