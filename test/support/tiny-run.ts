import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { main } from '../../cli/main';
import type { RunReport } from '../../shared/runs/run-export';
import { withSession } from '../../shared/sql/duck-session';
import { type EstateTables, writeEstate } from './estates/estate-tables';
import {
  contract,
  fuelUse,
  gridFactor,
  rack,
  rackUse,
  serviceUse,
  tinyEstate,
  usage,
} from './estates/tiny-estate';

/** Months of the estate: the last one of v1.0.0 and two of v2.0.0. */
export const MONTHS = ['2024-12', '2025-01', '2025-02'] as const;

/** A day on which all {@link MONTHS} are closed. */
export const AS_OF = '2025-03-15';

/** Name of the export. */
export const NAME = 'carbon';

const MANAGEMENT = '000000000042';

/** An account as `aws organizations list-accounts` prints it. */
export function listedAccount(id: string, name = `Team ${id}`): EstateTables['accounts']['Accounts'][number] {
  return {
    Id: id,
    Arn: `arn:aws:organizations::${MANAGEMENT}:account/o-abcdefghij/${id}`,
    Name: name,
    Email: `${id}@example.com`,
    State: 'ACTIVE',
    JoinedMethod: 'CREATED',
    JoinedTimestamp: '2021-01-01T00:00:00+00:00',
  };
}

/** The tiny estate over several months, with every table in use: two customers and one internal account. */
export function estateOf(
  months: readonly string[] = MONTHS,
  changes: Partial<EstateTables> = {},
): EstateTables {
  const everyMonth = <T>(rows: () => T[]): Record<string, T[]> =>
    Object.fromEntries(months.map((month) => [month, rows()]));
  return tinyEstate({
    grid_factors: [gridFactor('2023', '0.5', ''), gridFactor('2025', '0.4', '0.6')],
    fuel_use: [fuelUse('2024', '366'), fuelUse('2025', '365')],
    electricity: months.map((month) => ({
      site_id: 's1',
      usage_period: month,
      mwh: '1',
      basis: 'metered',
    })),
    contracts: [contract('k1', 'ppa', '2025', '3.65', '0.1')],
    racks: everyMonth(() => [rack('r1', 'server', '10'), rack('r2', 'overhead', '2')]),
    rack_use: everyMonth(() => [rackUse('r1', 'A', '0.5'), rackUse('r1', 'B', '0.25')]),
    service_use: everyMonth(() => [serviceUse('A', 'B', '0.1')]),
    usage: everyMonth(() => [
      usage('000000000001', 'A', '3', '1.5'),
      usage('000000000002', 'A', '1', ''),
      usage('000000000002', 'B', '', '2.5'),
      usage('000000000009', 'A', '1', ''),
    ]),
    accounts: {
      Accounts: [MANAGEMENT, '000000000001', '000000000002', '000000000009'].map((id) => listedAccount(id)),
    },
    ...changes,
  });
}

/** An estate in a folder that a test may spoil. */
export class EstateFolder {
  constructor(readonly path: string) {}

  /** The folder of a new estate. */
  static of(tables: EstateTables, path: string): EstateFolder {
    mkdirSync(path, { recursive: true });
    writeEstate(tables, path);
    return new EstateFolder(path);
  }

