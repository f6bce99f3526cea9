import { append } from '../../base/append';
import type { LoadedMonth } from '../../compute/allocation/month-inputs';
import { usageOfMonth } from '../../compute/allocation/usage-of-month';
import { groupBy } from '../../base/group';
import type { Breakdown } from '../../exports/breakdown';
import type { Relation } from '../../sql/relation';
import { selectSteps } from '../../sql/steps';
import { type DuckSession, numberIn, textIn } from '../../sql/duck-session';
import { isBillTable } from '../../usage/bills/bill-tables';
import { hasPods } from '../../usage/bills/allocate-nodes';
import { sumBills } from '../../usage/bills/sum-bills';
import { DUCK_ENGINE } from '../../usage/lines/duck-engine';
import { allLines, type Sql } from '../../usage/lines/usage-source';
import {
  asDouble,
  EXACT_MACRO,
  exactIn,
  exactSteps,
  exactSum,
  exactTexts,
  isAboveZero,
} from './exact-amounts';
import type { ModelVersion } from './exact/categories';
import { MONTHLY_COLUMNS, type StaticTables } from './exact/estate-tables';
import { type Drivers, driverKey } from './exact/step-5-drivers';
import { rawDetail, valueOfDetail } from './raw-detail';
import { countRecords, textRelation } from './text-relation';

/** The ids under which the drivers of all customers and of all internal accounts are summed. */
const CUSTOMERS = 'customers';
export const INTERNAL = 'internal';

/** A month's usage, summed exactly. */
export interface UsageSums {
  /** Usage lines that were summed. */
  readonly lines: number;
  /** By service and cluster, of {@link CUSTOMERS} and {@link INTERNAL}. */
  readonly totals: Drivers;
  /** Account, cluster, code, is_internal and the exact amount, above 0. */
  readonly drivers: Relation;
  /** Of a breakdown: account, cluster, code, part, the exact amount of the part and of all parts above 0. */
  readonly parts: Relation | undefined;
}

/**
 * Sums a month's usage per account, cluster and service, in exact arithmetic and by separate SQL. Files of usage/ are
 * read again; lines of bills are read by the run's SQL, and their values in a breakdown are determined again.
 *
 * @throws Error when a number is invalid, a quantity is below 0, or a record of a file is missing from the sums
 */
export async function sumUsage(
  session: DuckSession,
  month: LoadedMonth,
  statics: Pick<StaticTables, 'services' | 'internal_accounts'>,
  { version, breakdown }: { readonly version: ModelVersion; readonly breakdown: Breakdown | undefined },
): Promise<UsageSums> {
  await session.run(EXACT_MACRO);
  const services = await session.load({
    columns: { code: 'VARCHAR', basis: 'VARCHAR' },
    rows: statics.services.map(({ product_code: code, basis }) => [code, basis]),
  });
  const internal = await session.load({
    columns: { account: 'VARCHAR' },
    rows: statics.internal_accounts.map(({ account_id: account }) => [account]),
  });
  const sums = await sumLines(session, month, services, breakdown);
  const [total] = await session.rows(
    `SELECT CAST(coalesce(SUM(lines), 0) AS DOUBLE) AS n FROM ${sums.table}`,
  );
  const lines = numberIn(total, 'n');
  if (!isBillTable(month.usage.table)) await assertAllRecords(session, month, lines);
  const drivers = await driversOf(session, { sums, services, internal }, version);
  const parts =
    breakdown === undefined
      ? undefined
      : ((await podParts(session, month, services, breakdown)) ?? (await partsOf(session, sums, breakdown)));
  return { lines, drivers, parts, totals: await driverTotals(session, drivers) };
}

/** The method rounds amounts at the 18th decimal, which only matters for the smallest. */
const ROUNDED = `CASE WHEN abs(TRY_CAST(amount AS DOUBLE)) < 1e-6 THEN CAST(TRY_CAST(amount AS DECIMAL(38, 18)) AS VARCHAR) ELSE amount END`;

/** Returns account, cluster, code, detail, the exact amount and the number of lines. */
async function sumLines(
  session: DuckSession,
  month: LoadedMonth,
  services: Relation,
  breakdown: Breakdown | undefined,
): Promise<Relation> {
  const lines = isBillTable(month.usage.table)
    ? await billLines(session, month, breakdown)
    : await usageLines(month);
  return sumsOf(session, lines, services);
}

