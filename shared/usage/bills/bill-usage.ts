import type { Month } from '../../base/month';
import type { EstateSettings } from '../../estate/estate-settings';
import type { Breakdown } from '../../exports/breakdown';
import type { Cluster, Rack } from '../../method/month-estate';
import { paddedId } from '../../sql/account-ids';
import { LONG } from '../../sql/exact-decimals';
import type { SmallTable } from '../../sql/small-table';
import type { TextColumns, UsageFile } from '../../sql/text-columns';
import type { ColumnInWords, UsageColumn, UsageSource } from '../lines/usage-source';
import { type BillFacts, liesInside } from './bill-facts';
import type { BillFormat } from './bill-format';
import { BILL_FORMATS } from './bill-formats';
import { PRODUCT_OF_LINE, serviceTables } from './bill-services';
import { BILL_SUMS, billSums, mergedSums, sumsAsLines } from './bill-sums';
import type { BillTable } from './bill-tables';
import { detailOf, breakdownKeyTable } from './breakdown-value';
import { IN_MONTH, placedLines } from './lines-of-month';
import { GLOBAL, regionClusters } from './region-clusters';
import type { ServiceNames } from './service-names';

/** What turning a month's bills into usage needs to know of the estate. */
export interface BillContext {
  readonly month: Month;
  readonly clusters: readonly Cluster[];
  readonly racks: readonly Rack[];
  /** Clusters whose services' totals are given. @default - none */
  readonly given?: ReadonlySet<string>;
  readonly services: ServiceNames;
  readonly settings: EstateSettings;
  /** What one unit of each currency is worth; absent where the month's bills have one currency. */
  readonly rates?: ReadonlyMap<string, number>;
  /** What accounts' usage is broken down by, where rows are broken down. */
  readonly breakdown?: Breakdown;
}

/** A file of bills, and whether it is of the month itself or of a neighbour that reaches into it. */
export interface BillFile extends UsageFile {
  readonly isNeighbour: boolean;
  readonly facts?: BillFacts;
}

/**
 * Lines of bills as usage: revenue is the cost column of the settings, quantity counts in the service's own units, and
 * lines without a Region go to the edge clusters by their rack power. Only usage counts: purchases, taxes, credits,
 * refunds and fees move no emissions. A charge across a month's end counts in each month by its part of the time.
 */
export function billUsageSource(
  table: BillTable,
  files: readonly BillFile[],
  context: BillContext,
): UsageSource {
  const format = BILL_FORMATS[table];
  const { settings, month, breakdown } = context;
  const known = new Map(files.map((file) => [file.file, file]));
  return {
    table,
    files,
    columnsOf: (file) => [
      ...format.textColumns(file, settings),
      ...(breakdown === undefined ? [] : detailColumns(format, file, breakdown)),
      ...deliveryColumns(known.get(file.file), month),
    ],
    context: contextTables(format, context),
    linesOf: (texts, numbered) => linesOfTexts(format, texts, context, numbered),
    staged: {
      name: BILL_SUMS,
      context: lineTables(format, context).map(({ name }) => name),
      sumsOf: (texts) => billSums(format, texts, context, breakdown),
      merged: (sums) => mergedSums(sums, breakdown),
      linesOf: (sums) =>
        usageLines(sumsAsLines(sums, breakdown), context, breakdown === undefined ? [] : ['split_value']),
    },
    isBrokenDown: breakdown !== undefined,
    words: words(format, context),
  };
}

function detailColumns(format: BillFormat, file: UsageFile, breakdown: Breakdown): TextColumns {
  return format.detailColumns(file).filter(([, name]) => name === detailOf(breakdown));
}

/** What is the same in every line of a file. */
function deliveryColumns(file: BillFile | undefined, month: Month): TextColumns {
  const isInside = file?.facts !== undefined && liesInside(file.facts, month);
  return [
    [{ text: file?.isNeighbour === true ? 'yes' : 'no' }, 'is_neighbour'],
    [{ text: isInside ? 'yes' : 'no' }, 'is_inside'],
  ];
}

