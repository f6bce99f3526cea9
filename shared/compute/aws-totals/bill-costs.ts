import { defined } from '../../base/defined';
import type { Warning } from '../../base/warning';
import { type DuckSession, numberIn, textIn } from '../../sql/duck-session';
import { exactSum } from '../../sql/exact-decimals';
import { longOfUnits } from '../../sql/exact-units';
import { fileRelation } from '../../sql/file-relation';
import type { Relation } from '../../sql/relation';
import { type BillFile, type BillLines, billLines, type MonthBills } from '../../usage/bills/bill-lines';
import { assertCurrencies } from '../../usage/bills/bill-currencies';
import { assertRegions, zoneNotes } from '../../usage/bills/bill-regions';
import type { BillSums } from '../../usage/bills/bill-sums';
import { rateTable } from '../../usage/bills/bill-usage';
import { leftOutLines } from '../../usage/bills/left-out-lines';
import { sumBills } from '../../usage/bills/sum-bills';
import { shippedServices } from '../../usage/bills/shipped-tables';
import { DUCK_ENGINE } from '../../usage/lines/duck-engine';
import type { UsageEngine } from '../../usage/lines/usage-engine';
import { GLOBAL_PRODUCT, GLOBAL_REGION, OTHER_PRODUCTS } from './carbon-columns';
import type { CarbonGroups, CarbonMonth, CarbonPlaces } from './carbon-rows';
import { assertLinesValid } from './invalid-bill-lines';
import { costOfLines, type CostSource, type LineCostSql, PRODUCT_OF_COST } from './line-costs';
import { measuredLines } from './measured-usage';

/** A month's bills, by which AWS's totals are split. */
export interface SplitBills extends MonthBills {
  /** Worth of one unit of each currency; absent where the month's bills have one currency. */
  readonly rates?: ReadonlyMap<string, number>;
  /** Sums the bills. @default - DuckDB */
  readonly engine?: UsageEngine;
}

const LINE_COST_COLUMNS = {
  account_id: 'VARCHAR',
  /** Who pays; NULL where the bill does not say. */
  payer_id: 'VARCHAR',
  lines: 'BIGINT',
  region: 'VARCHAR',
  product_code: 'VARCHAR',
  /** True for a service without a code, which has its name instead. */
  is_named: 'BOOLEAN',
  /** True for a service whose code is in the bill. */
  has_code: 'BOOLEAN',
  /** Value of the breakdown; NULL where services are not broken down. */
  part: 'VARCHAR',
  /** True for a line of a service that is split by quantity, without a quantity in its unit. */
  is_unmeasured: 'BOOLEAN',
  /** List cost, or the quantity of a service that is split by quantity. */
  cost: 'DECIMAL(38,18)',
  list_cost: 'DECIMAL(38,18)',
  /** Lines whose list cost is not 0. */
  priced_lines: 'BIGINT',
} as const;

/** The costs of a month's lines, summed. */
export type LineCosts = Relation<typeof LINE_COST_COLUMNS>;

/** Columns of {@link ServiceCosts}. */
export const SERVICE_COST_COLUMNS = {
  account_id: 'VARCHAR',
  payer_id: 'VARCHAR',
  /** The Region, or `global`. */
  place: 'VARCHAR',
  service_group: 'VARCHAR',
  product_code: 'VARCHAR',
  part: 'VARCHAR',
  cost: 'DECIMAL(38,18)',
} as const;

/** The cost of each account's services, by which AWS's rows are split. */
export type ServiceCosts = Relation<typeof SERVICE_COST_COLUMNS>;

/** The costs of a month's bills. */
export interface BillCosts {
  readonly services: ServiceCosts;
  readonly lineCosts: LineCosts;
  readonly sums: BillSums;
  /**
   * SQL of the costs of a file's lines one by one, with `line`, counted from 1; the file's path is the parameter $1.
   */
  readonly costsOfFile: (file: BillFile) => string;
  /** Lines that count. */
  readonly lines: number;
  /** Names of services that have no code in the bill and none in the shipped map; they are their own code. */
  readonly namedServices: readonly string[];
  /** Notes about how the lines were read. */
  readonly notes: readonly Warning[];
  /** Lines of services that are split by quantity whose unit is not the service's: they take nothing. */
  readonly unmeasured: readonly { readonly productCode: string; readonly lines: number }[];
}

/**
 * Returns the list costs of a month's usage lines, by account, place, service and part. Lines of the service that AWS
 * reports under Global are there a second time with that place.
 *
 * @param targets the products and Regions that AWS's rows have
 * @throws InputError naming file, row and column of every invalid line; or when no line has a Region although AWS's rows
 *   have some
 */
