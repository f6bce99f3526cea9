import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BillTable } from '../shared/usage/bills/bill-tables';
import { DuckSession } from '../shared/sql/duck-session';

/*
 * Seeded bills of one month as AWS writes them: hourly lines of every account, Region, service and usage type, with resources
 * and tags. Costs and quantities are below 100 and have 10 to 15 decimals, as those of real bills.
 */

const BILL_MONTH = '2026-10';

/** How amounts are written. */
export type Amounts = 'DOUBLE' | 'DECIMAL(28,15)' | 'rounded';

/** A bill to write. */
export interface Bill {
  readonly table: BillTable;
  readonly amounts: Amounts;
  readonly lines: number;
  /** @default - Parquet */
  readonly isCsv?: boolean;
}

const LINES_PER_FILE = 5_000_000;

/** Writes a bill into an estate, in files of 5 million lines. Returns the pattern of its files. */
export async function writeBill(inputs: string, bill: Bill): Promise<string> {
  const folder = join(inputs, bill.table, `usage_period=${BILL_MONTH}`);
  await mkdir(folder, { recursive: true });
  const { extension, format } = bill.isCsv === true ? CSV : PARQUET;
  const session = await DuckSession.open({ memoryLimit: '3GB' });
  try {
    await loadNames(session, inputs);
    const columns = bill.table === 'focus' ? focusColumns(bill.amounts) : curColumns(bill.amounts);
    for (let first = 0; first < bill.lines; first += LINES_PER_FILE) {
      const last = Math.min(first + LINES_PER_FILE, bill.lines);
      await session.run(
        `COPY (SELECT ${columns.join(', ')} FROM ${linesFrom(first, last)}) TO $1 (${format})`,
        [join(folder, `bill-${String(first)}.${extension}`)],
      );
    }
  } finally {
    await session.close();
  }
  return join(folder, `*.${extension}`);
}

const PARQUET = { extension: 'parquet', format: 'FORMAT parquet' };
const CSV = { extension: 'csv.gz', format: 'FORMAT csv, HEADER true, COMPRESSION gzip' };

/** Loads the accounts, Regions and services of the estate, numbered. */
async function loadNames(session: DuckSession, inputs: string): Promise<void> {
  const numbered = (name: string, column: string, from: string): Promise<void> =>
    session.run(
      `CREATE TEMP TABLE ${name} AS SELECT row_number() OVER (ORDER BY ${column}) - 1 AS n, * FROM (SELECT DISTINCT ${from})`,
      [
        join(
          inputs,
          name === 'account' ? 'accounts.json' : name === 'region' ? 'clusters.csv' : 'services.csv',
        ),
      ],
    );
  await numbered(
    'account',
    'id',
    'Id AS id FROM (SELECT unnest(Accounts, recursive := true) FROM read_json($1))',
  );
  await numbered(
    'region',
    'region_code',
    `region_code FROM read_csv($1, all_varchar = true) WHERE kind = 'region'`,
  );
  await numbered(
    'service',
    'service_name',
    'service_name, product_code FROM read_csv($1, all_varchar = true)',
  );
}

/** A number of a line below a limit, the same in every run. */
function drawn(seed: number, limit: string | number): string {
  return `CAST(hash(i * 31 + ${String(seed)}) % ${String(limit)} AS BIGINT)`;
}

/** An account uses two Regions, fifteen services and three usage types of each. */
function linesFrom(first: number, last: number): string {
  const accounts = '(SELECT COUNT(*) FROM account)';
  const ofAccount = (seed: number, most: number, names: string): string =>
    `CAST((hash(hash(i) % ${accounts}) % ${String(seed)} + ${drawn(seed, most)}) % (SELECT COUNT(*) FROM ${names}) AS BIGINT)`;
  return `(
    SELECT l.*, a.id AS account, r.region_code AS region, s.service_name, s.product_code,
      TIMESTAMP '${BILL_MONTH}-01' + INTERVAL 1 HOUR * (hash(i) % 744) AS start
    FROM (
      SELECT range AS i, CAST(hash(range) % ${accounts} AS BIGINT) AS a, ${drawn(3, 3)} AS kind,
        ${ofAccount(1009, 2, 'region')} AS r, ${ofAccount(1013, 15, 'service')} AS s
      FROM (SELECT range, range AS i FROM range(${String(first)}, ${String(last)}))
    ) l
    JOIN account a ON a.n = l.a JOIN region r ON r.n = l.r JOIN service s ON s.n = l.s
  )`;
}

