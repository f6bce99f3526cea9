import { defined } from '../../base/defined';
import { InputError, type InputProblem } from '../../base/input-problem';
import type { Month } from '../../base/month';
import { SHOWN } from '../../base/shown';
import type { EstateSettings } from '../../estate/estate-settings';
import type { Breakdown } from '../../exports/breakdown';
import { isAccountId, paddedId } from '../../sql/account-ids';
import { type DuckSession, numberIn, textIn } from '../../sql/duck-session';
import { exactSum, LONG } from '../../sql/exact-decimals';
import { fileRelation } from '../../sql/file-relation';
import { BILL_FORMATS } from '../../usage/bills/bill-formats';
import { BILL_SUMS } from '../../usage/bills/bill-sums';
import type { BillTable } from '../../usage/bills/bill-tables';
import { type BillFile, billUsageSource, lineTables } from '../../usage/bills/bill-usage';
import { placedLines } from '../../usage/bills/lines-of-month';
import { NO_SERVICE_NAMES } from '../../usage/bills/service-names';
import { shippedServices } from '../../usage/bills/shipped-tables';
import { DUCK_ENGINE } from '../../usage/lines/duck-engine';
import { stagedSums } from '../../usage/lines/staged-sums';
import type { FoundLine, UsageEngine } from '../../usage/lines/usage-engine';
import type { UsageSource } from '../../usage/lines/usage-source';
import { GLOBAL_PRODUCT, GLOBAL_REGION, OTHER_PRODUCTS } from './carbon-columns';
import { measuredSql, measuredTables } from './measured-usage';

/** A month's bills, and what reading them depends on. */
export interface MonthBills {
  readonly table: BillTable;
  readonly files: readonly BillFile[];
  readonly month: Month;
  readonly settings: EstateSettings;
  readonly rates?: ReadonlyMap<string, number>;
  /** What services are broken down by. @default - nothing: services are whole */
  readonly breakdown?: Breakdown;
  /** What sums the bills. @default - DuckDB */
  readonly engine?: UsageEngine;
}

/** What is told of a month's bills. */
export interface BillCosts {
  /** Lines that count. */
  readonly lines: number;
  /** Names of services that have no code in the bill and none in the shipped map; they are their own code. */
  readonly namedServices: readonly string[];
  /** Lines of services that are split by quantity whose unit is not the service's: they take nothing. */
  readonly unmeasured: readonly { readonly productCode: string; readonly lines: number }[];
}

/**
 * Sums the list cost of a month's usage lines into the table `service_cost`: account_id, place (the Region, or `global`),
 * service_group, product_code, part, cost (exact decimals). Lines of the service that AWS reports under Global are there
 * a second time with that place. Needs the table `carbon_group` of the products that AWS's rows have.
 *
 * @throws InputError naming file, row and column of every line that is not sound
 */
export async function loadServiceCosts(session: DuckSession, bills: MonthBills): Promise<BillCosts> {
  const { table, files, rates, breakdown, engine = DUCK_ENGINE } = bills;
  const context = { ...bills, clusters: [], racks: [], services: NO_SERVICE_NAMES };
  const source = billUsageSource(table, files, context);
  if (source.staged === undefined) throw new Error('bills have sums');
  const measured = await measuredTables(bills.settings.bills.split_by_quantity);
  for (const small of [...lineTables(BILL_FORMATS[table], bills), ...measured]) {
    await session.load(small.name, small.columns, small.rows);
  }
  await session.load('aws_bill_rate', RATE_COLUMNS, rates ?? []);
  await session.load('shipped_service', NAME_COLUMNS, await namesToCodes());
  await engine.sum(session, source, stagedSums(source.staged));
  await assertSound(session, engine, bills, source);
  const part = breakdown === undefined ? WHOLE_SERVICE : 'b.split_value';
  await session.run(`CREATE TEMP TABLE line_cost AS ${lineCosts(bills, part)}`);
  await session.run(`CREATE TEMP TABLE service_cost AS ${SERVICE_COSTS}`);
  const [total] = await session.rows('SELECT coalesce(CAST(SUM(lines) AS DOUBLE), 0) AS n FROM line_cost');
  const named = await session.rows(
    'SELECT DISTINCT product_code FROM line_cost WHERE is_named ORDER BY product_code',
  );
  const unmeasured = await session.rows(
    `SELECT product_code, CAST(SUM(lines) AS DOUBLE) AS n FROM line_cost WHERE is_unmeasured GROUP BY product_code ORDER BY product_code`,
  );
  return {
    lines: numberIn(total, 'n'),
    namedServices: named.map((row) => textIn(row, 'product_code')),
    unmeasured: unmeasured.map((row) => ({
      productCode: textIn(row, 'product_code'),
      lines: numberIn(row, 'n'),
    })),
  };
}

