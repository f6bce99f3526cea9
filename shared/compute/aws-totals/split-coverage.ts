import { SHOWN } from '../../base/shown';
import type { Warning } from '../../base/warning';
import { type DuckSession, numberIn, type SqlRow, textIn } from '../../sql/duck-session';
import { type BillCoverage, type BillPart, missingCosts, percent } from '../../usage/bills/bill-coverage';
import { BILL_FORMATS } from '../../usage/bills/bill-formats';
import { SERVICE_WAYS } from '../../usage/bills/service-names';
import type { BillCosts, LineCosts, SplitBills } from './bill-costs';
import { GLOBAL_PRODUCT, GLOBAL_REGION, OTHER_PRODUCTS } from './carbon-columns';
import type { CarbonMonth } from './carbon-rows';

/** Share of the month's list cost above which cost that meets no row of AWS is probably a mistake of the inputs. */
const HALF = 0.5;

/** Returns how much of a month's bills found its service, and a row of AWS. */
export async function splitCoverage(
  session: DuckSession,
  { lineCosts, unmeasured, namedServices }: BillCosts,
  carbon: Pick<CarbonMonth, 'rows' | 'groups'>,
  bills: SplitBills,
): Promise<BillCoverage> {
  const rows = await session.rows(
    `SELECT CASE WHEN has_code THEN 'code' WHEN is_named THEN 'other' ELSE 'shipped' END AS way,
       CAST(SUM(priced_lines) AS DOUBLE) AS priced, ${PART} FROM ${lineCosts.table} GROUP BY 1 ORDER BY 1`,
  );
  const measured: readonly string[] = bills.settings.bills.split_by_quantity;
  const physical = await session.rows(
    `SELECT ${PART} FROM ${lineCosts.table}
     WHERE product_code IN (${["''", ...measured.map((code) => `'${code}'`)].join(', ')})`,
  );
  const lines = partOf(physical[0]).lines;
  const uncounted = unmeasured.reduce((sum, each) => sum + each.lines, 0);
  const total = (column: string): number => rows.reduce((sum, row) => sum + numberIn(row, column), 0);
  return {
    lines: total('lines'),
    cost: total('cost'),
    pricedLines: total('priced'),
    ways: Object.fromEntries(
      [...SERVICE_WAYS, 'other'].map((way) => [way, partOf(rows.find((row) => row['way'] === way))]),
    ),
    physical: { lines, counted: lines - uncounted },
    withoutQuantity: [],
    unmapped: await unmapped(session, lineCosts, namedServices),
    withoutRow: await withoutRow(session, lineCosts, carbon),
  };
}

const PART = `coalesce(CAST(SUM(lines) AS DOUBLE), 0) AS lines, coalesce(CAST(SUM(list_cost) AS DOUBLE), 0) AS cost`;

function partOf(row: SqlRow | undefined): BillPart {
  return row === undefined
    ? { lines: 0, cost: 0 }
    : { lines: numberIn(row, 'lines'), cost: numberIn(row, 'cost') };
}

async function unmapped(
  session: DuckSession,
  { table }: LineCosts,
  namedServices: readonly string[],
): Promise<BillCoverage['unmapped']> {
  if (namedServices.length === 0) return [];
  const rows = await session.rows(
    `SELECT product_code, ${PART} FROM ${table} WHERE is_named
     GROUP BY 1 ORDER BY cost DESC, product_code LIMIT ${String(SHOWN.services)}`,
  );
  return rows.map((row) => ({ service: textIn(row, 'product_code'), unit: '', ...partOf(row) }));
}

/** Usage with a cost above 0 whose account, Region and group AWS has no row of. */
async function withoutRow(
  session: DuckSession,
  { table }: LineCosts,
  { rows: carbon, groups }: Pick<CarbonMonth, 'rows' | 'groups'>,
): Promise<NonNullable<BillCoverage['withoutRow']>> {
  const group = `coalesce(g.service_group, '${OTHER_PRODUCTS}')`;
  const place = `(a.place = c.region OR a.place = '${GLOBAL_REGION}' AND c.product_code = '${GLOBAL_PRODUCT}')`;
  const rows = await session.rows(
    `SELECT region, product_code, ${PART} FROM ${table} c
     LEFT JOIN ${groups.table} g ON g.service_group = c.product_code
     WHERE NOT EXISTS (
       SELECT 1 FROM ${carbon.table} a
       WHERE a.usage_account_id = c.account_id AND (c.payer_id IS NULL OR c.payer_id = a.payer_account_id)
         AND a.service_group = ${group} AND ${place})
     GROUP BY 1, 2 HAVING SUM(list_cost) > 0 ORDER BY cost DESC, region, product_code`,
  );
  const places = rows.map((row) => ({
    region: textIn(row, 'region'),
    service: textIn(row, 'product_code'),
    ...partOf(row),
  }));
  const sum = (key: keyof BillPart): number => places.reduce((all, each) => all + each[key], 0);
  return { lines: sum('lines'), cost: sum('cost'), places: places.slice(0, SHOWN.services) };
}

/** Warnings about the cost of a month's bills. */
export function costWarnings(coverage: BillCoverage, { table, settings }: SplitBills): Warning[] {
  return [
    ...withoutRowWarning(coverage),
    ...missingCosts(coverage, BILL_FORMATS[table].words(settings).cost),
  ];
}

function withoutRowWarning({ withoutRow: part, cost }: BillCoverage): Warning[] {
  if (part === undefined || part.cost <= 0 || cost <= 0) return [];
  const places = part.places
    .slice(0, SHOWN.examples)
    .map(({ region, service, cost: own }) => `${service} in ${region} ${percent(own, cost)}`);
  const severity = part.cost > HALF * cost ? 'changes-numbers' : 'worth-a-look';
  const message = `${percent(part.cost, cost)} of the month's list cost meets no row of AWS and moves nothing: ${places.join(', ')}`;
  return [{ severity, code: 'cost-without-row', count: part.lines, message }];
}
