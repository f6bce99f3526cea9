import { defined } from '../../base/defined';
import type { Cluster, Rack } from '../../method/month-estate';
import { paddedId } from '../../sql/account-ids';
import { amountColumns, amountNames } from '../../sql/amount-columns';
import type { DuckSession } from '../../sql/duck-session';
import { exactSum, LONG, SHORT } from '../../sql/exact-decimals';
import type { Relation } from '../../sql/relation';
import type { UsageSource } from '../lines/usage-source';
import { BILL_FORMATS } from './bill-formats';
import { type BillLines, billLines, isIn, type MonthBills } from './bill-lines';
import { productOfLine, serviceTables, type ServiceTables } from './bill-services';
import type { BillSums } from './bill-sums';
import { knownRegion } from './line-region';
import { GLOBAL, type RegionClusters, regionClusters } from './region-clusters';
import type { ServiceNames } from './service-names';

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
    linesOfSums: (at, sums) =>
      usageOfSums(at, sums, sql, bills.detail === undefined ? [] : ['breakdown_value']),
    services,
    regions,
    hasCurrencies: rates !== undefined,
    hasRegions: estate.clusters.some(({ kind }) => kind === 'region'),
  };
}

/** Columns of a numbered line that messages show. */
const SHOWN_COLUMNS = ['line', 'region_id', 'service_name', 'period_start', 'quantity'];

type Rates = Relation<{ readonly currency: 'VARCHAR'; readonly rate: 'DOUBLE' }>;

/** Rates of currencies as rows of a relation. */
export function rateTable(rates: ReadonlyMap<string, number>) {
  return { columns: { currency: 'VARCHAR', rate: 'DOUBLE' }, rows: rates } as const;
}

