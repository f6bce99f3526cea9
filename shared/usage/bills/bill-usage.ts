import { defined } from '../../base/defined';
import type { Cluster, Rack } from '../../method/month-estate';
import { amountColumns } from '../../sql/amount-columns';
import type { DuckSession } from '../../sql/duck-session';
import { LONG } from '../../sql/exact-decimals';
import type { UsageSource } from '../lines/usage-source';
import { BILL_FORMATS } from './bill-formats';
import { type BillLines, billLines, type MonthBills } from './bill-lines';
import { serviceTables, type ServiceTables } from './bill-services';
import type { BillSums } from './bill-sums';
import { driversOfBillSums, type Pairs } from './drivers-of-sums';
import { accountOf, placedUsage, USAGE_COLUMNS, type UsageSql } from './placed-usage';
import { type RegionClusters, regionClusters } from './region-clusters';
import type { ServiceNames } from './service-names';
import { usageOfSums } from './usage-of-sums';

/** The part of an estate that turns lines of bills into usage. */
export interface BillEstate {
  readonly clusters: readonly Cluster[];
  readonly racks: readonly Rack[];
  /** Clusters whose services' totals are given. */
  readonly given: ReadonlySet<string>;
  readonly services: ServiceNames;
  /** Worth of one unit of each currency; absent where the month's bills have one currency. */
  readonly rates?: ReadonlyMap<string, number>;
}

/** A month's bills as usage. */
export interface BillUsage {
  readonly lines: BillLines;
  /** The lines as usage, one by one. */
  readonly source: UsageSource;
  /** Returns SQL of the usage of accounts and service pairs over the bills' sums. */
  readonly driversOfSums: (session: DuckSession, sums: BillSums, pairs: Pairs) => Promise<string>;
  /** Returns SQL of usage lines over the bills' sums; `line_count` counts the lines of each. */
  readonly linesOfSums: (session: DuckSession, sums: BillSums) => Promise<string>;
  readonly services: ServiceTables;
  readonly regions: RegionClusters;
  /** True where the month's bills have several currencies: a line without one is an error then. */
  readonly hasCurrencies: boolean;
  /** True where some cluster is a Region: usage of bills without any Region is an error then. */
  readonly hasRegions: boolean;
}

/**
 * Returns the lines of bills as usage: revenue is the cost column of the settings, quantity counts in the service's own
 * units, and lines without a Region go to the edge clusters by their rack power. Only usage counts: purchases, taxes,
 * credits, refunds and fees move no emissions. A charge across a month's end counts in each month by its part of the time.
 */
export async function billUsage(
  session: DuckSession,
  bills: MonthBills,
  estate: BillEstate,
): Promise<BillUsage> {
  const { month, table, files } = bills;
  const lines = await billLines(session, bills);
  const services = await serviceTables(session, estate.services);
  const regions = await session.load(regionClusters(month, estate));
  const rates = estate.rates === undefined ? undefined : await session.load(rateTable(estate.rates));
  const sql = { bills, services, regions, ...defined({ rates }) };
  const detail = bills.detail === undefined ? [] : [bills.detail.name];
  const ofBreakdown = bills.detail === undefined ? [] : ['breakdown_value'];
  return {
    lines,
    source: {
      table,
      files,
      columnsOf: lines.columnsOf,
      linesOf: (texts, numbered) => {
        const kept = [...(numbered ? ['line'] : []), ...detail];
        const single = `SELECT p.*, 1 AS lines FROM (${lines.placed(texts, kept)}) p`;
        return usageLines(single, sql, [...(numbered ? SHOWN_COLUMNS : []), ...detail]);
      },
      context: [
        ...lines.context,
        ...Object.values(services),
        regions,
        ...(rates === undefined ? [] : [rates]),
      ],
      words: words(bills),
    },
    driversOfSums: (at, sums, pairs) => driversOfBillSums(at, sums, { sql, pairs, more: ofBreakdown }),
    linesOfSums: (at, sums) => usageOfSums(at, sums, sql, ofBreakdown),
    services,
    regions,
    hasCurrencies: rates !== undefined,
    hasRegions: estate.clusters.some(({ kind }) => kind === 'region'),
  };
}

/** Columns of a numbered line that messages show. */
const SHOWN_COLUMNS = ['line', 'region_id', 'service_name', 'period_start', 'quantity'];

/** Rates of currencies as rows of a relation. */
export function rateTable(rates: ReadonlyMap<string, number>) {
  return { columns: { currency: 'VARCHAR', rate: 'DOUBLE' }, rows: rates } as const;
}

/**
 * SQL of usage lines.
 *
 * @param lines relation of lines
 * @param more columns of it to return
 */
function usageLines(lines: string, sql: UsageSql, more: readonly string[]): string {
  const { cost, quantity, joined } = placedUsage(lines, sql);
  const revenue =
    sql.rates === undefined
      ? times('b.cost', cost)
      : `CASE WHEN x.rate IS NULL AND b.cost IS NOT NULL THEN 'no rate' ELSE ${times('b.cost', cost)} END`;
  const amounts = ['usage_quantity', 'usage_revenue'].flatMap((name) => amountColumns(name, name));
  const others = [...USAGE_COLUMNS, ...more];
  return `
SELECT ${others.join(', ')}, ${amounts.join(', ')}
FROM (SELECT
  ${accountOf(sql, 'b.account_id')} AS usage_account_id,
  ${joined.columns},
  CASE WHEN ${quantity} IS NULL THEN '0' ELSE ${times('b.quantity', quantity)} END AS usage_quantity,
  ${revenue} AS usage_revenue,
  coalesce(r.line_count, 1) * b.lines AS line_count${more.map((column) => `, b.${column}`).join('')}
${joined.from}) usage_line`;
}

/**
 * A text times a factor, as text; the factor 1 leaves the text unchanged, so that no digit is lost. A text that is not a
 * number is unchanged and is reported.
 */
function times(amount: string, factor: string): string {
  const exact = `TRY_CAST(${amount} AS ${LONG})`;
  return `CASE WHEN ${factor} = 1 OR ${exact} IS NULL THEN ${amount} ELSE coalesce(CAST(TRY_CAST(CAST(${exact} AS DOUBLE) * ${factor} AS ${LONG}) AS VARCHAR), 'too large') END`;
}

function words({ table, settings }: MonthBills): UsageSource['words'] {
  const { account, region, service, quantity, cost, period } = BILL_FORMATS[table].words(settings);
  const number = 'a number or a blank';
  return {
    usage_account_id: { inFile: account, shown: 'usage_account_id', expected: 'a 12-digit account id' },
    cluster_id: {
      inFile: region,
      shown: 'region_id',
      expected: 'the region_code of a cluster; blank and global need an edge cluster with racks',
    },
    product_code: {
      inFile: service,
      shown: 'service_name',
      expected: 'a name that focus_services maps to a product_code of services',
    },
    usage_quantity: { inFile: quantity, shown: 'usage_quantity', expected: number },
    usage_revenue: { inFile: cost, shown: 'usage_revenue', expected: number },
    in_month: {
      inFile: period,
      shown: 'period_start',
      expected: `a time that exists, and a charge period of at most a year`,
    },
  };
}
