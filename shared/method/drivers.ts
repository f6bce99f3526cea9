/** Usage of one service in one cluster: the totals that step 5 of the method divides by. */
export interface DriverTotal {
  readonly clusterId: string;
  readonly productCode: string;
  /** Sum over customers' accounts, in the service's own unit (usage_quantity) or currency (usage_revenue). */
  readonly customers: number;
  /** Sum over internal accounts. */
  readonly internal: number;
}

/** Driver totals by cluster_id and product_code. */
export type DriverTotals = ReadonlyMap<string, ReadonlyMap<string, DriverTotal>>;

/** Returns driver totals by cluster and service. */
export function indexDrivers(totals: readonly DriverTotal[]): DriverTotals {
  const index = new Map<string, Map<string, DriverTotal>>();
  for (const total of totals) {
    const cluster = index.get(total.clusterId) ?? new Map<string, DriverTotal>();
    index.set(total.clusterId, cluster.set(total.productCode, total));
  }
  return index;
}
