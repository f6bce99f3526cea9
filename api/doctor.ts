import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { BCMDataExportsClient } from '@aws-sdk/client-bcm-data-exports';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { engines } from '../package.json';
import { errorMessage, knownReason } from '../shared/base/error-info';
import { findExports, type FoundExport } from '../shared/compute/aws-totals/find-exports';
import { openInputs } from '../shared/estate/open-inputs';
import { withSession } from '../shared/sql/duck-session';
import { openStore, parseS3Location } from '../shared/stores/open-store';
import { withScratch } from './with-scratch';

/** What is checked, beyond this computer. */
export interface DoctorOptions {
  /** Folder of the estate, or `s3://bucket/prefix`. @default - not checked */
  readonly inputs?: string;
  /** Folder of the exports, or `s3://bucket/prefix`. @default - not checked */
  readonly out?: string;
  /** Checks the credentials and AWS's two exports. @default - false */
  readonly aws?: boolean;
}

/** A check and its result. */
export interface DoctorCheck {
  readonly check: string;
  readonly status: 'ok' | 'failed';
  /** What was found. */
  readonly found: string;
  /** How to fix it; absent where the check is ok. */
  readonly fix?: string;
}

/** What the checks need of the world. */
export interface DoctorPorts {
  readonly nodeVersion: string;
  readonly credentials: () => Promise<{ readonly accessKeyId: string }>;
  readonly findExports: () => Promise<readonly FoundExport[]>;
}

const PORTS: DoctorPorts = {
  nodeVersion: process.versions.node,
  credentials: fromNodeProviderChain(),
  findExports: () => findExports(new BCMDataExportsClient({ region: 'us-east-1' })),
};

/** Lowest release of Node.js that runs this program, such as 20.19. */
const LOWEST_NODE = engines.node.replace('>=', '');

/** Returns what works here and what does not, each with its fix. It changes nothing. */
export async function doctor(options: DoctorOptions, ports: DoctorPorts = PORTS): Promise<DoctorCheck[]> {
  const { inputs, out, aws } = options;
  return withScratch(async (scratch) => {
    const checks = [
      checkNode(ports),
      await checkScratch(scratch),
      await checkEngine(),
      ...(inputs === undefined ? [] : [await checkInputs(inputs, scratch)]),
      ...(out === undefined ? [] : [await checkOut(out, scratch)]),
    ];
    return aws === true ? [...checks, ...(await awsChecks(ports, scratch))] : checks;
  });
}

function checkNode({ nodeVersion }: DoctorPorts): DoctorCheck {
  const isOld = LOWEST_NODE.localeCompare(nodeVersion, 'en', { numeric: true }) > 0;
  const found = `Node.js ${nodeVersion}`;
  if (!isOld) return { check: 'Node.js', status: 'ok', found };
  const fix = `install Node.js ${LOWEST_NODE} or later: https://nodejs.org`;
  return { check: 'Node.js', status: 'failed', found, fix };
}

/** The caller created the folder. */
async function checkScratch(scratch: string): Promise<DoctorCheck> {
  const fix = `set TMPDIR to a folder on a disk with free space, instead of ${tmpdir()}`;
  return checked('scratch folder', fix, async () => {
    await access(scratch, constants.W_OK);
    return `${tmpdir()} can be written`;
  });
}

async function checkEngine(): Promise<DoctorCheck> {
  const fix = 'install the package again, without --omit=optional: the engine is one package per platform';
  return checked('engine', fix, async () => {
    const { rows } = await withSession({}, (session) => session.select('SELECT version() AS version'));
    return `DuckDB ${String(rows[0]?.[0])} on ${process.platform}-${process.arch}`;
  });
}

async function checkInputs(location: string, scratch: string): Promise<DoctorCheck> {
  const isS3 = location.startsWith('s3:');
  const fix = isS3
    ? 'allow s3:ListBucket on the bucket and s3:GetObject below the prefix, or correct --inputs'
    : 'correct --inputs, or write a starting estate: carbon-exports init --inputs DIR';
  return checked('inputs', fix, async () => {
    const files = await (await openInputs(location, scratch)).list('');
    if (files.length === 0) throw new Error(`${location} has no file`);
    return `${location} has ${String(files.length)} files`;
  });
}

async function checkOut(location: string, scratch: string): Promise<DoctorCheck> {
  if (parseS3Location(location) !== undefined) {
    const fix = 'allow s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject, or correct --out';
    return checked('exports', fix, async () => {
      const store = await openStore(location, scratch);
      await store.list('');
      return `${location} can be listed; the first run shows whether it can be written`;
    });
  }
  const fix = 'correct --out, or change the rights of the folder (chmod u+w)';
  return checked('exports', fix, async () => {
    const folder = await existingFolder(resolve(location));
    await access(folder, constants.W_OK);
    return folder === resolve(location) ? `${location} can be written` : `${location} can be created`;
  });
}

/** Returns the folder, or the nearest one above it that exists. */
async function existingFolder(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return existingFolder(dirname(path));
  if (!found.isDirectory()) throw new Error(`${path} is a file`);
  return path;
}

async function awsChecks(ports: DoctorPorts, scratch: string): Promise<DoctorCheck[]> {
  const credentials = await checked(
    'AWS credentials',
    'sign in (aws sso login), or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    async () => `access key ${(await ports.credentials()).accessKeyId.slice(0, 4)}…`,
  );
  if (credentials.status === 'failed') return [credentials];
  let exports: readonly FoundExport[] = [];
  const list = await checked(
    'AWS Data Exports',
    'use the management account, and allow bcm-data-exports:ListExports and bcm-data-exports:GetExport',
    async () => {
      exports = await ports.findExports();
      return `${String(exports.length)} exports of carbon emissions, FOCUS or CUR 2.0`;
    },
  );
  if (list.status === 'failed') return [credentials, list];
  const wanted = [
    ['carbon export', exports.filter(({ table }) => table === 'aws_carbon')],
    ['FOCUS or CUR 2.0 export', exports.filter(({ table }) => table !== 'aws_carbon')],
  ] as const;
  const found = await Promise.all(wanted.map(([what, of]) => checkDelivery(what, of, scratch)));
  return [credentials, list, ...found];
}

async function checkDelivery(
  what: string,
  exports: readonly FoundExport[],
  scratch: string,
): Promise<DoctorCheck> {
  const [first] = exports;
  if (first === undefined) {
    const fix = 'create it: carbon-exports init --from-aws --inputs DIR prints how';
    return { check: what, status: 'failed', found: 'no such export', fix };
  }
  const fix = `allow s3:ListBucket and s3:GetObject below ${first.location}, and kms:Decrypt with its key; AWS delivers bills within 24 hours, and carbon emissions by the 21st of the month`;
  return checked(what, fix, async () => {
    const store = await openStore(first.location, scratch);
    const [smallest] = [...(await store.list('data/'))].sort((a, b) => a.size - b.size);
    if (smallest === undefined) throw new Error(`${first.location} has no file yet`);
    await store.get(smallest.key);
    return `${first.location} can be read`;
  });
}

async function checked(check: string, fix: string, work: () => Promise<string>): Promise<DoctorCheck> {
  try {
    return { check, status: 'ok', found: await work() };
  } catch (error) {
    return { check, status: 'failed', found: knownReason(error) ?? errorMessage(error), fix };
  }
}