interface UsageSql {
  readonly bills: MonthBills;
  readonly services: ServiceTables;
  readonly regions: RegionClusters;
  readonly rates?: Rates;
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

const USAGE_COLUMNS = ['usage_account_id', 'cluster_id', 'product_code', 'in_month', 'line_count'];

/**
 * Returns SQL of the usage of sums. The cluster, the product and the factors of each key are determined once, and then hold for
 * all accounts. A factor of 1 leaves a sum exact.
 */
async function usageOfSums(
  session: DuckSession,
  { keys, amounts }: BillSums,
  sql: UsageSql,
  more: readonly string[],
): Promise<string> {
  const { cost, quantity, joined } = placedUsage(`SELECT * FROM ${keys.table}`, sql);
  const places = await session.tableOf(
    `SELECT b.key_id, ${joined.columns}, coalesce(r.line_count, 1) AS line_count,
       ${quantity} AS quantity_factor, ${cost} AS cost_factor${more.map((column) => `, b.${column}`).join('')}
     ${joined.from}`,
  );
  const others = [...USAGE_COLUMNS, ...more].join(', ');
  const ofAmounts = (columnsOf: (name: string) => string[]): string =>
    AMOUNTS.flatMap(([, name]) => columnsOf(name)).join(', ');
  return `
SELECT ${others}, ${ofAmounts(amountOfUsage)}
FROM (SELECT ${others}, ${ofAmounts(scaledAmount)}
FROM (SELECT ${accountOf(sql, 'a.account_id')} AS usage_account_id, p.cluster_id, p.product_code, p.in_month,
    p.line_count * a.lines AS line_count${more.map((column) => `, p.${column}`).join('')},
    ${AMOUNTS.flatMap(([from, name]) => sumOfAmount(from, name)).join(',\n    ')}
  FROM ${amounts.table} a JOIN ${places.table} p ON p.key_id = a.key_id) summed) scaled`;
}

/** Amounts of sums, and of usage lines. */
const AMOUNTS = [
  ['quantity', 'usage_quantity'],
  ['cost', 'usage_revenue'],
] as const;

/** SQL of the exact sum of an amount, its factor and whether it is invalid. A quantity without a factor does not count. */
function sumOfAmount(from: (typeof AMOUNTS)[number][0], name: string): string[] {
  const factor = `p.${from}_factor`;
  const sum = exactSum(`a.${from}_short`, `a.${from}_long`);
  if (from === 'cost') {
    return [`${sum} AS ${name}_sum`, `${factor} AS ${name}_factor`, `a.cost_bad > 0 AS ${name}_invalid`];
  }
  const counts = `${factor} IS NOT NULL`;
  return [
    `CASE WHEN ${counts} THEN ${sum} ELSE CAST(0 AS ${LONG}) END AS ${name}_sum`,
    `coalesce(${factor}, 1) AS ${name}_factor`,
    `(${counts} AND a.quantity_bad > 0) AS ${name}_invalid`,
  ];
}

/** SQL of an exact sum times its factor: as a short decimal, where it is one and the factor is 1, and as a long one. */
function scaledAmount(name: string): string[] {
  const [sum, factor] = [`${name}_sum`, `${name}_factor`];
  const product = `TRY_CAST(CAST(${sum} AS DOUBLE) * ${factor} AS ${LONG})`;
  return [
    `CASE WHEN ${factor} = 1 THEN ${asShort(sum)} END AS ${name}_rounded`,
    `CASE WHEN ${factor} = 1 THEN ${sum} ELSE ${product} END AS ${name}_scaled`,
    `${factor} = 1 AS ${name}_is_sum`,
    `${name}_invalid`,
  ];
}

/** Below it, doubles are closer together than short decimals are. */
const EXACT_SHORT = 4_000_000;

/** SQL of a sum as a short decimal: by way of a double, since DuckDB takes microseconds to take places off a long decimal. */
function asShort(sum: string): string {
  const double = `CAST(${sum} AS DOUBLE)`;
  return `CASE WHEN abs(${double}) < ${String(EXACT_SHORT)} THEN CAST(${double} AS ${SHORT}) ELSE TRY_CAST(${sum} AS ${SHORT}) END`;
}

/** SQL of such an amount, as usage lines have them. */
function amountOfUsage(name: string): string[] {
  const [rounded, scaled] = [`${name}_rounded`, `${name}_scaled`];
  const isBad = `(${name}_invalid OR ${scaled} IS NULL)`;
  const isShort = `coalesce(CAST(${rounded} AS ${LONG}) = ${scaled}, false)`;
  const text = `CASE WHEN ${isBad} THEN 'no number' WHEN ${name}_is_sum THEN ${withoutZeros(scaled)} ELSE CAST(${scaled} AS VARCHAR) END`;
  const [asText = '', short = '', long = '', bad = ''] = amountNames(name);
  return [
    `${text} AS ${asText}`,
    `CASE WHEN NOT ${name}_invalid AND ${isShort} THEN ${rounded} END AS ${short}`,
    `CASE WHEN NOT ${name}_invalid AND NOT ${isShort} THEN ${scaled} END AS ${long}`,
    `${isBad} AS ${bad}`,
  ];
}

/** An exact sum as a text, without the zeros at its end. */
function withoutZeros(sum: string): string {
  return `regexp_replace(CAST(${sum} AS VARCHAR), '\\.?0+$', '')`;
}

function accountOf({ bills }: UsageSql, column: string): string {
  return bills.settings.pad_account_ids ? paddedId(column) : column;
}

/** SQL of where usage counts, and of the factors of its amounts. */
interface PlacedUsage {
  /** NULL where a rate is missing. */
  readonly cost: string;
  /** NULL where the quantity does not count. */
  readonly quantity: string;
  readonly joined: { readonly columns: string; readonly from: string };
}

/** @param lines SQL of lines, or of keys of sums */
function placedUsage(lines: string, { services, regions, rates }: UsageSql): PlacedUsage {
  const part = 'coalesce(r.share, 1) * coalesce(b.part, 1)';
  const { product, weight, joins } = productOfLine(services);
  const ofRates = rates === undefined ? '' : `\nLEFT JOIN ${rates.table} x ON x.currency = b.currency`;
  return {
    cost: rates === undefined ? part : `${part} * x.rate`,
    quantity: `${weight} * ${part}`,
    joined: {
      columns: `r.cluster_id, ${product} AS product_code, b.place = 'here' AS in_month`,
      from: `FROM (SELECT * FROM (${lines}) l WHERE ${isIn('here', 'invalid')}) b
LEFT JOIN (SELECT DISTINCT region_id FROM ${regions.table}) own ON own.region_id = b.region_id
LEFT JOIN ${regions.table} r ON r.region_id = coalesce(${knownRegion('b.region_id', 'own.region_id')}, '${GLOBAL}')${ofRates}${joins}`,
    },
  };
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
