import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { STEPS } from '../../infra/state-machine';
import type { FunctionSettings } from '../../lambdas/function-settings';
import { VARIABLES } from '../../lambdas/variables';
import { writeSampleEstate } from '../../sample/generate';
import type { ExecutionReport } from '../../shared/runs/finish-run';
import { reportKey } from '../../shared/exports/layout';
import { S3Store } from '../../shared/stores/s3-store';
import { type DeployedFunction, Deployment } from '../support/deployment';
import { Catalogs } from './catalog';
import { FaultProxy } from './fault-proxy';
import { loadInterpreter } from './interpreter';
import { LambdaHost } from './lambda-host';
import { type Call, callOf } from './rights';
import { freePort, MotoServer } from './servers';

/** Name of the export in cdk.json. */
export const EXPORT = 'carbon-emissions';

/** How an execution of the state machine ended. */
export interface Execution {
  readonly status: 'green' | 'red';
  readonly error?: string;
  readonly report: ExecutionReport | undefined;
}

const ROOT = join(__dirname, '..', '..');

/** Servers, buckets, an estate, and the deployed pipeline. */
export class World {
  /** Folder of the estate that the bucket mirrors. */
  readonly estate: string;
  /** Folder that the local command writes to. */
  readonly local: string;
  readonly host: LambdaHost;
  readonly moto: MotoServer;
  readonly proxy: FaultProxy;
  readonly inputs: S3Store;
  readonly exports: S3Store;
  readonly catalogs: Catalogs;
  /** Calls of functions with the deployed settings. */
  readonly calls: Call[] = [];
  private executions = 0;

  private constructor(
    readonly home: string,
    { moto, proxy }: { readonly moto: MotoServer; readonly proxy: FaultProxy },
    readonly deployment: Deployment,
    buckets: { readonly inputs: string; readonly exports: string },
  ) {
    this.moto = moto;
    this.proxy = proxy;
    const work = join(home, 'work');
    rmSync(work, { recursive: true, force: true });
    this.estate = join(work, 'estate');
    this.local = join(work, 'local');
    const tmp = join(work, 'tmp');
    mkdirSync(tmp, { recursive: true });
    this.host = new LambdaHost(proxy.url, tmp);
    const client = new S3Client({ endpoint: `http://127.0.0.1:${String(moto.port)}` });
    this.inputs = new S3Store({ client, bucket: buckets.inputs, prefix: '', scratch: tmp });
    this.exports = new S3Store({ client, bucket: buckets.exports, prefix: '', scratch: tmp });
    const steps: readonly string[] = Object.values(STEPS);
    proxy.onSeen = (request) => {
      const call = steps.includes(request.caller) ? callOf(request) : undefined;
      if (call !== undefined) this.calls.push(call);
    };
    this.catalogs = new Catalogs(proxy.url, this.exports.uri(''));
  }

  static async open(home: string, program: string, cdkOut: string): Promise<World> {
    const moto = await MotoServer.start(program, join(home, 'moto.log'));
    const proxy = await FaultProxy.start(moto.port, await freePort());
    const endpoint = `http://127.0.0.1:${String(moto.port)}`;
    const names = new Map<string, string>();
    const deployment = new Deployment(cdkOut, (type, id) => names.get(id) ?? `${type}/${id}`);
    const s3 = new S3Client({ endpoint });
    for (const { id } of deployment.resources('AWS::S3::Bucket')) {
      names.set(id, id.toLowerCase());
      await s3.send(new CreateBucketCommand({ Bucket: id.toLowerCase() }));
    }
    const sns = new SNSClient({ endpoint });
    for (const { id } of deployment.resources('AWS::SNS::Topic')) {
      const { TopicArn: arn = '' } = await sns.send(new CreateTopicCommand({ Name: id }));
      names.set(id, arn);
    }
    const bucket = (start: string): string =>
      [...names.values()].find((name) => name.startsWith(start)) ?? '';
    const buckets = { inputs: bucket('inputsbucket'), exports: bucket('exportsbucket') };
    return new World(home, { moto, proxy }, deployment, buckets);
  }

  /** Generates a small estate of 38 months, and uploads it. */
  async writeEstate(): Promise<void> {
    await writeSampleEstate({ outDir: this.estate, accounts: 46, regions: 4, racksPerCluster: 3 });
  }

  /** Uploads files of the estate to the bucket, all of them unless some are named. */
  async upload(keys?: readonly string[]): Promise<void> {
    for (const key of keys ?? filesOf(this.estate)) await this.inputs.putFile(key, join(this.estate, key));
  }

  /**
   * Runs the state machine's own definition.
   *
   * @param settings replace the deployed settings of the functions
   * @param variables further environment variables of the functions
   * @param own handlers that replace those of the bundles, by step
   */
  async execute(
    asOf: string,
    settings?: FunctionSettings,
    variables: Readonly<Record<string, string>> = {},
    own: Readonly<Record<string, (event: unknown) => Promise<unknown>>> = {},
  ): Promise<Execution> {
    const catalog = settings && { [VARIABLES.catalogDatabase]: await this.catalogs.create(settings) };
    this.executions += 1;
    const execution = `execution-${String(this.executions)}`;
    const definition = this.deployment.definition();
    const { StateMachine } = loadInterpreter(this.home);
    const machine = new StateMachine(definition, { validationOptions: { checkArn: false } });
    const handlers = Object.fromEntries(
      Object.values(STEPS).map((step) => [
        step,
        (event: unknown) =>
          this.host.invoke(
            step,
            withVariables(this.functionOf(step), settings, { ...catalog, ...variables }),
            startedAt(asOf, event),
            // Roles are those of the deployed settings.
            settings === undefined ? step : 'test',
          ),
      ]),
    );
    const run = machine.run(
      { asOf },
      {
        context: { Execution: { Name: execution, StartTime: asOf } },
        overrides: {
          taskResourceLocalHandlers: { ...handlers, ...own },
          retryIntervalOverrides: Object.fromEntries(Object.values(STEPS).map((step) => [step, 100])),
        },
      },
    );
    const ended = await run.result.then(
      () => ({ status: 'green' as const }),
      (error: unknown) => ({ status: 'red' as const, error: String(error) }),
    );
    const stored = await this.exports.get(`${settings?.exportName ?? EXPORT}/runs/${execution}.json`);
    const report =
      stored === undefined ? undefined : (JSON.parse(stored.body.toString('utf8')) as ExecutionReport);
    return { ...ended, report };
  }