/** Tables that lines refer to as they stand in the files. */
export function lineTables(
  format: BillFormat,
  { settings, breakdown }: Pick<BillContext, 'settings' | 'breakdown'>,
): SmallTable[] {
  return [...format.context(settings), ...(breakdown === undefined ? [] : [breakdownKeyTable(breakdown)])];
}

function contextTables(format: BillFormat, context: BillContext): SmallTable[] {
  const { month, clusters, racks, services, rates } = context;
  return [
    ...lineTables(format, context),
    ...serviceTables(services),
    regionClusters(month, clusters, racks, context.given ?? new Set()),
    {
      name: 'bill_rate',
      columns: [
        ['currency', 'VARCHAR'],
        ['rate', 'DOUBLE'],
      ],
      rows: rates ?? [],
    },
  ];
}

/** Lines of the files one by one, as explanations and messages need them, with the text that a breakdown reads. */
function linesOfTexts(format: BillFormat, texts: string, context: BillContext, numbered: boolean): string {
  const detail = context.breakdown === undefined ? [] : [detailOf(context.breakdown)];
  const kept = [...(numbered ? ['line'] : []), ...detail];
  const lines = `SELECT p.*, 1 AS lines FROM (${placedLines(format, texts, context, kept)}) p`;
  const more = numbered ? ['line', 'region_id', 'service_name', 'period_start', 'quantity'] : [];
  return usageLines(lines, context, [...more, ...detail]);
}

/**
 * SQL of usage lines.
 *
 * @param lines relation of lines, or of sums in their form
 * @param more columns of it to hand through
 */
function usageLines(lines: string, context: BillContext, more: readonly string[]): string {
  const { settings, rates } = context;
  const id = settings.pad_account_ids ? paddedId('b.account_id') : 'b.account_id';
  const part = 'coalesce(r.share, 1) * coalesce(b.part, 1)';
  const { product, weight, joins } = PRODUCT_OF_LINE;
  const cost =
    rates === undefined
      ? times('b.cost', part)
      : `CASE WHEN x.rate IS NULL AND b.cost IS NOT NULL THEN 'no rate' ELSE ${times('b.cost', `${part} * x.rate`)} END`;
  return `
SELECT
  ${id} AS usage_account_id,
  r.cluster_id,
  ${product} AS product_code,
  CASE WHEN ${weight} IS NULL THEN '0' ELSE ${times('b.quantity', `${weight} * ${part}`)} END AS usage_quantity,
  ${cost} AS usage_revenue,
  b.place = 'here' AS in_month,
  coalesce(r.line_count, 1) * b.lines AS line_count${more.map((column) => `, b.${column}`).join('')}
FROM (SELECT * FROM (${lines}) l WHERE ${IN_MONTH}) b
LEFT JOIN region_cluster r ON r.region_id = coalesce(b.region_id, '${GLOBAL}')${rates === undefined ? '' : '\nLEFT JOIN bill_rate x ON x.currency = b.currency'}${joins}`;
}

/**
 * A text times a factor, as text; the factor 1 leaves the text alone, so that no digit is lost. What is no number
 * stays as it is and is reported.
 */
function times(amount: string, factor: string): string {
  const exact = `TRY_CAST(${amount} AS ${LONG})`;
  return `CASE WHEN ${factor} = 1 OR ${exact} IS NULL THEN ${amount} ELSE coalesce(CAST(TRY_CAST(CAST(${exact} AS DOUBLE) * ${factor} AS ${LONG}) AS VARCHAR), 'too large') END`;
}

function words(
  format: BillFormat,
  { month, settings }: BillContext,
): Record<UsageColumn | 'in_month', ColumnInWords> {
  const { account, region, service, quantity, cost, period } = format.words(settings);
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
      expected: `a time in ${month}, or in a month next to it`,
    },
  };
}