/** A double has 15 digits: below 10 there is room for 14 decimals, below 100 for 13. */
function amount(amounts: Amounts, seed: number): string {
  const size = drawn(seed + 1, 6);
  const number = `CAST(${drawn(seed, 1_000_000_007)} AS DOUBLE) / 1000000007 * pow(10.0, ${size} - 3)`;
  if (amounts === 'rounded') return `round(${number}, 6)`;
  const decimals = `round(${number}, CAST(least(10 + ${drawn(seed + 2, 6)}, 18 - greatest(${size}, 3)) AS INTEGER))`;
  return amounts === 'DOUBLE' ? decimals : `CAST(${decimals} AS ${amounts})`;
}

const IS_USAGE = 'i % 50 <> 0';
const ZONE = `CASE WHEN s % 5 = 0 THEN region || substr('abc', 1 + ${drawn(20, 3)}, 1) END`;
const USAGE_TYPE = `upper(region) || '-' || product_code || '-Usage' || kind`;
const UNIT = `CASE kind WHEN 0 THEN 'Hours' WHEN 1 THEN 'GB' ELSE 'Requests' END`;
const RESOURCE = `'arn:aws:svc:' || region || ':' || account || ':thing/' || kind || '-' || ${drawn(11, 20)}`;
const END = 'CAST(start + INTERVAL 1 HOUR AS TIMESTAMP_MS)';

function focusColumns(amounts: Amounts): string[] {
  return [
    `account AS SubAccountId, '000000000042' AS BillingAccountId, 'USD' AS BillingCurrency`,
    `CASE WHEN ${IS_USAGE} THEN 'Usage' ELSE 'Tax' END AS ChargeCategory, CAST(NULL AS VARCHAR) AS ChargeClass`,
    `CAST(start AS TIMESTAMP_MS) AS ChargePeriodStart, ${END} AS ChargePeriodEnd`,
    `'AWS' AS ProviderName, 'Amazon Web Services, Inc.' AS PublisherName, region AS RegionId, ${ZONE} AS AvailabilityZone`,
    `service_name AS ServiceName, product_code AS x_ServiceCode, ${USAGE_TYPE} AS x_UsageType`,
    `CASE WHEN kind = 0 AND s % 3 = 0 THEN 'Used' END AS CommitmentDiscountStatus`,
    `${amount(amounts, 40)} AS ConsumedQuantity, ${UNIT} AS ConsumedUnit, ${amount(amounts, 50)} AS ListCost`,
    `${RESOURCE} AS ResourceId, '{"team": "t' || ${drawn(13, 40)} || '", "env": "e' || ${drawn(14, 3)} || '"}' AS Tags`,
  ];
}

function curColumns(amounts: Amounts): string[] {
  return [
    `account AS line_item_usage_account_id, '000000000042' AS bill_payer_account_id, 'AWS' AS bill_billing_entity`,
    `CASE WHEN ${IS_USAGE} THEN 'Usage' ELSE 'Tax' END AS line_item_line_item_type, 'USD' AS line_item_currency_code`,
    `CAST(start AS TIMESTAMP_MS) AS line_item_usage_start_date, ${END} AS line_item_usage_end_date`,
    `region AS product_region_code, ${ZONE} AS line_item_availability_zone, product_code AS line_item_product_code`,
    `${USAGE_TYPE} AS line_item_usage_type, CASE WHEN s % 5 = 0 THEN pow(2.0, kind) END AS line_item_normalization_factor`,
    `${amount(amounts, 40)} AS line_item_usage_amount, ${UNIT} AS pricing_unit, 'USD' AS pricing_currency`,
    `${amount(amounts, 50)} AS pricing_public_on_demand_cost, ${RESOURCE} AS line_item_resource_id`,
    `MAP {'user_team': 't' || ${drawn(13, 40)}, 'user_env': 'e' || ${drawn(14, 3)}} AS resource_tags`,
    `MAP {'region': region, 'product_name': service_name} AS product`,
  ];
}
