import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { functionSettings } from '../../infra/function-settings';
import { parseSettings } from '../../infra/settings';
import type { FunctionSettings } from '../../lambdas/function-settings';
import { writeAwsEstate } from '../../sample/aws-estate';
import { S3Store } from '../../shared/stores/s3-store';
import { filesBelow } from '../support/folder-contents';
import { type Execution, type World } from './world';

const FOLDERS = ['aws_carbon', 'focus'] as const;

/** Two buckets as AWS Data Exports fills them. */
export class Deliveries {
  private constructor(
    private readonly world: World,
    /** The same as the local command reads it. */
    private readonly estate: string,
  ) {}

  /** Fills the buckets; the bucket of the estate has racks, which do not matter here, and the settings of the bills. */
  static async with(world: World, work: (deliveries: Deliveries) => Promise<void>): Promise<void> {
    const estate = join(world.home, 'work', 'aws-estate');
    rmSync(estate, { recursive: true, force: true });
    await writeAwsEstate(estate);
    const client = new S3Client({ endpoint: world.proxy.url });
    for (const folder of FOLDERS) {
      const bucket = bucketOf(folder);
      await world.createBucket(bucket);
      const scratch = join(world.home, 'work', 'tmp');
      const store = new S3Store({ client, bucket, prefix: 'some/export', scratch });
      for (const file of filesBelow(join(estate, folder)))
        await store.putFile(file, join(estate, folder, file));
    }
    const before = await world.inputs.get('settings.json');
    await world.inputs.putFile('settings.json', join(estate, 'settings.json'));
    try {
      await work(new Deliveries(world, estate));
    } finally {
      if (before === undefined) await world.inputs.delete('settings.json');
      else await world.inputs.put('settings.json', before.body);
    }
  }

  /** Returns the settings of the functions in a deployment with the two exports. */
  settings(exportName: string, by: readonly string[] = []): FunctionSettings {
    const deliveryOf = (folder: string): { bucket: string; prefix: string } => ({
      bucket: bucketOf(folder),
      prefix: 'some/export',
    });
    return functionSettings(
      parseSettings({
        ...{ exportName, by },
        awsTotals: { carbon: deliveryOf('aws_carbon'), bills: { ...deliveryOf('focus'), table: 'focus' } },
      }),
    );
  }

  /** Data files in the bucket, of an export and its breakdowns, that the local command writes otherwise. */
  async differencesFromLocal(
    exportName: string,
    asOf: string,
    by: readonly string[] = [],
  ): Promise<string[]> {
    const out = join(this.world.home, 'work', `aws-local-${exportName}`);
    const command = ['bin/carbon-exports.js', 'run', '--inputs', this.estate, '--out', out];
    const options = [
      '--export-name',
      'x',
      '--as-of',
      asOf.slice(0, 10),
      ...(by.length > 0 ? ['--by', ...by] : []),
    ];
    execFileSync(process.execPath, [...command, ...options], {
      cwd: join(__dirname, '..', '..'),
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const files = filesBelow(out).filter((file) => /^x-aws[^/]*\/data\//.test(file));
    const different: string[] = files.length === 1 + by.length ? [] : ['a file for each export was expected'];
    for (const file of files) {
      const stored = await this.world.exports.get(file.replaceAll('x-aws', exportName));
      if (stored?.body.equals(readFileSync(join(out, file))) !== true) different.push(file);
    }
    return different;
  }
}

function bucketOf(folder: string): string {
  return `delivered-${folder.replaceAll('_', '-')}`;
}

/** What became of every month of an execution. */
export function monthsOf({ report }: Execution): unknown[] {
  return (report?.months ?? []).map(({ exportName, month, modelVersion, status }) => [
    ...[exportName, month, modelVersion, status],
  ]);
}
