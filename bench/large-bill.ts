import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { textLiteral } from '../shared/sql/dialect';
import { writeSampleEstate } from '../sample/generate';
import { type Bill, writeBill } from './bill-files';
import { withFolder } from './measure';
import { numberOptions, runBench } from './options';
import { commandCost, ratio, reportCost, sqlCost } from './process-cost';

/*
 * One month of bills, from the start of the command to the published month, beside the SQL that one would write by hand: plain
 * DuckDB sums cost and quantity of the same files per account, Region and service, and checks nothing.
 * Usage: npm run bench:bill -- [--lines 2000000] [--csv-lines 1000000] [--accounts 2000] [--case 1]
 */

const {
  lines,
  'csv-lines': csvLines,
  accounts,
  case: single,
} = numberOptions({ lines: 2_000_000, 'csv-lines': 1_000_000, accounts: 2000, case: 0 });

/** A bill, the options of the command, and what the SQL by hand sums by in addition. */
interface Case extends Bill {
  readonly name: string;
  readonly by?: { readonly option: string; readonly sql: string };
}

const FOCUS = { table: 'focus', amounts: 'DOUBLE', lines } as const;
const CUR = { table: 'cur', amounts: 'DOUBLE', lines } as const;
const BY_TEAM = 'the same, --by tag:team';

const ALL: readonly Case[] = [
  { ...FOCUS, name: 'FOCUS, 10 to 15 decimals' },
  { ...FOCUS, name: BY_TEAM, by: { option: 'tag:team', sql: `json_extract_string(Tags, '$.team')` } },
  { ...FOCUS, name: 'the same, --by resource', by: { option: 'resource', sql: 'ResourceId' } },
  { ...FOCUS, name: 'FOCUS, rounded to 6 decimals', amounts: 'rounded' },
  { ...CUR, name: 'CUR 2.0, doubles of 10 to 15 decimals' },
  { ...CUR, name: BY_TEAM, by: { option: 'tag:team', sql: `resource_tags['user_team']` } },
  { ...CUR, name: 'CUR 2.0, decimals with 15 places', amounts: 'DECIMAL(28,15)' },
  { ...FOCUS, name: 'FOCUS as CSV (gzip), 10 to 15 decimals', lines: csvLines, isCsv: true },
];
const CASES = single === 0 ? ALL : ALL.slice(single - 1, single);

runBench(() =>
  withFolder(async (folder) => {
    const inputs = join(folder, 'inputs');
    await writeSampleEstate({ outDir: inputs, months: 1, accounts, usageRowsPerMonth: 1000, focus: false });
    await rm(join(inputs, 'usage'), { recursive: true });
    let written: { readonly key: string; readonly files: string } | undefined;
    for (const each of CASES.filter((one) => one.lines > 0)) {
      const key = JSON.stringify([each.table, each.amounts, each.isCsv]);
      if (written?.key !== key) {
        for (const table of ['focus', 'cur']) await rm(join(inputs, table), { recursive: true, force: true });
        written = { key, files: await writeBill(inputs, each) };
      }
      await benchBill(folder, inputs, each, written.files);
    }
  }),
);

async function benchBill(folder: string, inputs: string, bill: Case, files: string): Promise<void> {
  const out = join(folder, 'out');
  const plain = await sqlCost([`CREATE OR REPLACE TEMP TABLE sums AS ${plainSums(bill, files)}`]);
  const by = bill.by === undefined ? [] : ['--by', bill.by.option];
  const folders = ['--inputs', inputs, '--out', out];
  const options = ['run', ...folders, '--as-of', '2026-11-20', ...by];
  const run = await commandCost(options, () => rm(out, { recursive: true, force: true }));
  console.log(`${bill.name}: ${bill.lines.toLocaleString('en-US')} lines`);
  reportCost('  plain DuckDB: sums per account, Region and service', plain);
  reportCost('  the command: the month, published', run, `${ratio(run, plain)} plain DuckDB`);
}

/** The SQL that one would write by hand. */
function plainSums({ table, isCsv, by }: Case, files: string): string {
  const from = `${isCsv === true ? 'read_csv' : 'read_parquet'}(${textLiteral(files)})`;
  const more = by === undefined ? '' : `, ${by.sql} AS part`;
  const groups = by === undefined ? '1, 2, 3' : '1, 2, 3, 4';
  return table === 'focus'
    ? `SELECT SubAccountId, RegionId, ServiceName${more}, SUM(ListCost) AS cost, SUM(ConsumedQuantity) AS quantity
       FROM ${from} WHERE ChargeCategory = 'Usage' AND ProviderName = 'AWS' GROUP BY ${groups}`
    : `SELECT line_item_usage_account_id, product_region_code, line_item_product_code${more},
         SUM(pricing_public_on_demand_cost) AS cost, SUM(line_item_usage_amount) AS quantity
       FROM ${from} WHERE line_item_line_item_type = 'Usage' GROUP BY ${groups}`;
}