/** Part of a service where services are not broken down. */
const WHOLE_SERVICE = `CAST(NULL AS VARCHAR)`;

const RATE_COLUMNS = [
  ['currency', 'VARCHAR'],
  ['rate', 'DOUBLE'],
] as const;

const NAME_COLUMNS = [
  ['service_name', 'VARCHAR'],
  ['product_code', 'VARCHAR'],
] as const;

/** AWS's code of each service by its name in FOCUS; the first row of a name counts. */
async function namesToCodes(): Promise<(readonly [string, string])[]> {
  const codes = new Map<string, string>();
  for (const row of await shippedServices()) {
    if (!codes.has(row.service_name)) codes.set(row.service_name, row.product_code);
  }
  return [...codes];
}

/**
 * SQL of the costs of a file's lines one by one, with `line`, counted from 1; its path is the parameter $1. The tables of
 * {@link loadServiceCosts} must be loaded.
 */
export function costsOfFile(bills: MonthBills, file: BillFile): string {
  const { table, month, settings } = bills;
  const context = { ...bills, clusters: [], racks: [], services: NO_SERVICE_NAMES };
  const texts = fileRelation(file, billUsageSource(table, [file], context).columnsOf(file), '$1', true);
  const lines = placedLines(BILL_FORMATS[table], texts, { month, settings }, ['line']);
  const from = `(SELECT p.*, 1 AS lines FROM (${lines}) p)`;
  return lineCosts(bills, WHOLE_SERVICE, { from, more: ['line'] });
}

/**
 * Costs of sums of lines, with the service they are of; of services that are split by quantity, what was used of them. A
 * charge across a month's end counts by its part of the time.
 *
 * @param source what has the sums, and further columns of it to hand through
 */
function lineCosts(
  { settings, rates }: MonthBills,
  part: string,
  { from, more }: { readonly from: string; readonly more: readonly string[] } = { from: BILL_SUMS, more: [] },
): string {
  const id = accountOf(settings);
  const factor = rates === undefined ? 'b.part' : 'b.part * coalesce(x.rate, 0)';
  const product = `coalesce(b.service_code, s.product_code, b.service_name, '(no service)')`;
  const cost = times(exactSum('cost_short', 'cost_long'), factor);
  const products = settings.bills.split_by_quantity;
  const measured = products.length === 0 ? undefined : measuredSql(products, product);
  const quantity = (weight: string): string =>
    times(exactSum('quantity_short', 'quantity_long'), `b.part * ${weight}`);
  return `
SELECT ${id} AS account_id, b.lines,${more.map((column) => ` b.${column},`).join('')}
  CASE WHEN b.region_id IS NULL OR lower(b.region_id) = '${GLOBAL_REGION}' THEN '${GLOBAL_REGION}' ELSE b.region_id END AS region,
  ${product} AS product_code,
  b.service_code IS NULL AND s.product_code IS NULL AS is_named,
  ${part} AS part,
  ${measured?.isUnmeasured ?? 'false'} AS is_unmeasured,
  ${measured === undefined ? cost : `CASE WHEN ${measured.applies} THEN ${quantity(measured.weight)} ELSE ${cost} END`} AS cost
FROM ${from} b
LEFT JOIN shipped_service s ON s.service_name = b.service_name${rates === undefined ? '' : '\nLEFT JOIN aws_bill_rate x ON x.currency = b.currency'}${measured?.joins ?? ''}
WHERE b.place = 'here'`;
}

