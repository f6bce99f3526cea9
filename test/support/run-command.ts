import { main } from '../../cli/main';
import type { RunReport } from '../../shared/runs/run-export';
import { EXPORT_NAME } from './export-name';
import { keepDuckDb } from './kept-duckdb';

/** A day after the end of every month of a monthly estate. */
export const AS_OF = '2025-03-15';

/** Exit code and output of a command. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command in this process and keeps what it prints. */
export async function carbonExports(...args: readonly string[]): Promise<CommandResult> {
  await keepDuckDb();
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
export interface EstateRun extends RunReport {
  readonly code: number;
  readonly outcomes: Readonly<Record<string, RunReport['months'][number]>>;
}

/** Runs the exports of an estate as of {@link AS_OF}. Returns what the command prints. */
export function runCommand(
  inputs: string,
  out: string,
  ...options: readonly string[]
): Promise<CommandResult> {
  const places = ['--inputs', inputs, '--out', out, '--export-name', EXPORT_NAME, '--as-of', AS_OF];
  return carbonExports('run', ...places, ...options);
}

/** Runs an export over the estate in `inputs`, as of {@link AS_OF} unless the options say otherwise. */
export async function runEstate(
  inputs: string,
  out: string,
  ...options: readonly string[]
): Promise<EstateRun> {
  const common = ['--inputs', inputs, '--out', out, '--export-name', EXPORT_NAME, '--json'];
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