export async function billCosts(
  session: DuckSession,
  bills: SplitBills,
  { groups, places }: Pick<CarbonMonth, 'groups' | 'places'>,
): Promise<BillCosts> {
  const { detail, engine = DUCK_ENGINE } = bills;
  const lines = await billLines(session, bills);
  const sums = await sumBills(session, lines, engine);
  await assertLinesValid(session, engine, lines, sums);
  if (bills.rates !== undefined) await assertCurrencies(session, engine, lines, sums);
  if (await hasRegions(session, places)) await assertRegions(session, lines, sums);
  const sql = await lineCostSql(session, bills, places);
  const part = detail === undefined ? WHOLE_SERVICE : 'b.breakdown_value';
  const lineCosts = await session.table(
    LINE_COST_COLUMNS,
    costOfLines(sql, { from: sums.table, part, exact: ofUnits }),
  );
  const services = await session.table(SERVICE_COST_COLUMNS, serviceCosts(lineCosts, groups));
  const costsOfFile = (file: BillFile): string =>
    costOfLines(sql, { ...linesOf(lines, file), part: WHOLE_SERVICE });
  const notes = [
    ...(await leftOutLines(session, sums, bills.table)),
    ...(await zoneNotes(session, sums, places)),
  ];
  return { services, lineCosts, sums, costsOfFile, notes, ...(await countsOf(session, lineCosts)) };
}

/** Part of a service where services are not broken down. */
const WHOLE_SERVICE = `CAST(NULL AS VARCHAR)`;

const ofUnits: CostSource['exact'] = (name) => longOfUnits(`b.${name}_units`);

/** SQL of a file's lines in the form of sums. */
function linesOf(lines: BillLines, file: BillFile): Pick<CostSource, 'from' | 'exact' | 'more'> {
  const texts = fileRelation(file, lines.columnsOf(file), '$1', true);
  return {
    from: `(SELECT p.*, 1 AS lines, 0 AS priced_lines FROM (${lines.placed(texts, ['line'])}) p)`,
    exact: (name) => exactSum(`b.${name}_short`, `b.${name}_long`),
    more: ['line'],
  };
}

async function hasRegions(session: DuckSession, { table }: CarbonPlaces): Promise<boolean> {
  const rows = await session.rows(
    `SELECT region_id FROM ${table} WHERE region_id <> '${GLOBAL_REGION}' LIMIT 1`,
  );
  return rows.length > 0;
}

async function lineCostSql(
  session: DuckSession,
  { settings, rates }: SplitBills,
  regions: CarbonPlaces,
): Promise<LineCostSql> {
  const names = await session.load({
    columns: { service_name: 'VARCHAR', product_code: 'VARCHAR' },
    rows: await namesToCodes(),
  });
  const measured = await measuredLines(session, settings.bills.split_by_quantity, PRODUCT_OF_COST);
  const rateRelation = rates === undefined ? undefined : await session.load(rateTable(rates));
  return { settings, names, regions, ...defined({ measured, rates: rateRelation }) };
}

/** AWS's code of each service by its name in FOCUS, and by the code itself; the first row of a name counts. */
async function namesToCodes(): Promise<(readonly [string, string])[]> {
  const codes = new Map<string, string>();
  const shipped = await shippedServices();
  for (const { service_name: name, product_code: code } of shipped)
    if (!codes.has(name)) codes.set(name, code);
  for (const { product_code: code } of shipped) if (!codes.has(code)) codes.set(code, code);
  return [...codes];
}

function serviceCosts({ table }: LineCosts, groups: CarbonGroups): string {
  return `
SELECT account_id, payer_id, place, coalesce(g.service_group, '${OTHER_PRODUCTS}') AS service_group, c.product_code, part, SUM(cost) AS cost
FROM (
  SELECT account_id, payer_id, region AS place, product_code, part, cost FROM ${table}
  UNION ALL
  SELECT account_id, payer_id, '${GLOBAL_REGION}' AS place, product_code, part, cost FROM ${table}
  WHERE product_code = '${GLOBAL_PRODUCT}' AND region <> '${GLOBAL_REGION}'
) c
LEFT JOIN ${groups.table} g ON g.service_group = c.product_code
GROUP BY account_id, payer_id, place, coalesce(g.service_group, '${OTHER_PRODUCTS}'), c.product_code, part`;
}

async function countsOf(
  session: DuckSession,
  { table }: LineCosts,
): Promise<Pick<BillCosts, 'lines' | 'namedServices' | 'unmeasured'>> {
  const [total] = await session.rows(`SELECT coalesce(CAST(SUM(lines) AS DOUBLE), 0) AS n FROM ${table}`);
  const named = await session.rows(
    `SELECT DISTINCT product_code FROM ${table} WHERE is_named ORDER BY product_code`,
  );
  const unmeasured = await session.rows(
    `SELECT product_code, CAST(SUM(lines) AS DOUBLE) AS n FROM ${table} WHERE is_unmeasured GROUP BY product_code ORDER BY product_code`,
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
