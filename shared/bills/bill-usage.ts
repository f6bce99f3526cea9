import type { Month } from '../calendar/month';
import { LONG, paddedId } from '../engine/driver-sql';
import type { SmallTable } from '../engine/small-table';
import type { EstateSettings } from '../inputs/estate-settings';
import type { Cluster, Rack } from '../method/month-estate';
import type { UsageColumn, UsageFile, UsageSource } from '../usage/usage-source';
import type { ColumnInWords } from '../usage/usage-source';
import type { BillFormat } from './bill-format';
import { BILL_FORMATS } from './bill-formats';
import { PRODUCT_OF_LINE, serviceTables } from './bill-services';
import type { BillTable } from './bill-tables';
import { linesOfMonth } from './lines-of-month';
import { GLOBAL, regionClusters } from './region-clusters';
import type { ServiceNames } from './service-names';

/** What turning a month's bills into usage needs to know of the estate. */
export interface BillContext {
  readonly month: Month;
  readonly clusters: readonly Cluster[];
  readonly racks: readonly Rack[];
  readonly services: ServiceNames;
  readonly settings: EstateSettings;
  /** What one unit of each currency is worth; absent where the month's bills have one currency. */
  readonly rates?: ReadonlyMap<string, number>;
}

/** A file of bills, and whether it is of the month itself or of a neighbour that reaches into it. */
export interface BillFile extends UsageFile {
  readonly isNeighbour: boolean;
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
  const { settings } = context;
  const neighbours = new Set(files.filter(({ isNeighbour }) => isNeighbour).map(({ file }) => file));
  return {
    table,
    files,
    columnsOf: (file) => [
      ...format.textColumns(file, settings),
      [{ text: neighbours.has(file.file) ? 'yes' : 'no' }, 'is_neighbour'],
    ],
    context: contextTables(format, context),
    linesOf: (texts, numbered) => usageLines(format, texts, context, numbered ? ['line'] : []),
    words: words(format, context),
  };
}

function contextTables(format: BillFormat, context: BillContext): SmallTable[] {
  const { month, clusters, racks, services, settings, rates } = context;
  return [
    ...format.context(settings),
    ...serviceTables(services),
    regionClusters(month, clusters, racks),
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

function usageLines(format: BillFormat, texts: string, context: BillContext, numbered: string[]): string {
  const { settings, rates } = context;
  const id = settings.pad_account_ids ? paddedId('b.account_id') : 'b.account_id';
  const rate = rates === undefined ? '1' : 'x.rate';
  const cost = `CASE WHEN ${rate} IS NULL AND b.cost IS NOT NULL THEN 'no rate' ELSE ${times('b.cost', `coalesce(r.share, 1) * coalesce(b.part, 1) * ${rate}`)} END`;
  const more =
    numbered.length === 0 ? '' : ', b.line, b.region_id, b.service_name, b.period_start, b.quantity';
  return `
SELECT
  ${id} AS usage_account_id,
  r.cluster_id,
  ${PRODUCT_OF_LINE.product} AS product_code,
  CASE WHEN ${PRODUCT_OF_LINE.weight} IS NULL THEN '0' ELSE ${times('b.quantity', `${PRODUCT_OF_LINE.weight} * coalesce(r.share, 1) * coalesce(b.part, 1)`)} END AS usage_quantity,
  ${rates === undefined ? times('b.cost', 'coalesce(r.share, 1) * coalesce(b.part, 1)') : cost} AS usage_revenue,
  coalesce(b.part > 0, false) AS in_month,
  coalesce(r.line_count, 1) AS line_count${more}
FROM (${linesOfMonth(format, texts, context, numbered)}) b
LEFT JOIN region_cluster r ON r.region_id = coalesce(b.region_id, '${GLOBAL}')${rates === undefined ? '' : '\nLEFT JOIN bill_rate x ON x.currency = b.currency'}${PRODUCT_OF_LINE.joins}`;
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
