import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { textLiteral } from '../shared/sql/dialect';
import { withFolder } from './measure';
import { numberOptions, runBench } from './options';
import { plainMonth } from './plain-month';
import { commandCost, type Cost, ratio, reportCost, sqlCost } from './process-cost';
import { type Amounts, publishedFile, writeUsageMonth } from './usage-month';

/*
 * One month of usage in Parquet, from the start of the command to the published month, beside the floor (plain DuckDB reads that
 * input and writes that output once) and beside SQL by hand. Amounts are doubles with all their digits; six decimals are a
 * second line. As CSV, the reference is gzip -6 of the same text.
 * Usage: npm run bench:large -- [--rows 5000000] [--accounts 50000] [--csv-rows 2000000]
 */

const {
  rows,
  accounts,
  'csv-rows': csvRows,
} = numberOptions({ rows: 5_000_000, accounts: 50_000, 'csv-rows': 2_000_000 });

/** A month to measure. */
interface Size {
  readonly usageRows: number;
  readonly amounts: Amounts;
  readonly format: 'parquet' | 'csv';
}

runBench(async () => {
  if (rows > 0) {
    await bench({ usageRows: rows, amounts: 'all digits', format: 'parquet' });
    await bench({ usageRows: rows, amounts: 'six decimals', format: 'parquet' });
  }
  if (csvRows > 0) await bench({ usageRows: csvRows, amounts: 'all digits', format: 'csv' });
});

async function bench({ usageRows, amounts, format }: Size): Promise<void> {
  await withFolder(async (folder) => {
    const inputs = join(folder, 'inputs');
    const out = join(folder, 'out');
    // The same number of rows for each account, whatever the size.
    const accountsOfSize = Math.ceil((accounts * usageRows) / Math.max(rows, usageRows));
    const usage = await writeUsageMonth(inputs, { accounts: accountsOfSize, usageRows, amounts });
    const options = ['run', '--inputs', inputs, '--out', out, '--as-of', '2026-11-20', '--format', format];
    const month = await commandCost(options, () => rm(out, { recursive: true, force: true }));
    console.log(`\n${String(usageRows)} usage rows, ${amounts}, published as ${format}`);
    if (format === 'csv') return reportCsv(month, publishedFile(out, '.csv.gz'));
    const [floor, plain] = await references(inputs, usage, publishedFile(out, '.parquet'), folder);
    reportCost('floor: read the input, write the output', floor);
    reportCost('SQL by hand', plain);
    reportCost(
      'carbon-exports run',
      month,
      `${ratio(month, floor)} the floor, ${ratio(month, plain)} the SQL`,
    );
  });
}

async function references(
  inputs: string,
  usage: string,
  file: string,
  folder: string,
): Promise<[floor: Cost, plain: Cost]> {
  const floor = await sqlCost(
    [
      `SELECT COUNT(usage_account_id), MIN(cluster_id), MAX(product_code), SUM(usage_quantity), SUM(usage_revenue) FROM read_parquet(${textLiteral(usage)})`,
      `COPY output TO ${textLiteral(join(folder, 'floor.parquet'))} (FORMAT parquet, COMPRESSION snappy)`,
    ],
    [`CREATE TEMP TABLE output AS SELECT * FROM read_parquet(${textLiteral(file)})`],
  );
  const { setUp, statement } = plainMonth(inputs, usage, join(folder, 'plain.parquet'));
  return [floor, await sqlCost([statement], setUp)];
}

function reportCsv(month: Cost, file: string): void {
  const script = `gunzip -c "$0" > "$0.txt"; TIMEFORMAT='%U %S %R'; { time gzip -6 -c "$0.txt" > /dev/null; } 2>&1; rm "$0.txt"`;
  const times = execFileSync('bash', ['-c', script, file], { encoding: 'utf8' })
    .trim()
    .split(' ')
    .map(Number);
  const [user = 0, system = 0, seconds = 0] = times;
  const gzip = { cpuSeconds: user + system, seconds, megabytes: 0 };
  reportCost('gzip -6 of the same text', gzip);
  reportCost('carbon-exports run', month, `${ratio(month, gzip)} gzip`);
}
