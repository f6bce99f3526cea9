import { paddedId } from '../../sql/account-ids';
import type { Relation } from '../../sql/relation';
import { isIn, type MonthBills } from './bill-lines';
import { productOfLine, type ServiceTables } from './bill-services';
import { knownRegion } from './line-region';
import { GLOBAL, type RegionClusters } from './region-clusters';

/** What turns lines of bills, or sums of them, into usage. */
export interface UsageSql {
  readonly bills: MonthBills;
  readonly services: ServiceTables;
  readonly regions: RegionClusters;
  readonly rates?: Rates;
}

type Rates = Relation<{ readonly currency: 'VARCHAR'; readonly rate: 'DOUBLE' }>;

/** Columns of usage apart from its amounts. */
export const USAGE_COLUMNS = ['usage_account_id', 'cluster_id', 'product_code', 'in_month', 'line_count'];

/** SQL of the account of a line. */
export function accountOf({ bills }: UsageSql, column: string): string {
  return bills.settings.pad_account_ids ? paddedId(column) : column;
}

/** SQL of where usage counts, and of the factors of its amounts. */
export interface PlacedUsage {
  /** NULL where a rate is missing. */
  readonly cost: string;
  /** NULL where the quantity does not count. */
  readonly quantity: string;
  readonly joined: { readonly columns: string; readonly from: string };
}

/**
 * Returns SQL of the cluster, the product and the factors of usage.
 *
 * @param lines SQL of lines, or of keys of sums
 */
export function placedUsage(lines: string, { services, regions, rates }: UsageSql): PlacedUsage {
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
