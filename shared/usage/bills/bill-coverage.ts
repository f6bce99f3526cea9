import { SHOWN } from '../../base/shown';
import { type DuckSession, numberIn, type SqlRow } from '../../sql/duck-session';
import { PRODUCT_OF_LINE } from './bill-services';
import { BILL_SUMS } from './bill-sums';
import { SERVICE_WAYS } from './service-names';

/** Lines and cost of a part of a month's bills; cost in the bills' own currencies, added as they are. */
export interface BillPart {
  readonly lines: number;
  readonly cost: number;
}

/** A service that the estate does not have, as the bills name it. */
export interface UnmappedService extends BillPart {
  readonly service: string;
  readonly unit: string;
}

/** How much of a month's bills found its service. */
export interface BillCoverage {
  /** Lines that count in the month. */
  readonly lines: number;
  readonly cost: number;
  /** Lines whose cost is not 0. */
  readonly pricedLines: number;
  /** By the way in which the service was found: own, code, shipped, name; and other, where it was not. */
  readonly ways: Readonly<Record<string, BillPart>>;
  /** Lines of physical services, and how many of them have a quantity in a unit that counts. */
  readonly physical: { readonly lines: number; readonly counted: number };
  /** Physical services that the bills name and bring no quantity for. */
  readonly withoutQuantity: readonly string[];
  /** The costliest services that count as Other. */
  readonly unmapped: readonly UnmappedService[];
}

/** Share of lines without a cost from which on a cost column is not worth much. */
const NEARLY_ALL = 0.95;

/** Lines `b` of the month with what was found of each. */
const FOUND = `
FROM (SELECT * FROM ${BILL_SUMS} WHERE place = 'here') b${PRODUCT_OF_LINE.joins}`;

const COST = `coalesce(CAST(SUM(cost_short) AS DOUBLE), 0) + coalesce(CAST(SUM(cost_long) AS DOUBLE), 0)`;

/** Tells how much of a month's bills found its service. The month's sums and service pairs must be loaded. */
export async function billCoverage(session: DuckSession): Promise<BillCoverage> {
  await session.run(
    `CREATE TEMP TABLE bill_found AS
     SELECT b.*, coalesce(${PRODUCT_OF_LINE.way}, 'other') AS way, ${PRODUCT_OF_LINE.product} AS product_code,
       ${PRODUCT_OF_LINE.weight} IS NOT NULL AS counted
     ${FOUND}`,
  );
  const ways = await session.rows(
    `SELECT way, CAST(SUM(lines) AS DOUBLE) AS lines, ${COST} AS cost, CAST(SUM(priced_lines) AS DOUBLE) AS priced
     FROM bill_found GROUP BY way ORDER BY way`,
  );
  const physical = await session.rows(
    `SELECT f.product_code, CAST(SUM(lines) AS DOUBLE) AS lines, CAST(SUM(CASE WHEN counted THEN lines ELSE 0 END) AS DOUBLE) AS counted
     FROM bill_found f
     WHERE f.product_code IN (SELECT product_code FROM service_pair WHERE basis = 'physical')
     GROUP BY 1 ORDER BY 1`,
  );
  const unmapped = await session.rows(
    `SELECT coalesce(service_name, service_code, '(blank)') AS service, coalesce(unit, '(blank)') AS unit,
       CAST(SUM(lines) AS DOUBLE) AS lines, ${COST} AS cost
     FROM bill_found WHERE way = 'other'
     GROUP BY 1, 2 ORDER BY cost DESC, service, unit LIMIT ${String(SHOWN.services)}`,
  );
  const total = (rows: readonly SqlRow[], column: string): number =>
    rows.reduce((sum, row) => sum + numberIn(row, column), 0);
  return {
    lines: total(ways, 'lines'),
    cost: total(ways, 'cost'),
    pricedLines: total(ways, 'priced'),
    ways: Object.fromEntries(
      [...SERVICE_WAYS, 'other'].map((way) => [way, partOf(ways.find((row) => row['way'] === way))]),
    ),
    physical: { lines: total(physical, 'lines'), counted: total(physical, 'counted') },
    withoutQuantity: physical
      .filter((row) => numberIn(row, 'counted') === 0)
      .map((row) => String(row['product_code'])),
    unmapped: unmapped.map((row) => ({
      service: String(row['service']),
      unit: String(row['unit']),
      ...partOf(row),
    })),
  };
}

function partOf(row: SqlRow | undefined): BillPart {
  return row === undefined
    ? { lines: 0, cost: 0 }
    : { lines: numberIn(row, 'lines'), cost: numberIn(row, 'cost') };
}

/** What a reader of the month should know of how its bills were taken. */
export function coverageWarnings(coverage: BillCoverage, costColumn: string): string[] {
  const { lines, cost, pricedLines, ways, unmapped, withoutQuantity } = coverage;
  const other = ways['other'] ?? { lines: 0, cost: 0 };
  const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;
  const warnings: string[] = [];
  if (lines > 0 && lines - pricedLines >= NEARLY_ALL * lines) {
    warnings.push(
      `${costColumn} is 0 or blank in ${percent(lines - pricedLines, lines)} of the lines that count: look before you trust it (a setting chooses another column)`,
    );
  }
  if (other.lines > 0) {
    const share = cost === 0 ? '' : `, ${percent(other.cost, cost)} of the cost,`;
    const names = [...new Set(unmapped.map(({ service }) => service))].join(', ');
    warnings.push(
      `${String(other.lines)} lines${share} name services that the estate does not have and count as Other: ${names}`,
    );
  }
  if (withoutQuantity.length > 0) {
    warnings.push(
      `no line has a quantity in a unit that counts for the physical services ${withoutQuantity.join(', ')}`,
    );
  }
  return warnings;
}
