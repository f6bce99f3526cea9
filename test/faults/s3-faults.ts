import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { lockKey, stateIndexKey } from '../../shared/exports/layout';
import { s3Client } from '../../shared/stores/s3-client';
import { S3Store } from '../../shared/stores/s3-store';
import { type Fault, FaultProxy } from '../aws/fault-proxy';
import { freePort, MotoServer } from '../aws/servers';
import { EXPORT_NAME } from '../support/export-name';
import { filesBelow } from '../support/folder-contents';
import { hasFailed, runStores } from '../support/run-export';
import { ChildRun } from './child-run';
import {
  compareTrees,
  type FaultFigures,
  type FaultWorld,
  summed,
  type Tree,
  type Trial,
} from './fault-world';
import { runArguments } from './killed-runs';
import { seeded } from './seeded';

const UNAVAILABLE = '<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>';

/** A local S3 server behind a proxy that can fail, with the estates of a {@link FaultWorld} in buckets. */
export class S3World {
  private buckets = 0;

  private constructor(
    readonly world: FaultWorld,
    private readonly moto: MotoServer,
    readonly proxy: FaultProxy,
  ) {}

  static async open(world: FaultWorld, program: string): Promise<S3World> {
    const moto = await MotoServer.start(program, '/dev/null');
    const proxy = await FaultProxy.start(moto.port, await freePort());
    process.env['AWS_ENDPOINT_URL'] = proxy.url;
    process.env['AWS_ACCESS_KEY_ID'] = 'test';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
    process.env['AWS_REGION'] = 'us-east-1';
    const opened = new S3World(world, moto, proxy);
    await opened.bucketOf(world.inputs, 'inputs');
    await opened.bucketOf(world.changedInputs, 'changed');
    return opened;
  }

  async close(): Promise<void> {
    await this.proxy.stop();
    await this.moto.stop();
  }

  /** Creates a bucket with the files of a folder. Returns its name. */
  async bucketOf(folder: string | undefined, name?: string): Promise<string> {
    this.buckets += 1;
    const bucket = name ?? `exports-${String(this.buckets)}`;
    const client = s3Client();
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    const store = this.store(bucket);
    if (folder !== undefined) {
      for (const key of filesBelow(folder)) await store.putFile(key, join(folder, key));
    }
    return bucket;
  }

  /** Returns how a trial of {@link FaultWorld} starts, with buckets. */
  async trial(isRestatement: boolean): Promise<Trial> {
    const out = await this.bucketOf(isRestatement ? this.world.published : undefined);
    return { ...this.world.trial(isRestatement), inputs: isRestatement ? 'changed' : 'inputs', out };
  }

  /** Returns a store with short time-outs. */
  store(bucket: string): S3Store {
    const client = s3Client({ connectMs: 1_000, idleMs: 1_000 });
    return new S3Store({ client, bucket, prefix: '', scratch: this.world.folder(false) });
  }

  /** Returns the hashes of a bucket's objects. URIs in manifests are replaced by those of a folder. */
  async contents(bucket: string): Promise<Tree> {
    const store = this.store(bucket);
    const tree: Record<string, string> = {};
    for (const { key } of await store.list('')) {
      // Copies of the states, which only a store with versions of objects has.
      if (key === stateIndexKey(EXPORT_NAME)) continue;
      const stored = await store.get(key);
      if (stored !== undefined)
        tree[key] = createHash('sha256').update(comparable(key, stored.body)).digest('hex');
    }
    return tree;
  }
}

/** States record how inputs were listed, which a folder cannot do; manifests have the URIs of files. */
function comparable(key: string, body: Buffer): Buffer | string {
  if (!key.endsWith('.json')) return body;
  return body
    .toString('utf8')
    .replace(/s3:\/\/exports-\d+\//g, '')
    .replace(/\n "listing": "\w+",/, '');
}

/** 30 % of requests fail: refused, reset, cut off in the middle, never answered or slow. */
function faultsOf(random: () => number, counted: () => void): () => Fault | undefined {
  const kinds: readonly Fault[] = [
    { kind: 'answer', status: 503, body: UNAVAILABLE },
    { kind: 'answer', status: 500, body: UNAVAILABLE },
    { kind: 'reset' },
    { kind: 'reset', afterBytes: 60 },
    { kind: 'hang' },
    { kind: 'slow', ms: 300 },
  ];
  return () => {
    if (random() >= 0.3) return undefined;
    counted();
    return kinds[Math.floor(random() * kinds.length)];
  };
}

/** Yields backfills into an empty bucket and restatements, in turn. */
function alternating(trials: number): boolean[] {
  return Array.from({ length: trials }, (_, trial) => trial % 2 === 1);
}

const MOST_RUNS = 12;

/** Runs on an S3 server that fails three requests in ten, until a run has no error. */
export async function failingS3(s3: S3World, trials: number, seed: number): Promise<FaultFigures> {
  const random = seeded(seed);
  const figures = [];
  for (const isRestatement of alternating(trials)) {
    const { inputs, out: bucket, day, expected } = await s3.trial(isRestatement);
    let [faults, failedRuns] = [0, 0];
    s3.proxy.fault = faultsOf(random, () => {
      faults += 1;
    });
    for (let run = 0; run < MOST_RUNS; run += 1) {
      if (await succeeds(s3, { inputs, out: bucket, day })) break;
      failedRuns += 1;
    }
    s3.proxy.reset();
    figures.push({ faults, failedRuns, ...compareTrees(await s3.contents(bucket), expected) });
  }
  return summed('30 % of requests fail: 503, 500, resets, cut-offs, no answer, slow (S3 port)', figures);
}

async function succeeds(
  s3: S3World,
  { inputs, out, day }: Pick<Trial, 'inputs' | 'out' | 'day'>,
): Promise<boolean> {
  try {
    return !hasFailed(await runStores(s3.store(inputs), s3.store(out), { asOf: day, threads: 1 }));
  } catch {
    return false;
  }
}

/** Does the same as {@link killedRuns}, from bucket to bucket. */
export async function killedOnS3(
  s3: S3World,
  trials: number,
  seed: number,
  workMs: number,
): Promise<FaultFigures> {
  const random = seeded(seed);
  const figures = [];
  for (const isRestatement of alternating(trials)) {
    const { inputs, out: bucket, day, expected } = await s3.trial(isRestatement);
    const args = runArguments(`s3://${inputs}`, `s3://${bucket}`, day);
    const run = ChildRun.start(args);
    const store = s3.store(bucket);
    while (run.isRunning && (await store.get(lockKey(EXPORT_NAME))) === undefined) await sleep(10);
    await sleep(random() * workMs);
    run.kill();
    const killed = (await run.ended).signal === 'SIGKILL';
    const isDone = await succeeds(s3, { inputs, out: bucket, day });
    const differences = compareTrees(await s3.contents(bucket), expected);
    figures.push({ faults: killed ? 1 : 0, failedRuns: isDone ? 0 : 1, ...differences });
  }
  return summed('SIGKILL at a random instant, then a rerun (S3 port)', figures);
}
