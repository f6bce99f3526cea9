import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FaultProxy } from '../aws/fault-proxy';
import { MOTO_REGION } from '../support/local-aws';
import { BUILD, type Software } from './software';
import { TrinoClient } from './trino-client';

/** Catalog whose tables UNLOAD is stood in for with. */
export const UNLOAD_CATALOG = 'unload';

const START_LIMIT_MS = 240_000;

/** Servers on loopback, on free ports. */
export interface Servers {
  readonly trino: string;
  readonly aws: string;
  stop(): Promise<void>;
}

/** Starts moto and Trino and waits until both answer. */
export async function startServers(software: Software): Promise<Servers> {
  const folder = join(BUILD, 'run');
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'etc', 'catalog'), { recursive: true });
  await mkdir(join(folder, 'cache'));
  await mkdir(join(folder, 'unload'));
  const [awsPort, trinoPort] = [await freePort(), await freePort()];
  const aws = `http://127.0.0.1:${String(awsPort)}`;
  const trino = `http://127.0.0.1:${String(trinoPort)}`;
  const glue = await glueProxy(awsPort);
  await configureTrino(folder, trinoPort, { aws, glue: glue.url });
  const children: ChildProcess[] = [];
  const stop = async (): Promise<void> => {
    await stopAll(children);
    await glue.stop();
  };
  process.once('SIGINT', () => void stop().then(() => process.exit(130)));
  process.once('SIGTERM', () => void stop().then(() => process.exit(143)));
  try {
    const moto = start(folder, {
      ...{ name: 'moto', command: software.moto },
      args: ['-H', '127.0.0.1', '-p', String(awsPort)],
    });
    children.push(moto);
    await until('moto', moto, async () => (await fetch(`${aws}/moto-api/`)).ok);
    const server = start(folder, {
      ...{ name: 'trino', command: join(software.trino, 'bin', 'launcher') },
      args: ['run', '--etc-dir', join(folder, 'etc')],
      javaHome: software.javaHome,
    });
    children.push(server);
    await until('Trino', server, async () => {
      const info = (await (await fetch(`${trino}/v1/info`)).json()) as { starting: boolean };
      return !info.starting;
    });
    await until('a worker of Trino', server, () => runsOnWorker(trino));
    return { trino, aws, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Trino asks Glue for all partitions by an empty expression, which Glue accepts and moto rejects. */
async function glueProxy(motoPort: number): Promise<FaultProxy> {
  const proxy = await FaultProxy.start(motoPort, await freePort());
  proxy.rewriteRequest = ({ target, body }) => {
    // Listed requests would fill the memory: the tests do not read them.
    proxy.seen = [];
    if (target !== 'AWSGlue.GetPartitions') return undefined;
    const { Expression: expression, ...request } = JSON.parse(body) as Record<string, unknown>;
    return JSON.stringify(expression === '' ? request : { ...request, Expression: expression });
  };
  return proxy;
}

/** Whether a query runs that is scheduled on a worker; one over constants alone would not need it. */
async function runsOnWorker(trino: string): Promise<boolean> {
  const { rows } = await new TrinoClient(trino, 'information_schema').query(
    'SELECT count(*) FROM TABLE(sequence(1, 1000))',
  );
  return rows[0]?.[0] === 1000;
}

interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly javaHome?: string;
}

function start(folder: string, { name, command, args, javaHome }: Program): ChildProcess {
  const log = openSync(join(folder, `${name}.log`), 'w');
  const java =
    javaHome === undefined
      ? {}
      : { JAVA_HOME: javaHome, PATH: [join(javaHome, 'bin'), process.env['PATH'] ?? ''].join(delimiter) };
  // A separate process group, so that what a launcher starts ends with it.
  return spawn(command, [...args], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, ...java },
  });
}

async function stopAll(children: ChildProcess[]): Promise<void> {
  for (const child of children.splice(0).reverse()) {
    if (child.pid === undefined || child.exitCode !== null) continue;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    process.kill(-child.pid, 'SIGTERM');
    const late = sleep(20_000).then(() => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    });
    await Promise.race([ended, late]);
  }
}

async function until(what: string, child: ChildProcess, isUp: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    if (await isUp().catch(() => false)) return;
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`${what} did not start: see ${join(BUILD, 'run')}`);
    await sleep(500);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}

/** A single node that is coordinator and worker. The catalog has the name that it has in Athena. */
async function configureTrino(
  folder: string,
  port: number,
  { aws, glue }: { readonly aws: string; readonly glue: string },
): Promise<void> {
  const s3 = [
    'fs.native-s3.enabled=true',
    `s3.endpoint=${aws}`,
    `s3.region=${MOTO_REGION}`,
    's3.path-style-access=true',
    's3.aws-access-key=test',
    's3.aws-secret-key=test',
  ];
  const files: Readonly<Record<string, readonly string[]>> = {
    'node.properties': [
      'node.environment=test',
      'node.id=carbon-exports-test',
      'node.bind-ip=127.0.0.1',
      'node.internal-address=127.0.0.1',
      `node.data-dir=${join(folder, 'data')}`,
    ],
    'jvm.config': ['-server', '-Xmx2G', '-XX:+UseG1GC', '-Dfile.encoding=UTF-8', '-Duser.timezone=UTC'],
    'config.properties': [
      'coordinator=true',
      'node-scheduler.include-coordinator=true',
      `http-server.http.port=${String(port)}`,
      'query.max-run-time=3m',
      // On a machine that is busy the only node would be taken for a failed one, and queries find none to run on.
      'failure-detector.enabled=false',
      `discovery.uri=http://127.0.0.1:${String(port)}`,
    ],
    'log.properties': ['io.trino=WARN'],
    'catalog/awsdatacatalog.properties': [
      'connector.name=hive',
      'hive.metastore=glue',
      `hive.metastore.glue.endpoint-url=${glue}`,
      `hive.metastore.glue.region=${MOTO_REGION}`,
      'hive.metastore.glue.aws-access-key=test',
      'hive.metastore.glue.aws-secret-key=test',
      // moto has no column statistics.
      'hive.table-statistics-enabled=false',
      ...s3,
      // Published files never change while the tests run, and moto is slow to hand them out.
      'fs.cache.enabled=true',
      `fs.cache.directories=${join(folder, 'cache')}`,
      'fs.cache.max-sizes=2GB',
      'hive.file-status-cache-tables=carbon_emissions.*,carbon_emissions_csv.*,carbon_emissions_aws.*',
    ],
    // Tables that files are written through; moto's Glue has no statistics of columns, without which Trino writes no tables.
    [`catalog/${UNLOAD_CATALOG}.properties`]: [
      'connector.name=hive',
      'hive.metastore=file',
      'hive.metastore.catalog.dir=local:///',
      'fs.native-local.enabled=true',
      `local.location=${join(folder, 'unload')}`,
      'hive.non-managed-table-writes-enabled=true',
      ...s3,
    ],
  };
  for (const [name, lines] of Object.entries(files)) {
    await writeFile(join(folder, 'etc', name), `${lines.join('\n')}\n`);
  }
}
