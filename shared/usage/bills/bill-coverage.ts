import { SHOWN } from '../../base/shown';
import type { Warning } from '../../base/warning';
import { type DuckSession, numberIn, type SqlRow, textIn } from '../../sql/duck-session';
import { longOfUnits } from '../../sql/exact-units';
import type { Relation } from '../../sql/relation';
import { isIn } from './bill-lines';
import { productOfLine, type ServiceTables } from './bill-services';
import type { BillSums } from './bill-sums';
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
  /** Physical services that the bills name without a quantity. */
  readonly withoutQuantity: readonly string[];
  /** The costliest services that count as Other; of AWS's totals, those without a code. */
  readonly unmapped: readonly UnmappedService[];
  /** Of AWS's totals alone: usage whose cost no row of AWS takes, and the costliest services of it. */
  readonly withoutRow?: BillPart & { readonly places: readonly UsagePlace[] };
}

/** A service in a Region. */
export interface UsagePlace extends BillPart {
  readonly region: string;
  readonly service: string;
}

/** Share of lines without a cost above which the cost column is reported. */
const NEARLY_ALL = 0.95;

const COST = `CAST(${longOfUnits('SUM(cost_units)')} AS DOUBLE)`;

/** Returns how much of a month's bills found its service. */
export async function billCoverage(
  session: DuckSession,
  sums: BillSums,
  services: ServiceTables,
  pairs: PhysicalServices,
): Promise<BillCoverage> {
  const found = await foundServices(session, sums, services);
  const ways = await session.rows(
    `SELECT way, CAST(SUM(lines) AS DOUBLE) AS lines, ${COST} AS cost, CAST(SUM(priced_lines) AS DOUBLE) AS priced
     FROM ${found.table} GROUP BY way ORDER BY way`,
  );
  const physical = await session.rows(
    `SELECT f.product_code, CAST(SUM(lines) AS DOUBLE) AS lines, CAST(SUM(CASE WHEN counted THEN lines ELSE 0 END) AS DOUBLE) AS counted
     FROM ${found.table} f
     WHERE f.product_code IN (SELECT product_code FROM ${pairs.table} WHERE basis = 'physical')
     GROUP BY 1 ORDER BY 1`,
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
      .map((row) => textIn(row, 'product_code')),
    unmapped: await unmappedServices(session, found),
  };
}

/** The relation of service pairs, as far as it names physical services. */
type PhysicalServices = Relation<{ readonly product_code: 'VARCHAR'; readonly basis: 'VARCHAR' }>;

const FOUND_COLUMNS = {
  service_name: 'VARCHAR',
  service_code: 'VARCHAR',
  unit: 'VARCHAR',
  cost_units: 'HUGEINT',
  lines: 'BIGINT',
  priced_lines: 'BIGINT',
  way: 'VARCHAR',
  product_code: 'VARCHAR',
  counted: 'BOOLEAN',
} as const;

type FoundServices = Relation<typeof FOUND_COLUMNS>;

/** Sums of the month's lines with the service of each. */
function foundServices(
  session: DuckSession,
  sums: BillSums,
  services: ServiceTables,
): Promise<FoundServices> {
  const { way, product, weight, joins } = productOfLine(services);
  const ofKeys = `SELECT key_id, SUM(cost_units) AS cost_units,
    CAST(SUM(lines) AS BIGINT) AS lines, CAST(SUM(priced_lines) AS BIGINT) AS priced_lines
    FROM ${sums.amounts.table} GROUP BY key_id`;
  return session.table(
    FOUND_COLUMNS,
    `SELECT b.service_name, b.service_code, b.unit, b.cost_units, b.lines, b.priced_lines,
       coalesce(${way}, 'other') AS way, ${product} AS product_code, ${weight} IS NOT NULL AS counted
     FROM (SELECT k.*, a.cost_units, a.lines, a.priced_lines
       FROM ${sums.keys.table} k JOIN (${ofKeys}) a ON a.key_id = k.key_id WHERE ${isIn('here')}) b${joins}`,
  );
}

async function unmappedServices(session: DuckSession, { table }: FoundServices): Promise<UnmappedService[]> {
  const rows = await session.rows(
    `SELECT coalesce(service_name, service_code, '(blank)') AS service, coalesce(unit, '(blank)') AS unit,
       CAST(SUM(lines) AS DOUBLE) AS lines, ${COST} AS cost
     FROM ${table} WHERE way = 'other'
     GROUP BY 1, 2 ORDER BY cost DESC, service, unit LIMIT ${String(SHOWN.services)}`,
  );
  return rows.map((row) => ({
    service: textIn(row, 'service'),
    unit: textIn(row, 'unit'),
    ...partOf(row),
  }));
}

function partOf(row: SqlRow | undefined): BillPart {
  return row === undefined
    ? { lines: 0, cost: 0 }
    : { lines: numberIn(row, 'lines'), cost: numberIn(row, 'cost') };
}

/** A part as per cent of a whole. */
export function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`;
}

/** A warning where the cost column of nearly all lines is 0 or blank. */
export function missingCosts({ lines, pricedLines }: BillCoverage, costColumn: string): Warning[] {
  const missing = lines - pricedLines;
  if (lines === 0 || missing < NEARLY_ALL * lines) return [];
  return [
    {
      severity: 'changes-numbers',
      code: 'cost-missing',
      count: missing,
      message: `${costColumn} is 0 or blank in ${percent(missing, lines)} of the lines that count, expected a cost: settings.json can choose another column`,
    },
  ];
}

/** Warnings about how a month's bills were read. */
export function coverageWarnings(coverage: BillCoverage, costColumn: string): Warning[] {
  const { cost, ways, unmapped, withoutQuantity } = coverage;
  const other = ways['other'] ?? { lines: 0, cost: 0 };
  const warnings = missingCosts(coverage, costColumn);
  if (other.lines > 0) {
    const share = cost === 0 ? '' : `, ${percent(other.cost, cost)} of the cost,`;
    const names = [...new Set(unmapped.map(({ service }) => service))].join(', ');
    warnings.push({
      severity: 'worth-a-look',
      code: 'service-unmapped',
      count: other.lines,
      message: `${String(other.lines)} lines${share} name services that the estate does not have and count as Other: ${names}`,
    });
  }
  if (withoutQuantity.length > 0) {
    warnings.push({
      severity: 'worth-a-look',
      code: 'quantity-missing',
      count: withoutQuantity.length,
      message: `no line has a quantity in a unit that counts for the physical services ${withoutQuantity.join(', ')}`,
    });
  }
  return warnings;
}
