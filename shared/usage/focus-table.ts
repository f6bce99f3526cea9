import type { Month } from '../calendar/month';
import type { DuckSession } from '../engine/duck-session';
import { literalPath, numberIn, textIn } from '../engine/duck-session';
import { LONG, paddedId } from '../engine/driver-sql';
import type { EstateSettings } from '../inputs/estate-settings';
import type { SmallTable } from '../engine/small-table';
import { groupBy } from '../method/group';
import { isOpen } from '../method/serving';
import type { Cluster, Rack } from '../method/month-estate';
import { FOCUS_PROVIDER_COLUMN } from './focus-columns';
import type { FocusService } from './focus-services';
import { fileRelation, hasColumn } from './usage-source';
import type { TextColumns, UsageFile, UsageSource } from './usage-source';

/** What turning billing lines into usage needs to know of the estate. */
export interface FocusContext {
  readonly month: Month;
  readonly clusters: readonly Cluster[];
  readonly racks: readonly Rack[];
  readonly services: readonly FocusService[];
  readonly settings: EstateSettings;
}

/** RegionId of lines that belong to no Region; blank ones are read as this. */
const GLOBAL = 'global';

/**
 * Lines of a FOCUS export as usage: revenue is the cost column of the settings, quantity counts in the service's own
 * unit, and lines without a Region go to the edge clusters by their rack power. Only lines of ChargeCategory Usage
 * count: purchases, taxes, credits and adjustments move no emissions.
 */
export function focusTableSource(files: readonly UsageFile[], context: FocusContext): UsageSource {
  const { settings, month } = context;
  const revenueColumn = settings.focus.revenue_column;
  return {
    table: 'focus',
    files,
    columnsOf: (file) => columnsOf(file, revenueColumn),
    context: contextTables(context),
    linesOf: (texts, numbered) =>
      focusRelation(texts, {
        month,
        id: settings.pad_account_ids ? paddedId('account_id') : 'account_id',
        more: numbered ? ', b.line, b.region_id, b.service_name, b.charge_period_start' : '',
      }),
    words: {
      usage_account_id: {
        inFile: 'SubAccountId',
        shown: 'usage_account_id',
        expected: 'a 12-digit account id',
      },
      cluster_id: {
        inFile: 'RegionId',
        shown: 'region_id',
        expected: 'the region_code of a cluster; blank and global need an edge cluster with racks',
      },
      product_code: {
        inFile: 'ServiceName',
        shown: 'service_name',
        expected: 'a name that focus_services maps to a product_code of services',
      },
      usage_quantity: {
        inFile: 'ConsumedQuantity',
        shown: 'usage_quantity',
        expected: 'a number or a blank',
      },
      usage_revenue: { inFile: revenueColumn, shown: 'usage_revenue', expected: 'a number or a blank' },
      in_month: {
        inFile: 'ChargePeriodStart',
        shown: 'charge_period_start',
        expected: `a time in ${month}`,
      },
    },
  };
}

function columnsOf(file: UsageFile, revenueColumn: string): TextColumns {
  return [
    ['SubAccountId', 'account_id'],
    ['RegionId', 'region_id'],
    ['ServiceName', 'service_name'],
    ['ChargeCategory', 'charge_category'],
    ['ConsumedQuantity', 'quantity'],
    ['ConsumedUnit', 'unit'],
    ['ChargePeriodStart', 'charge_period_start'],
    [revenueColumn, 'revenue'],
    // Every line has a ChargeCategory, so a file without providers is one whose lines all count.
    [hasColumn(file, FOCUS_PROVIDER_COLUMN) ? FOCUS_PROVIDER_COLUMN : 'ChargeCategory', 'provider'],
  ];
}

/** True for a line that moves emissions, also where the two columns are blank. */
const COUNTED = `coalesce(charge_category, '') = 'Usage' AND (provider = charge_category OR coalesce(provider, '') IN (SELECT provider FROM focus_provider))`;

/** FOCUS exports in the wild spell null as the text NULL. */
const orNull = (column: string): string => `nullif(nullif(${column}, 'NULL'), '')`;

/**
 * A text times a factor, as text; the factor 1 leaves the text alone, so that no digit is lost. What is no number
 * stays as it is and is reported.
 */
function times(amount: string, factor: string): string {
  const exact = `TRY_CAST(${amount} AS ${LONG})`;
  return `CASE WHEN ${factor} = 1 OR ${exact} IS NULL THEN ${amount} ELSE coalesce(CAST(TRY_CAST(CAST(${exact} AS DOUBLE) * ${factor} AS ${LONG}) AS VARCHAR), 'too large') END`;
}

