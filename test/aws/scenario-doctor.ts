import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { AWS_ROW, carbonCsv } from '../support/aws-totals';
import { billCsv, curRow } from '../support/bills';
import { LocalAws, MOTO_REGION } from '../support/local-aws';
import { exportRequest } from '../../cli/create-exports';
import type { DoctorCheck } from '../../api/doctor';
import type { DeliveredTable } from '../../shared/usage/column-names';
import { check, checkEqual } from './check';
import type { Fault, SeenRequest } from './fault-proxy';
import { callOf } from './rights';
import type { World } from './world';

const ROOT = join(__dirname, '..', '..');
const BUCKET = 'delivered-by-aws';
const SERVICE = 'AWSBillingAndCostManagementDataExports.';

type Servers = Pick<World, 'moto' | 'proxy' | 'createBucket'>;

/** Moto has no Data Exports: these answers are as AWS documents them, with the queries that `init` prints. */
const EXPORTS = ['aws_carbon', 'cur'].map((table) => {
  const request = exportRequest(table as DeliveredTable) as { readonly Name: string };
  const text = JSON.stringify(request).replaceAll('"BUCKET"', `"${BUCKET}"`);
  const arn = `arn:aws:bcm-data-exports:us-east-1:111111111111:export/${request.Name}`;
  return { arn, name: request.Name, export: JSON.parse(text) as object };
});

function dataExports({ target, body }: SeenRequest): Fault | undefined {
  if (!target.startsWith(SERVICE)) return undefined;
  const answer = (content: object): Fault => ({ kind: 'answer', status: 200, body: JSON.stringify(content) });
  if (target.endsWith('.ListExports')) {
    return answer({ Exports: EXPORTS.map(({ arn, name }) => ({ ExportArn: arn, ExportName: name })) });
  }
  const asked = EXPORTS.find(({ arn }) => body.includes(arn));
  return answer({ Export: { ExportArn: asked?.arn, ...asked?.export } });
}

/** The answers of AWS where a right is missing. */
const REFUSALS = {
  s3: { status: 403, body: '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>' },
  dataExports: { status: 400, body: '{"__type":"AccessDeniedException","Message":"User is not authorized"}' },
} as const;

/** Moto cannot check rights here: it decodes the prefix of a listing before it computes the signature. */
function without(right: string): (request: SeenRequest) => Fault | undefined {
  return (request) => {
    const isDataExports = request.target.startsWith(SERVICE);
    const action = isDataExports
      ? `bcm-data-exports:${request.target.slice(SERVICE.length)}`
      : callOf(request)?.action;
    if (action !== right) return dataExports(request);
    return { kind: 'answer', ...(isDataExports ? REFUSALS.dataExports : REFUSALS.s3) };
  };
}

interface Printed {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command against the servers. */
async function command({ proxy }: Servers, ...args: readonly string[]): Promise<Printed> {
  const child = spawn(process.execPath, ['bin/carbon-exports.js', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, AWS_ENDPOINT_URL: proxy.url, AWS_REGION: MOTO_REGION },
  });
  const exit = once(child, 'exit') as Promise<[number | null]>;
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { code, stdout, stderr };
}

/** Runs `doctor --aws` and returns its exit code and what failed, by check. */
async function doctor(
  servers: Servers,
): Promise<{ code: number | null; checks: string[]; failed: Map<string, DoctorCheck> }> {
  const { code, stdout } = await command(servers, 'doctor', '--aws', '--json');
  const { checks } = JSON.parse(stdout) as { checks: DoctorCheck[] };
  const failed = checks.filter(({ status }) => status === 'failed');
  return {
    code,
    checks: checks.map(({ check: name }) => name),
    failed: new Map(failed.map((one) => [one.check, one])),
  };
}

const DELIVERIES = ['carbon export', 'FOCUS or CUR 2.0 export'];

/** `init --from-aws` and `doctor --aws` with all rights, and with each of them missing. */
export async function doctorAndInit(servers: Servers): Promise<void> {
  await servers.createBucket(BUCKET);
  servers.proxy.fault = dataExports;
  const empty = await doctor(servers);
  checkEqual('doctor reports exports that AWS has not delivered', [...empty.failed.keys()], DELIVERIES);

  const aws = new LocalAws(`http://127.0.0.1:${String(servers.moto.port)}`);
  await aws.put(BUCKET, 'exports/carbon/data/part.csv', carbonCsv([AWS_ROW]));
  await aws.put(BUCKET, 'exports/cur/data/part.csv', billCsv([curRow()]));
  const whole = await doctor(servers);
  checkEqual('with all rights, doctor finds no problem', [whole.code, [...whole.failed.keys()]], [0, []]);
  check(
    'and has checked both exports',
    DELIVERIES.every((each) => whole.checks.includes(each)),
    whole.checks,
  );
  await initFromAws(servers);
  await withoutRights(servers);
}

async function initFromAws(servers: Servers): Promise<void> {
  const inputs = join(mkdtempSync(join(tmpdir(), 'init-')), 'estate');
  const { stdout, stderr } = await command(servers, 'init', '--from-aws', '--inputs', inputs, '--json');
  const { sources } = (stdout === '' ? {} : JSON.parse(stdout)) as { sources?: object };
  const expected = {
    aws_carbon: `s3://${BUCKET}/exports/carbon`,
    cur: `s3://${BUCKET}/exports/cur`,
  };
  check('init --from-aws finds the two exports', JSON.stringify(sources) === JSON.stringify(expected), {
    stdout,
    stderr,
  });
}

async function withoutRights(servers: Servers): Promise<void> {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['s3:ListBucket', DELIVERIES],
    ['s3:GetObject', DELIVERIES],
    ['bcm-data-exports:ListExports', ['AWS Data Exports']],
    ['bcm-data-exports:GetExport', ['AWS Data Exports']],
  ];
  for (const [right, checks] of cases) {
    servers.proxy.fault = without(right);
    const { code, failed } = await doctor(servers);
    checkEqual(`doctor finds that ${right} is missing`, [code, [...failed.keys()]], [1, checks]);
    const fixes = [...failed.values()].map(({ fix = '' }) => fix);
    check('and how to fix it', fixes.length > 0 && fixes.every((fix) => fix.includes(right)), fixes);
  }
}