  /** The environment variables of a step's function in a deployment with other settings. */
  environmentOf(step: string, settings: FunctionSettings): Readonly<Record<string, string>> {
    return withVariables(this.functionOf(step), settings, {}).environment;
  }

  /** The function that a step of the definition calls. */
  functionOf(step: string): DeployedFunction {
    const text = JSON.stringify(this.deployment.definition());
    const resource = new RegExp(`"${step}":\\{[^{}]*"Resource":"([^"]+)"`).exec(text)?.[1];
    if (resource === undefined) throw new Error(`no step ${step}`);
    return this.deployment.function(resource);
  }

  /** Runs the local command on the same estate. Returns its exit code. */
  runLocally(asOf: string): number {
    const command = ['bin/carbon-exports.js', 'run', '--inputs', this.estate, '--out', this.local, '--json'];
    try {
      execFileSync(process.execPath, [...command, '--as-of', asOf.slice(0, 10)], {
        cwd: ROOT,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      return 0;
    } catch (error) {
      return error instanceof Error && 'status' in error ? Number(error.status) : -1;
    }
  }

  /** Runs the local command from bucket to bucket, with two months. */
  async runOnS3(asOf: string): Promise<number> {
    const out = this.exports.uri('by-command');
    const command = ['bin/carbon-exports.js', 'run', '--inputs', this.inputs.uri(''), '--out', out];
    const child = spawn(process.execPath, [...command, '--as-of', asOf, '--months', '2'], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, AWS_ENDPOINT_URL: `http://127.0.0.1:${String(this.moto.port)}` },
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? -1;
  }

  async createBucket(name: string): Promise<void> {
    const client = new S3Client({ endpoint: `http://127.0.0.1:${String(this.moto.port)}` });
    await client.send(new CreateBucketCommand({ Bucket: name }));
  }

  /** Keys below data/ and metadata/ whose content differs from what the local command wrote, or that one side lacks. */
  async differencesFromLocal(): Promise<string[]> {
    const folder = join(this.local, EXPORT);
    const locals = ['data', 'metadata'].flatMap((part) =>
      filesOf(join(folder, part)).map((file) => `${EXPORT}/${part}/${file}`),
    );
    const stored = [
      ...(await this.exports.list(`${EXPORT}/data/`)),
      ...(await this.exports.list(`${EXPORT}/metadata/`)),
    ].map(({ key }) => key);
    const different: string[] = [];
    for (const key of new Set([...locals, ...stored])) {
      if (!locals.includes(key) || !stored.includes(key)) {
        different.push(key);
        continue;
      }
      const remote = (await this.exports.get(key))?.body ?? Buffer.alloc(0);
      const ours = readFileSync(join(this.local, key));
      // A manifest names its file by a URI: that alone may differ.
      const same = key.endsWith('.json')
        ? remote.toString('utf8').replaceAll(this.exports.uri(''), '') === ours.toString('utf8')
        : remote.equals(ours);
      if (!same) different.push(key);
    }
    return different;
  }

  /** The report page in the bucket, blank before a run wrote one. Its accounts have OUs, which those of the local command lack. */
  async page(): Promise<string> {
    return (await this.exports.get(reportKey(EXPORT)))?.body.toString('utf8') ?? '';
  }

  /** Versions of everything published, by key. */
  async published(): Promise<Record<string, string>> {
    const objects = [
      ...(await this.exports.list(`${EXPORT}/data/`)),
      ...(await this.exports.list(`${EXPORT}/metadata/`)),
    ];
    return Object.fromEntries(objects.map(({ key, version = '' }) => [key, version]));
  }

  /** Keeps the estate as it is, to come back to. */
  keepFile(key: string): () => void {
    const kept = join(this.home, 'work', 'kept');
    cpSync(join(this.estate, key), kept);
    return () => {
      cpSync(kept, join(this.estate, key));
    };
  }

  async close(): Promise<void> {
    for (const { child } of this.host.running) child.kill('SIGKILL');
    await this.proxy.stop();
    await this.moto.stop();
  }
}

function withVariables(
  deployed: DeployedFunction,
  settings: FunctionSettings | undefined,
  variables: Readonly<Record<string, string>>,
): DeployedFunction {
  const changed = settings === undefined ? {} : { [VARIABLES.settings]: JSON.stringify(settings) };
  return { ...deployed, environment: { ...deployed.environment, ...changed, ...variables } };
}

/** Paths of all files below a folder, relative to it. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** The interpreter starts every execution now; scenarios are executions of other days. */
function startedAt(instant: string, event: unknown): unknown {
  if (typeof event !== 'object' || event === null || !('startedAt' in event)) return event;
  return { ...event, startedAt: instant };
}