/** The cost of instances goes to their pods and tasks as the run divides it; absent where a month has no such data. */
async function podParts(
  session: DuckSession,
  month: LoadedMonth,
  services: Relation,
  breakdown: Breakdown,
): Promise<Relation | undefined> {
  const raw = rawDetail(breakdown);
  const { bills } = await usageOfMonth(session, month, () => raw);
  if (bills === undefined || !hasPods(bills.lines)) return undefined;
  const sums = await bills.linesOfSums(session, await sumBills(session, bills.lines, DUCK_ENGINE));
  const list = COLUMNS.map((column) => `coalesce(CAST(${column} AS VARCHAR), '') AS ${column}`);
  const sql = `SELECT ${list.join(', ')}, coalesce(breakdown_value, '') AS detail FROM (${sums}) b`;
  return partsOf(session, await sumsOf(session, { sql, parameters: [] }, services), breakdown);
}

function sumsOf(session: DuckSession, { sql, parameters }: Sql, services: Relation): Promise<Relation> {
  const amount = `CASE s.basis WHEN 'physical' THEN l.usage_quantity ELSE l.usage_revenue END`;
  const lines = `(SELECT * REPLACE (${ROUNDED} AS amount) FROM (
    SELECT l.usage_account_id AS account, l.cluster_id AS cluster, l.product_code AS code, l.detail, nullif(${amount}, 'NULL') AS amount
    FROM (${sql}) l LEFT JOIN ${services.table} s ON s.code = l.product_code) t) r`;
  const columns = { ofLine: ['*'], steps: exactSteps('amount', 'amount') };
  return session.tableOf(
    `SELECT account, cluster, code, detail, ${exactSum('amount')}, COUNT(*) AS lines
     FROM (${selectSteps(columns, lines)}) e GROUP BY account, cluster, code, detail`,
    parameters,
  );
}

const COLUMNS = MONTHLY_COLUMNS.usage;

async function usageLines({ usage, settings }: LoadedMonth): Promise<Sql> {
  const account = settings.pad_account_ids
    ? `CASE WHEN regexp_full_match(usage_account_id, '\\d{1,12}(\\.0)?') THEN lpad(regexp_extract(usage_account_id, '^\\d+'), 12, '0') ELSE usage_account_id END`
    : 'usage_account_id';
  const selects: string[] = [];
  const parameters: string[] = [];
  for (const { path } of usage.files) {
    const relation = await textRelation(path, COLUMNS, parameters.length + 1);
    append(parameters, relation.parameters);
    selects.push(`SELECT * REPLACE (${account} AS usage_account_id), '' AS detail FROM (${relation.sql}) f`);
  }
  return { sql: selects.join('\nUNION ALL\n'), parameters };
}

async function billLines(
  session: DuckSession,
  month: LoadedMonth,
  breakdown: Breakdown | undefined,
): Promise<Sql> {
  const raw = breakdown === undefined ? undefined : rawDetail(breakdown);
  const { source } = await usageOfMonth(session, month, raw && (() => raw));
  const { sql, parameters } = allLines(source);
  const list = COLUMNS.map((column) => `coalesce(CAST(${column} AS VARCHAR), '') AS ${column}`);
  const detail = raw === undefined ? `''` : `coalesce(${raw.name}, '')`;
  return { sql: `SELECT ${list.join(', ')}, ${detail} AS detail FROM (${sql}) b`, parameters };
}

/** The engine's reader must find every record of the files. */
async function assertAllRecords(session: DuckSession, { usage }: LoadedMonth, lines: number): Promise<void> {
  let records = 0;
  for (const { path } of usage.files) records += await countRecords(session, path);
  if (records === lines) return;
  throw new Error(`usage: ${String(lines)} records were read, and the files have ${String(records)}`);
}