/** SQL of an exact amount times a factor; the factor 1 leaves it exact. */
function times(exact: string, factor: string): string {
  return `CASE WHEN ${factor} = 1 THEN ${exact} ELSE CAST(CAST(${exact} AS DOUBLE) * (${factor}) AS ${LONG}) END`;
}

function accountOf({ pad_account_ids: isPadded }: EstateSettings): string {
  return isPadded ? paddedId('account_id') : 'account_id';
}

const SERVICE_COSTS = `
SELECT account_id, place, coalesce(g.service_group, '${OTHER_PRODUCTS}') AS service_group, c.product_code, part, SUM(cost) AS cost
FROM (
  SELECT account_id, region AS place, product_code, part, cost FROM line_cost
  UNION ALL
  SELECT account_id, '${GLOBAL_REGION}' AS place, product_code, part, cost FROM line_cost
  WHERE product_code = '${GLOBAL_PRODUCT}' AND region <> '${GLOBAL_REGION}'
) c
LEFT JOIN carbon_group g ON g.service_group = c.product_code
GROUP BY account_id, place, coalesce(g.service_group, '${OTHER_PRODUCTS}'), c.product_code, part`;

async function assertSound(
  session: DuckSession,
  engine: UsageEngine,
  bills: MonthBills,
  source: UsageSource,
): Promise<void> {
  const measures = bills.settings.bills.split_by_quantity.length > 0;
  const noId = `NOT ${isAccountId(accountOf(bills.settings))}`;
  const bad = `place = 'unsound' OR (place = 'here' AND (${noId} OR cost_bad${measures ? ' OR quantity_bad' : ''}))`;
  const badSum = bad.replaceAll('_bad', '_bad > 0');
  const [total] = await session.rows(
    `SELECT coalesce(CAST(SUM(lines) AS DOUBLE), 0) AS n FROM ${BILL_SUMS} WHERE ${badSum}`,
  );
  const count = numberIn(total, 'n');
  if (count === 0) return;
  const format = BILL_FORMATS[bills.table];
  const lines = await engine.find(session, source, {
    overText: (text) =>
      `SELECT line, account_id, cost, quantity, cost_bad, CAST(period_start AS VARCHAR) AS period_start, place, ${noId} AS no_id
       FROM (${placedLines(format, text, bills, ['line'])}) l
       WHERE ${bad}`,
    context: format.context(bills.settings).map(({ name }) => name),
    most: SHOWN.lines,
  });
  throw new InputError(
    lines.map((line) => problemOf(bills, line)),
    Math.max(0, count - lines.length),
  );
}

function problemOf({ table, month, settings }: MonthBills, { file, row, values }: FoundLine): InputProblem {
  const words = BILL_FORMATS[table].words(settings);
  const found = (column: string, name: string, expected: string): InputProblem => {
    const value = values[name];
    const place = { table, file, ...defined({ row }), column };
    return { ...place, ...(typeof value === 'string' ? { value } : {}), expected };
  };
  if (values['place'] === 'unsound') {
    return found(words.period, 'period_start', `a time in ${month}, or in a month next to it`);
  }
  if (values['no_id'] === true) return found(words.account, 'account_id', 'a 12-digit account id');
  return values['cost_bad'] === true
    ? found(words.cost, 'cost', 'a number or a blank')
    : found(words.quantity, 'quantity', 'a number or a blank');
}