  /** Writes a file anew, with its folder. */
  write(file: string, content: string | Buffer): void {
    const path = join(this.path, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  read(file: string): string {
    return readFileSync(join(this.path, file), 'utf8');
  }

  /** Replaces a part of a file, which must be there. */
  edit(file: string, part: string, replacement: string): void {
    const text = this.read(file);
    if (!text.includes(part)) throw new Error(`${file} has no ${part}: ${text}`);
    this.write(file, text.replace(part, replacement));
  }

  /** Adds lines to a file. */
  append(file: string, ...lines: readonly string[]): void {
    this.write(file, this.read(file) + lines.map((line) => `${line}\n`).join(''));
  }

  /** Removes a file or a folder. */
  remove(file: string): void {
    if (!existsSync(join(this.path, file))) throw new Error(`no ${file}`);
    rmSync(join(this.path, file), { recursive: true });
  }

  /** Replaces a CSV file by the same bytes in gzip. */
  gzip(file: string): void {
    const content = readFileSync(join(this.path, file));
    this.remove(file);
    this.write(`${file}.gz`, gzipSync(content));
  }

  /** Replaces a CSV file by what a query makes of it, as Parquet; in the query the file is `csv`, all of it text. */
  async parquet(file: string, query = 'SELECT * FROM csv'): Promise<string> {
    const path = join(this.path, file);
    const target = path.replace(/\.csv$/, '.parquet');
    await withSession({}, async (session) => {
      await session.run(
        `CREATE TEMP TABLE csv AS SELECT * FROM read_csv('${path}', all_varchar = true, header = true, delim = ',', quote = '"')`,
      );
      await session.run(`COPY (${query}) TO '${target}' (FORMAT parquet)`);
    });
    rmSync(path);
    return target;
  }
}

/** What a command did. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command in this process and keeps what it prints. */
export async function carbonExports(...args: readonly string[]): Promise<CommandResult> {
  let stdout = '';
  let stderr = '';
  const text = (values: readonly unknown[]): string => `${values.map(String).join(' ')}\n`;
  const spies = [
    jest.spyOn(console, 'log').mockImplementation((...values: unknown[]) => {
      stdout += text(values);
    }),
    jest.spyOn(console, 'error').mockImplementation((...values: unknown[]) => {
      stderr += text(values);
    }),
    jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      stdout += String(chunk);
      return true;
    }),
    jest.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
      stderr += String(chunk);
      return true;
    }),
  ];
  try {
    return { code: await main(args), stdout, stderr };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** What a run printed for programs, and its exit code. */
export interface TinyRun extends RunReport {
  readonly code: number;
  readonly outcomes: Readonly<Record<string, RunReport['months'][number]>>;
}

/** Runs the exports of an estate as of {@link AS_OF} and gives what the command prints. */
export function runCommand(
  inputs: string,
  out: string,
  ...options: readonly string[]
): Promise<CommandResult> {
  const places = ['--inputs', inputs, '--out', out, '--export-name', NAME, '--as-of', AS_OF];
  return carbonExports('run', ...places, ...options);
}

/** Runs an export over the estate in `inputs`, as of {@link AS_OF} unless the options say otherwise. */
export async function runTiny(inputs: string, out: string, ...options: readonly string[]): Promise<TinyRun> {
  const common = ['--inputs', inputs, '--out', out, '--export-name', NAME, '--json'];
  const asOf = options.includes('--as-of') ? [] : ['--as-of', AS_OF];
  const { code, stdout, stderr } = await carbonExports('run', ...common, ...asOf, ...options);
  if (stdout === '') throw new Error(`exit code ${String(code)}: ${stderr}`);
  const { exports } = JSON.parse(stdout) as { exports: RunReport[] };
  const [report] = exports;
  if (report === undefined) throw new Error(stdout);
  return {
    ...report,
    code,
    outcomes: Object.fromEntries(report.months.map((outcome) => [outcome.month, outcome])),
  };
}

/** Status of every month of a run. */
export function statusesOf({ months }: RunReport): Record<string, string> {
  return Object.fromEntries(months.map(({ month, status }) => [month, status]));
}

/** Every file below a folder: SHA-256 of its bytes and when it was last written. */
export function treeOf(
  folder: string,
  isWanted: (path: string) => boolean = () => true,
): Record<string, string> {
  const tree: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1);
    if (!entry.isFile() || !isWanted(name)) continue;
    tree[name] = `${bytesOf(path)} ${String(statSync(path, { bigint: true }).mtimeNs)}`;
  }
  return tree;
}

/** Every file below a folder: SHA-256 of its bytes. */
export function contentsOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(treeOf(folder)).map(([name, value]) => [name, value.split(' ')[0] ?? '']),
  );
}

function bytesOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** Data files and manifests of a month, whatever the version. */
export function publishedIn(out: string, month: string): Record<string, string> {
  return treeOf(out, (name) => name.includes(`usage_period=${month}/${NAME}`));
}

/** A copy of a folder with the times of its files. */
export function copyOf(folder: string, to: string): string {
  cpSync(folder, to, { recursive: true, preserveTimestamps: true });
  return to;
}

/** Folders that are removed after all tests of the file that asked for them. */
export function scratch(): () => string {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'carbon-exports-test-'));
    folders.push(folder);
    return folder;
  };
}