/** Drivers of step 5: net revenue below 0 counts as 0; v1.0.0 leaves out internal accounts of economic services. */
async function driversOf(
  session: DuckSession,
  { sums, services, internal }: Readonly<Record<'sums' | 'services' | 'internal', Relation>>,
  version: ModelVersion,
): Promise<Relation> {
  const leftOut = `s.basis = 'economic' AND i.account IS NOT NULL`;
  const kept = version === 'v1.0.0' ? `WHERE NOT (${leftOut})` : '';
  const net = await session.tableOf(
    `SELECT u.account, u.cluster, u.code, s.basis, i.account IS NOT NULL AS is_internal, u.amount_high, u.amount_low
     FROM (SELECT account, cluster, code, ${exactSum('amount')} FROM ${sums.table} GROUP BY account, cluster, code) u
     JOIN ${services.table} s ON s.code = u.code LEFT JOIN ${internal.table} i ON i.account = u.account ${kept}`,
  );
  const [negative] = await session.rows(
    `SELECT account, cluster, code FROM ${net.table} WHERE basis = 'physical' AND amount_high < 0 LIMIT 1`,
  );
  if (negative !== undefined) {
    const key = ['account', 'cluster', 'code'].map((column) => textIn(negative, column)).join(', ');
    throw new Error(`the usage quantity of ${key} is below 0`);
  }
  const drivers = await session.tableOf(`SELECT * FROM ${net.table} WHERE ${isAboveZero('amount')}`);
  await session.drop(net);
  return drivers;
}

/** The values of a breakdown above 0, and the sum of those per account, cluster and service. */
async function partsOf(session: DuckSession, sums: Relation, breakdown: Breakdown): Promise<Relation> {
  const rows: (readonly [string, string])[] = [];
  for await (const chunk of session.chunks(`SELECT DISTINCT detail FROM ${sums.table}`)) {
    for (const row of chunk) {
      const detail = textIn(row, 'detail');
      rows.push([detail, valueOfDetail(breakdown, detail)]);
    }
  }
  const values = await session.load({ columns: { detail: 'VARCHAR', part: 'VARCHAR' }, rows });
  const both = ['part', 'whole'].map((name) => `amount_high AS ${name}_high, amount_low AS ${name}_low`);
  return session.tableOf(
    `WITH part_sum AS (SELECT account, cluster, code, part, ${exactSum('amount')} FROM ${sums.table} JOIN ${values.table} USING (detail) GROUP BY account, cluster, code, part),
       part AS (SELECT account, cluster, code, part, ${both.join(', ')} FROM part_sum WHERE ${isAboveZero('amount')}),
       whole AS (SELECT account, cluster, code, ${exactSum('whole')} FROM part GROUP BY account, cluster, code)
     SELECT p.account, p.cluster, p.code, p.part, p.part_high, p.part_low, w.whole_high, w.whole_low FROM part p JOIN whole w USING (account, cluster, code)`,
  );
}

async function driverTotals(session: DuckSession, drivers: Relation): Promise<Drivers> {
  const rows = await session.rows(
    `SELECT cluster, code, is_internal, ${exactTexts('amount')} FROM (
       SELECT cluster, code, is_internal, ${exactSum('amount')} FROM ${drivers.table} GROUP BY cluster, code, is_internal) t`,
  );
  const byService = groupBy(rows, (row) => driverKey(textIn(row, 'cluster'), textIn(row, 'code')));
  return new Map(
    [...byService].map(([key, totals]) => [
      key,
      new Map(
        totals.map((row) => [row['is_internal'] === true ? INTERNAL : CUSTOMERS, exactIn(row, 'amount')]),
      ),
    ]),
  );
}

/**
 * Returns SQL of the portions of each row of the export: its key (account, region, product, part), the driver, and the
 * share of the part as two amounts; without a breakdown the part is blank and the share 1.
 *
 * @param units cluster, code, region, product and a double per category
 */
export function portionSql(
  { drivers, parts }: Pick<UsageSums, 'drivers' | 'parts'>,
  units: Relation,
): string {
  const one = (name: string): string =>
    `CAST(1 AS DECIMAL(38, 10)) AS ${name}_high, CAST(0 AS HUGEINT) AS ${name}_low`;
  const part =
    parts === undefined
      ? `'' AS part, ${one('part')}, ${one('whole')}`
      : 'p.part, p.part_high, p.part_low, p.whole_high, p.whole_low';
  const join =
    parts === undefined
      ? ''
      : `JOIN ${parts.table} p ON p.account = d.account AND p.cluster = d.cluster AND p.code = d.code`;
  return `SELECT d.account, ${part}, u.*, d.amount_high, d.amount_low
    FROM ${drivers.table} d JOIN ${units.table} u ON u.cluster = d.cluster AND u.code = d.code ${join}
    WHERE NOT d.is_internal`;
}

/** SQL of the share of a portion in doubles: the driver times the part. */
export const SHARE = `${asDouble('amount')} * (${asDouble('part')} / ${asDouble('whole')})`;
