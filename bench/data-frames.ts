import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withFolder } from './measure';
import { numberOptions, runBench } from './options';
import { plainMonth } from './plain-month';
import { commandCost, type Cost, medianOf, ratio, reportCost, sqlCost } from './process-cost';
import { writeUsageMonth } from './usage-month';

/*
 * One month of usage in Parquet by what people use for it: pandas and Polars, in a Python environment below build/, and SQL by
 * hand. All of them are given the emissions of each service, add doubles in any order, and check nothing.
 * Usage: npm run bench:python -- [--rows 5000000] [--accounts 50000]
 */

const ROOT = join(__dirname, '..');
const VENV = join(ROOT, 'build', 'bench-python');
const PACKAGES = ['pandas==3.1.1', 'polars==2.1.0', 'pyarrow==26.0.1'];

const { rows, accounts } = numberOptions({ rows: 5_000_000, accounts: 50_000 });

runBench(async () => {
  const python = installedPython();
  await withFolder(async (folder) => {
    const [inputs, out] = [join(folder, 'inputs'), join(folder, 'out')];
    const usage = await writeUsageMonth(inputs, { accounts, usageRows: rows, amounts: 'all digits' });
    const run = ['run', '--inputs', inputs, '--out', out, '--as-of', '2026-11-20'];
    const month = await commandCost(run, () => rm(out, { recursive: true, force: true }));
    const { setUp, statement } = plainMonth(inputs, usage, join(folder, 'plain.parquet'));
    console.log(`\n${String(rows)} usage rows, doubles of all digits`);
    reportCost('carbon-exports run', month);
    const others: readonly (readonly [string, Cost])[] = [
      ['DuckDB, SQL by hand', await sqlCost([statement], setUp)],
      ['pandas', await pythonCost(python, ['pandas', inputs, usage, join(folder, 'pandas.parquet')])],
      ['Polars', await pythonCost(python, ['polars', inputs, usage, join(folder, 'polars.parquet')])],
    ];
    for (const [what, cost] of others) reportCost(what, cost, `the run is ${ratio(month, cost)}`);
  });
});

function installedPython(): string {
  const python = join(VENV, 'bin', 'python');
  if (!existsSync(python)) execFileSync('python3', ['-m', 'venv', VENV]);
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES], {
    stdio: 'inherit',
  });
  return python;
}

function pythonCost(python: string, parameters: readonly string[]): Promise<Cost> {
  const script = join(__dirname, 'data-frames.py');
  return medianOf(() =>
    Promise.resolve(JSON.parse(execFileSync(python, [script, ...parameters], { encoding: 'utf8' })) as Cost),
  );
}
