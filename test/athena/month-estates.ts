import { asExportMonth } from '../../shared/exports/layout';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { withSession } from '../../shared/sql/duck-session';
import { billCsv, type BillRow, type Charge, curRow, estateWithoutUsage, focusRow } from '../support/bills';

/** Month that the bills are of; the bills of the month after it reach into it. */
export const BILLED = asExportMonth('2025-01', 'v2.0.0');

const NEXT = '2025-02';
const PAYERS = ['000000000042', '000000000043'];

/** Charges of all kinds: many accounts, two payers, two currencies, parts of months, numbers of every size. */
const CHARGES: readonly Partial<Charge>[] = [
  ...Array.from({ length: 60 }, (_, index): Partial<Charge> => ({
    account: String(1 + (index % 7)).padStart(12, '0'),
    payer: PAYERS[index % 2] ?? '',
    service: ['A', 'B', 'Something else'][index % 3] ?? '',
    quantity: String((index * 37) % 11) + (index % 4 === 0 ? '' : `.${String(index)}3`),
    cost: String(index / 7),
    currency: index % 5 === 0 ? 'EUR' : 'USD',
  })),
  { quantity: '123456789.123456789', cost: '0.0000000001' },
  { quantity: '1e-7', cost: '-3' },
  { quantity: '98765432109876.5', cost: '12345678901.25' },
  { service: 'B', cost: '', quantity: '' },
  { service: 'B', cost: '4', quantity: 'NULL' },
  { start: '2025-01-31 12:00:00', end: '2025-02-01 12:00:00', quantity: '24', cost: '10' },
  { start: '2025-01-01T00:00:00Z', end: '2025-02-01T00:00:00Z', quantity: '744' },
];

/** Lines of the next month's bill: one charged late, one across the month's end, one that has nothing to do with it. */
const LATE: readonly Partial<Charge>[] = [
  { start: '2025-01-20 00:00:00', end: '2025-01-20 01:00:00', quantity: '5' },
  { start: '2025-01-31 00:00:00', end: '2025-02-02 00:00:00', quantity: '48', currency: 'EUR' },
  { start: '2025-02-10 00:00:00', end: '2025-02-10 01:00:00', quantity: '7' },
];

const tags = (index: number): string =>
  JSON.stringify(
    index % 3 === 0 ? {} : { team: index % 4 === 1 ? 'sl\\ash "q" \\' : `t${String(index % 4)}`, x: 'a,"b"' },
  );

function estate(folder: string): void {
  estateWithoutUsage(folder);
  const months = ['2024-12', BILLED.month, NEXT];
  const rates = months.flatMap((month) => [`USD,${month},1,test`, `EUR,${month},1.1,test`]);
  writeFileSync(
    join(folder, 'currency_rates.csv'),
    `${['currency,usage_period,rate,source', ...rates].join('\n')}\n`,
  );
}