function focusRelation(
  lines: string,
  { month, id, more }: { month: Month; id: string; more: string },
): string {
  return `
SELECT
  ${id} AS usage_account_id,
  r.cluster_id,
  coalesce(s.product_code, n.product_code) AS product_code,
  CASE WHEN s.product_code IS NULL THEN '0' ELSE ${times('quantity', 's.weight * r.share')} END AS usage_quantity,
  ${times('revenue', 'r.share')} AS usage_revenue,
  coalesce(substr(charge_period_start, 1, 7) = '${month}', false) AS in_month,
  coalesce(r.line_count, 1) AS line_count${more}
FROM (
  SELECT account_id, ${orNull('region_id')} AS region_id, ${orNull('service_name')} AS service_name,
    ${orNull('quantity')} AS quantity, ${orNull('unit')} AS unit, ${orNull('revenue')} AS revenue,
    charge_period_start${more.includes('line') ? ', line' : ''}
  FROM (${lines}) f
  WHERE ${COUNTED}
) b
LEFT JOIN region_cluster r ON r.region_id = coalesce(b.region_id, '${GLOBAL}')
LEFT JOIN focus_service s ON s.service_name = b.service_name AND s.unit = b.unit
LEFT JOIN focus_service_name n ON n.service_name = b.service_name`;
}

function contextTables(context: FocusContext): SmallTable[] {
  const byName = new Map(context.services.map(({ serviceName, productCode }) => [serviceName, productCode]));
  return [
    {
      name: 'focus_provider',
      columns: [['provider', 'VARCHAR']],
      rows: context.settings.focus.providers.map((provider) => [provider]),
    },
    {
      name: 'region_cluster',
      columns: [
        ['region_id', 'VARCHAR'],
        ['cluster_id', 'VARCHAR'],
        ['share', 'DOUBLE'],
        // A line that is split over several clusters is still one line.
        ['line_count', 'INTEGER'],
      ],
      rows: regionShares(context.month, context.clusters, context.racks),
    },
    {
      name: 'focus_service',
      columns: [
        ['service_name', 'VARCHAR'],
        ['unit', 'VARCHAR'],
        ['product_code', 'VARCHAR'],
        ['weight', 'DOUBLE'],
      ],
      rows: context.services
        .filter(({ unit }) => unit !== '')
        .map(({ serviceName, unit, productCode, weight }) => [serviceName, unit, productCode, weight]),
    },
    {
      name: 'focus_service_name',
      columns: [
        ['service_name', 'VARCHAR'],
        ['product_code', 'VARCHAR'],
      ],
      rows: [...byName],
    },
  ];
}

/** Which clusters a RegionId stands for: usually one; where several share a code, by rack power. */
function regionShares(
  month: Month,
  clusters: readonly Cluster[],
  racks: readonly Rack[],
): (readonly [string, string, number, number])[] {
  const racksByCluster = groupBy(racks, ({ clusterId }) => clusterId);
  // A cluster that is not open yet serves nobody, whatever racks stand in it.
  const open = (cluster: Cluster): boolean => isOpen(cluster, month);
  const powerOf = ({ clusterId }: Cluster): number =>
    (racksByCluster.get(clusterId) ?? []).reduce((sum, { powerKw }) => sum + powerKw, 0);
  return [...groupBy(clusters, ({ regionCode }) => regionCode)].flatMap(([regionCode, members]) => {
    const [only] = members;
    if (members.length === 1 && only !== undefined && only.kind === 'region') {
      return [[regionCode, only.clusterId, 1, 1] as const];
    }
    const total = members.filter(open).reduce((sum, member) => sum + powerOf(member), 0);
    return members
      .filter((member) => open(member) && powerOf(member) > 0)
      .map(
        (member, index) =>
          [regionCode, member.clusterId, powerOf(member) / total, index === 0 ? 1 : 0] as const,
      );
  });
}

/** A blank has a name, so that its lines are counted too. */
const orBlank = (column: string): string => `coalesce(${orNull(column)}, '(blank)') AS ${column}`;

/** Lines that moved no emissions, by the reason, for the report. */
export async function leftOutLines(session: DuckSession, source: UsageSource): Promise<string[]> {
  const counts = new Map<string, number>();
  for (const file of source.files) {
    const provider = hasColumn(file, FOCUS_PROVIDER_COLUMN) ? FOCUS_PROVIDER_COLUMN : 'ChargeCategory';
    const columns = [['ChargeCategory', 'charge_category'] as const, [provider, 'provider'] as const];
    const rows = await session.rows(
      `SELECT CASE WHEN charge_category <> 'Usage' THEN 'of ChargeCategory ' || charge_category ELSE 'of provider ' || provider END AS reason, COUNT(*) AS lines
       FROM (SELECT ${orBlank('charge_category')}, ${orBlank('provider')} FROM (${fileRelation(file, columns, '$1', false)}) f) g
       WHERE NOT (${COUNTED})
       GROUP BY 1`,
      [literalPath(file.path)],
    );
    for (const row of rows) {
      const reason = textIn(row, 'reason');
      counts.set(reason, (counts.get(reason) ?? 0) + numberIn(row, 'lines'));
    }
  }
  return [...counts].sort().map(([reason, lines]) => `${String(lines)} FOCUS lines ${reason} are no usage`);
}
