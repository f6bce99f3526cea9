import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSampleEstate } from '../sample/generate';
import { textLiteral } from '../shared/sql/dialect';
import { withSession } from '../shared/sql/duck-session';
import { withFolder } from './measure';
import { numberOptions, runBench } from './options';
import { plainMonth } from './plain-month';
import { commandCost, type Cost, ratio, reportCost, sqlCost } from './process-cost';

/*
 * One month of usage in Parquet, from the start of the command to the published month, beside the floor (plain DuckDB reads that
 * input and writes that output once) and beside SQL by hand. Amounts are doubles with all their digits; six decimals are a
 * second line. As CSV, the reference is gzip -6 of the same text.
 * Usage: npm run bench:large -- [--rows 5000000] [--accounts 50000] [--csv-rows 2000000]
 */

const MONTH = '2026-10';
const {
  rows,
  accounts,
  'csv-rows': csvRows,
} = numberOptions({ rows: 5_000_000, accounts: 50_000, 'csv-rows': 2_000_000 });

/** SQL of an amount of the sample with all the digits of a double, and with six decimals. */
const AMOUNTS = {
  'all digits': (column: string): string => `CAST(${column} AS DOUBLE) * 1.123456789 / 3`,
  'six decimals': (column: string): string => `round(CAST(${column} AS DOUBLE), 6)`,
} as const;

type Amounts = keyof typeof AMOUNTS;

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
    await writeSampleEstate({
      ...{ outDir: inputs, months: 1, usageRowsPerMonth: usageRows, focus: false },
      // The same number of rows for each account, whatever the size.
      accounts: Math.ceil((accounts * usageRows) / Math.max(rows, usageRows)),
    });
    const usage = await usageAsParquet(inputs, AMOUNTS[amounts]);
    const options = ['run', '--inputs', inputs, '--out', out, '--as-of', '2026-11-20', '--format', format];
    const month = await commandCost(options, () => rm(out, { recursive: true, force: true }));
    console.log(`\n${String(usageRows)} usage rows, ${amounts}, published as ${format}`);
    if (format === 'csv') return reportCsv(month, published(out, '.csv.gz'));
    const [floor, plain] = await references(inputs, usage, published(out, '.parquet'), folder);
    reportCost('floor: read the input, write the output', floor);
    reportCost('SQL by hand', plain);
    reportCost(
      'carbon-exports run',
      month,
      `${ratio(month, floor)} the floor, ${ratio(month, plain)} the SQL`,
    );
  });
}

/** Turns the month's usage from CSV into Parquet. */
async function usageAsParquet(inputs: string, amount: (column: string) => string): Promise<string> {
  const folder = join(inputs, 'usage', `usage_period=${MONTH}`);
  const [csv, parquet] = [join(folder, 'usage.csv'), join(folder, 'usage.parquet')];
  const list = ['usage_quantity', 'usage_revenue'].map((column) => `${amount(column)} AS ${column}`);
  await withSession({}, (session) =>
    session.run(`COPY (SELECT usage_account_id, cluster_id, product_code, ${list.join(', ')}
      FROM read_csv(${textLiteral(csv)}, all_varchar = true, header = true)) TO ${textLiteral(parquet)} (FORMAT parquet)`),
  );
  await rm(csv);
  return parquet;
}

function published(out: string, ending: string): string {
  const names = readdirSync(out, { recursive: true, encoding: 'utf8' });
  const name = names.find((each) => each.includes('/data/') && each.endsWith(ending));
  if (name === undefined) throw new Error(`${out} has no data file ${ending}`);
  return join(out, name);
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
