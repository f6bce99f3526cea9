import { readdirSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSampleEstate } from '../sample/generate';
import { textLiteral } from '../shared/sql/dialect';
import { withSession } from '../shared/sql/duck-session';

const MONTH = '2026-10';

/** SQL of an amount of the sample with all the digits of a double, and with six decimals. */
const AMOUNTS = {
  'all digits': (column: string): string => `CAST(${column} AS DOUBLE) * 1.123456789 / 3`,
  'six decimals': (column: string): string => `round(CAST(${column} AS DOUBLE), 6)`,
} as const;

export type Amounts = keyof typeof AMOUNTS;

/** Writes an estate with one month of usage in Parquet. Returns the path of the usage file. */
export async function writeUsageMonth(
  outDir: string,
  size: { readonly accounts: number; readonly usageRows: number; readonly amounts: Amounts },
): Promise<string> {
  const { accounts, usageRows, amounts } = size;
  await writeSampleEstate({ outDir, accounts, months: 1, usageRowsPerMonth: usageRows, focus: false });
  const folder = join(outDir, 'usage', `usage_period=${MONTH}`);
  const [csv, parquet] = [join(folder, 'usage.csv'), join(folder, 'usage.parquet')];
  await withSession({}, (session) =>
    session.run(`COPY (${usageOf(csv, amounts)}) TO ${textLiteral(parquet)} (FORMAT parquet)`),
  );
  await rm(csv);
  return parquet;
}

function usageOf(csv: string, amounts: Amounts): string {
  const list = ['usage_quantity', 'usage_revenue'].map(
    (column) => `${AMOUNTS[amounts](column)} AS ${column}`,
  );
  return `SELECT usage_account_id, cluster_id, product_code, ${list.join(', ')}
    FROM read_csv(${textLiteral(csv)}, all_varchar = true, header = true)`;
}

/** Gives the amounts of an estate's usage in CSV all the digits of a double, in place of the sample's few decimals. */
export async function giveAllDigits(inputs: string): Promise<void> {
  const names = readdirSync(join(inputs, 'usage'), { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.csv')).map((name) => join(inputs, 'usage', name));
  if (files.length === 0) throw new Error(`${inputs} has no usage in CSV`);
  await withSession({}, async (session) => {
    for (const file of files) {
      await session.run(
        `COPY (${usageOf(file, 'all digits')}) TO ${textLiteral(`${file}.new`)} (FORMAT csv)`,
      );
      await rename(`${file}.new`, file);
    }
  });
}

/** Returns the published data file below a folder. */
export function publishedFile(out: string, ending: string): string {
  const names = readdirSync(out, { recursive: true, encoding: 'utf8' });
  const name = names.find((each) => each.includes('/data/') && each.endsWith(ending));
  if (name === undefined) throw new Error(`${out} has no data file ${ending}`);
  return join(out, name);
}
