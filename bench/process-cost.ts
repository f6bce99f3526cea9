import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckSession } from '../shared/sql/duck-session';
import { withFolder } from './measure';

/** What some work used. */
export interface Cost {
  /** Seconds of processor time on all threads, user and system. */
  readonly cpuSeconds: number;
  readonly seconds: number;
  /** Largest memory of the process, MB. */
  readonly megabytes: number;
}

const TIMES = 3;
const COMMAND = join(__dirname, '..', 'dist', 'carbon-exports.js');
const REPORT = join(__dirname, 'report-cost.cjs');

/**
 * Returns the median cost of the compiled command, from the start of its process to the end.
 *
 * @param before called before each run
 */
export function commandCost(options: readonly string[], before?: () => Promise<void>): Promise<Cost> {
  return medianOf(async () => {
    await before?.();
    return withFolder((folder) => processCost(options, join(folder, 'cost.json')));
  });
}

async function processCost(options: readonly string[], file: string): Promise<Cost> {
  const code = await new Promise((resolve) => {
    const child = spawn(process.execPath, ['-r', REPORT, COMMAND, ...options], {
      env: { ...process.env, BENCH_COST_FILE: file },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`carbon-exports ${options.join(' ')} ended with ${String(code)}`);
  return JSON.parse(await readFile(file, 'utf8')) as Cost;
}

/** Returns the median cost of statements of plain DuckDB in this process; that of `setUp` is not counted. */
export function sqlCost(statements: readonly string[], setUp: readonly string[] = []): Promise<Cost> {
  return medianOf(async () => {
    const session = await DuckSession.open({ memoryLimit: '8GB' });
    try {
      for (const statement of setUp) await session.run(statement);
      return await costOf(async () => {
        for (const statement of statements) await session.run(statement);
      });
    } finally {
      await session.close();
    }
  });
}

/** Returns the cost of work in this process. Its memory is that of the process up to now. */
async function costOf(work: () => Promise<void>): Promise<Cost> {
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return {
    cpuSeconds: (user + system) / 1e6,
    seconds: (performance.now() - start) / 1000,
    megabytes: process.resourceUsage().maxRSS / 1024,
  };
}

/** Returns the cost with the median of processor time. */
export async function medianOf(measure: () => Promise<Cost>): Promise<Cost> {
  const costs: Cost[] = [];
  for (let time = 0; time < TIMES; time += 1) costs.push(await measure());
  costs.sort((a, b) => a.cpuSeconds - b.cpuSeconds);
  const median = costs[Math.floor(TIMES / 2)];
  if (median === undefined) throw new Error('nothing was measured');
  return median;
}

/** Prints a line of a benchmark's report. */
export function reportCost(what: string, { cpuSeconds, seconds, megabytes }: Cost, note = ''): void {
  const numbers = [
    `${cpuSeconds.toFixed(2).padStart(8)} CPU s`,
    `${seconds.toFixed(2).padStart(8)} s`,
    `${megabytes.toFixed(0).padStart(6)} MB`,
  ];
  console.log(`${what.padEnd(52)} ${numbers.join('  ')}  ${note}`);
}

/** How often one cost is in another. */
export function ratio(cost: Cost, reference: Cost): string {
  return `${(cost.cpuSeconds / reference.cpuSeconds).toFixed(2)} times`;
}
