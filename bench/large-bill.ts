import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSampleEstate } from '../sample/generate';
import { DuckSession } from '../shared/sql/duck-session';
import { peakMegabytes, report, timed, withFolder } from './measure';
import { runFolder } from './run-folder';

/*
 * One month of a large FOCUS bill, as AWS writes it (Parquet, hourly lines with resources and tags), beside plain
 * DuckDB that sums cost and quantity per account, Region and service of the same files. Two threads each.
 * Usage: npm run bench:bill -- [lines, default 50000000] [accounts, default 2000]
 */

const MONTH = '2026-10';
const LINES_PER_FILE = 5_000_000;
const LIMITS = { memoryLimit: '3GB', threads: 2 };

async function bench(lines: number, accounts: number): Promise<void> {
  await withFolder(async (folder) => {
    const inputs = join(folder, 'inputs');
    await writeSampleEstate({ outDir: inputs, months: 1, accounts, usageRowsPerMonth: 1000, focus: false });
    await rm(join(inputs, 'usage'), { recursive: true });
    await writeBill(inputs, lines);
    const plain = await timed(() => plainSums(inputs));
    const run = await timed(() => runFolder(inputs, join(folder, 'out'), '2026-11-20', LIMITS));
    const rate = (seconds: number): string =>
      `${Math.round(lines / seconds).toLocaleString('en-US')} lines/s`;
    report('plain DuckDB: sums per account, Region and service', plain.seconds, rate(plain.seconds));
    report('the whole month, published', run.seconds, rate(run.seconds));
    console.log(`${(run.seconds / plain.seconds).toFixed(2)} times plain DuckDB`);
    console.log(
      `${String(run.value.months[0]?.summary?.rows ?? 0)} rows; peak memory ${String(peakMegabytes())} MB`,
    );
  });
}

/** A seeded bill over the estate's accounts, Regions and services. */
async function writeBill(inputs: string, lines: number): Promise<void> {
  const folder = join(inputs, 'focus', `usage_period=${MONTH}`);
  await mkdir(folder, { recursive: true });
  const session = await DuckSession.open({ ...LIMITS });
  try {
    await session.run(
      `CREATE TEMP TABLE account AS SELECT row_number() OVER (ORDER BY id) - 1 AS n, id FROM (SELECT DISTINCT Id AS id FROM (SELECT unnest(Accounts, recursive := true) FROM read_json($1)))`,
      [join(inputs, 'accounts.json')],
    );
    await session.run(
      `CREATE TEMP TABLE region AS SELECT row_number() OVER (ORDER BY region_code) - 1 AS n, region_code FROM (SELECT DISTINCT region_code FROM read_csv($1, all_varchar = true) WHERE kind = 'region')`,
      [join(inputs, 'clusters.csv')],
    );
    await session.run(
      `CREATE TEMP TABLE service AS SELECT row_number() OVER (ORDER BY service_name) - 1 AS n, service_name, product_code FROM read_csv($1, all_varchar = true)`,
      [join(inputs, 'services.csv')],
    );
    for (let first = 0; first < lines; first += LINES_PER_FILE) {
      const last = Math.min(first + LINES_PER_FILE, lines);
      await session.run(billStatement(), [
        String(first),
        String(last),
        join(folder, `bill-${String(first)}.parquet`),
      ]);
    }
  } finally {
    await session.close();
  }
}

function billStatement(): string {
  const start = `TIMESTAMP '${MONTH}-01' + INTERVAL 1 HOUR * (hash(i) % 744)`;
  return `COPY (
    SELECT a.id AS SubAccountId, '000000000042' AS BillingAccountId, 'USD' AS BillingCurrency,
      CASE WHEN i % 50 = 0 THEN 'Tax' ELSE 'Usage' END AS ChargeCategory, CAST(NULL AS VARCHAR) AS ChargeClass,
      CAST(${start} AS TIMESTAMP_MS) AS ChargePeriodStart, CAST(${start} + INTERVAL 1 HOUR AS TIMESTAMP_MS) AS ChargePeriodEnd,
      'AWS' AS ProviderName, 'Amazon Web Services, Inc.' AS PublisherName, r.region_code AS RegionId,
      s.service_name AS ServiceName, s.product_code AS x_ServiceCode, CAST(NULL AS VARCHAR) AS CommitmentDiscountStatus,
      CAST((hash(i + 7) % 100000) AS DOUBLE) / 1000 AS ConsumedQuantity, 'Hours' AS ConsumedUnit,
      CAST((hash(i + 9) % 1000000) AS DOUBLE) / 1e6 AS ListCost,
      'arn:aws:svc:' || r.region_code || ':' || a.id || ':thing/' || (hash(i + 11) % 100000) AS ResourceId,
      '{"team": "t' || (hash(i + 13) % 40) || '"}' AS Tags
    FROM (SELECT range AS i, CAST(hash(range) % (SELECT COUNT(*) FROM account) AS BIGINT) AS a,
        -- An account uses two Regions and fifteen services.
        CAST((hash(hash(range) % (SELECT COUNT(*) FROM account)) % 1009 + hash(range + 3) % 2) % (SELECT COUNT(*) FROM region) AS BIGINT) AS r,
        CAST((hash(hash(range) % (SELECT COUNT(*) FROM account)) % 1013 + hash(range + 5) % 15) % (SELECT COUNT(*) FROM service) AS BIGINT) AS s
      FROM range(CAST($1 AS BIGINT), CAST($2 AS BIGINT))) l
    JOIN account a ON a.n = l.a JOIN region r ON r.n = l.r JOIN service s ON s.n = l.s
  ) TO $3 (FORMAT parquet)`;
}

async function plainSums(inputs: string): Promise<void> {
  const session = await DuckSession.open(LIMITS);
  try {
    await session.run(
      `CREATE TEMP TABLE sums AS
       SELECT SubAccountId, RegionId, ServiceName, SUM(ListCost) AS cost, SUM(ConsumedQuantity) AS quantity
       FROM read_parquet($1) WHERE ChargeCategory = 'Usage' AND ProviderName = 'AWS'
       GROUP BY 1, 2, 3`,
      [join(inputs, 'focus', `usage_period=${MONTH}`, '*.parquet')],
    );
  } finally {
    await session.close();
  }
}

const [lines = '50000000', accounts = '2000'] = process.argv.slice(2);
bench(Number(lines), Number(accounts)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
