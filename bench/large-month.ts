import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSampleEstate } from '../sample/generate';
import { dataKey, asExportMonth } from '../shared/exports/layout';
import { DuckSession } from '../shared/sql/duck-session';
import { peakMegabytes, report, timed, withFolder } from './measure';
import { runFolder } from './run-folder';

/*
 * One large month against the floor: what plain DuckDB takes to read that input and to write that output once.
 * Usage: npm run bench:large -- [usage rows, default 5000000] [accounts, default 50000]
 */

const MONTH = '2026-10';

async function bench(usageRows: number, accounts: number): Promise<void> {
  await withFolder(async (folder) => {
    const inputs = join(folder, 'inputs');
    const out = join(folder, 'out');
    await writeSampleEstate({
      outDir: inputs,
      months: 1,
      accounts,
      usageRowsPerMonth: usageRows,
      focus: false,
    });
    const usage = await usageAsParquet(inputs);
    const run = await timed(() => runFolder(inputs, out, '2026-11-20'));
    const [month] = run.value.months;
    const rows = month?.summary?.rows ?? 0;
    const output = join(out, dataKey('bench', asExportMonth(MONTH, 'v2.0.0'), 'parquet'));
    const floor = await floorSeconds(usage, output, join(folder, 'copy.parquet'));
    report('floor: read the input', floor.read, `${String(usageRows)} rows`);
    report('floor: write the output', floor.write, `${String(rows)} rows`);
    report(
      'the whole month, published and sorted',
      run.seconds,
      `${(run.seconds / (floor.read + floor.write)).toFixed(2)} times the floor`,
    );
    console.log(`peak memory ${String(peakMegabytes())} MB`);
  });
}

/** Turns the month's usage from CSV into Parquet, so that both sides read the same fast format. */
async function usageAsParquet(inputs: string): Promise<string> {
  const folder = join(inputs, 'usage', `usage_period=${MONTH}`);
  const csv = join(folder, 'usage.csv');
  if (!existsSync(csv)) throw new Error(`${csv} is not there`);
  const parquet = join(folder, 'usage.parquet');
  const session = await DuckSession.open();
  try {
    await session.run(
      `COPY (SELECT usage_account_id, cluster_id, product_code, CAST(usage_quantity AS DOUBLE) AS usage_quantity, CAST(usage_revenue AS DOUBLE) AS usage_revenue
       FROM read_csv($1, all_varchar = true, header = true)) TO $2 (FORMAT parquet)`,
      [csv, parquet],
    );
  } finally {
    await session.close();
  }
  await rm(csv);
  return parquet;
}

async function floorSeconds(
  usage: string,
  output: string,
  copy: string,
): Promise<{ read: number; write: number }> {
  const session = await DuckSession.open();
  try {
    const read = await timed(() =>
      session.rows(
        `SELECT COUNT(usage_account_id), MIN(cluster_id), MAX(product_code), SUM(usage_quantity), SUM(usage_revenue) FROM read_parquet($1)`,
        [usage],
      ),
    );
    await session.run('CREATE TEMP TABLE output AS SELECT * FROM read_parquet($1)', [output]);
    const write = await timed(() =>
      session.run('COPY output TO $1 (FORMAT parquet, COMPRESSION snappy)', [copy]),
    );
    return { read: read.seconds, write: write.seconds };
  } finally {
    await session.close();
  }
}

const [rows = '5000000', accounts = '50000'] = process.argv.slice(2);
bench(Number(rows), Number(accounts)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