function write(folder: string, file: string, content: string | Buffer): void {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** FOCUS as CSV: two files of the month, one of them compressed, with columns in another order, and the next month's. */
export function writeFocusCsv(folder: string): void {
  estate(folder);
  const rows = [
    ...CHARGES.map((charge, index) =>
      focusRow(charge, { Tags: tags(index), ResourceId: `r${String(index % 5)}` }),
    ),
    focusRow({ start: '2025-01-05T00:00:00+05:30', end: '2025-01-05T01:00:00+05:30' }),
    focusRow({ cost: '7' }, { ChargeCategory: 'Tax' }),
    focusRow({ cost: '7' }, { CommitmentDiscountStatus: 'Unused' }),
    focusRow({ cost: '7' }, { ChargeCategory: 'Purchase' }),
  ];
  const [first, second] = [rows.slice(0, 40), rows.slice(40)];
  write(folder, `focus/usage_period=${BILLED.month}/first.csv`, billCsv(first));
  const reversed = second.map((row) => Object.fromEntries(Object.entries(row).reverse()));
  const escaped = `${billCsv(reversed)}\n`;
  write(folder, `focus/usage_period=${BILLED.month}/second.csv.gz`, gzipSync(Buffer.from(escaped)));
  write(
    folder,
    `focus/usage_period=${NEXT}/next.csv`,
    billCsv(LATE.map((charge) => focusRow(charge, { Tags: '' }))),
  );
}

const asNumber = (name: string): string => `TRY_CAST(nullif(${name}, 'NULL') AS DOUBLE) AS ${name}`;
const asTime = (name: string, type: string): string =>
  `CAST(replace(${name}, 'Z', '') AS ${type}) AS ${name}`;
const TAG_MAP = `MAP_FROM_ENTRIES([(e.key, CAST(e.value ->> '$' AS VARCHAR)) FOR e IN map_entries(CAST(CAST(tags_text AS JSON) AS MAP(VARCHAR, JSON)))])`;

/** The same as Parquet with types: doubles, instants, maps. */
export async function writeFocusParquet(folder: string): Promise<void> {
  writeFocusCsv(folder);
  const first = `focus/usage_period=${BILLED.month}/first.csv`;
  for (const file of [first, `focus/usage_period=${NEXT}/next.csv`]) {
    const type = file === first ? 'TIMESTAMP' : 'TIMESTAMP WITH TIME ZONE';
    await toParquet(
      folder,
      file,
      `SELECT * REPLACE (${asNumber('ConsumedQuantity')}, ${asNumber('ListCost')}, ${asTime('ChargePeriodStart', type)},
         ${asTime('ChargePeriodEnd', type)}, CASE WHEN Tags <> '' THEN ${TAG_MAP.replace('tags_text', 'Tags')} END AS Tags) FROM csv`,
    );
  }
  rmSync(join(folder, `focus/usage_period=${BILLED.month}/second.csv.gz`));
}

/** CUR 2.0 as AWS writes it: Parquet with the Region in the map `product`, tags in a map, decimals and instants. */
export async function writeCur(folder: string): Promise<void> {
  estate(folder);
  const columns = (charge: Partial<Charge>, index: number): BillRow =>
    curRow(charge, {
      line_item_resource_id: `r${String(index % 5)}`,
      line_item_normalization_factor: index % 2 === 0 ? '4' : '',
      product: '',
      resource_tags: tags(index),
    });
  const rows = [
    ...CHARGES.map(columns),
    curRow({}, { line_item_line_item_type: 'Fee' }),
    curRow({}, { line_item_line_item_type: 'SavingsPlanCoveredUsage', line_item_usage_amount: '3' }),
  ];
  const files = {
    [`cur/usage_period=${BILLED.month}/bill.csv`]: rows,
    [`cur/usage_period=${NEXT}/next.csv`]: LATE.map(columns),
  };
  for (const [file, content] of Object.entries(files)) {
    write(folder, file, billCsv(content));
    await toParquet(
      folder,
      file,
      `SELECT * EXCLUDE (product_region_code, product, resource_tags, line_item_usage_amount, pricing_public_on_demand_cost,
           line_item_usage_start_date, line_item_usage_end_date),
         MAP {'region_code': product_region_code, 'instance_type': 'x'} AS product,
         ${TAG_MAP.replace('tags_text', "coalesce(nullif(resource_tags, ''), '{}')")} AS resource_tags,
         ${asNumber('line_item_usage_amount')},
         CAST(TRY_CAST(pricing_public_on_demand_cost AS DECIMAL(30, 12)) AS DECIMAL(30, 12)) AS pricing_public_on_demand_cost,
         ${asTime('line_item_usage_start_date', 'TIMESTAMP')}, ${asTime('line_item_usage_end_date', 'TIMESTAMP')}
       FROM csv`,
    );
  }
}

/** Replaces a CSV file by what a statement makes of its texts, as Parquet. */
export async function toParquet(folder: string, file: string, query = 'SELECT * FROM csv'): Promise<void> {
  const path = join(folder, file);
  await withSession({}, async (session) => {
    await session.run(
      `CREATE TEMP TABLE csv AS SELECT * FROM read_csv('${path}', all_varchar = true, header = true, delim = ',', quote = '"', escape = '"')`,
    );
    await session.run(`COPY (${query}) TO '${path.replace(/\.csv$/, '.parquet')}' (FORMAT parquet)`);
  });
  rmSync(path);
}
