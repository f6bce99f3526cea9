import { compareText, groupBy } from '../base/group';
import type { ProductDetail } from '../exports/export-settings';
import type { Cluster, MonthEstate, Service } from '../method/month-estate';
import type { DuckSession } from '../sql/duck-session';
import type { Relation } from '../sql/relation';

/** A service in a cluster, and the row of the export its emissions fall in. */
export interface ServicePair {
  readonly pairId: number;
  readonly cluster: Cluster;
  readonly service: Service;
  /** Rank of (region_code, product_code) in the export's order. */
  readonly rowId: number;
}

/** A (region_code, product_code) that rows of the export can have. */
export interface ExportRowKey {
  readonly rowId: number;
  readonly regionCode: string;
  readonly location: string;
  readonly productCode: string;
  /** True when several services or clusters fall in the row. */
  readonly addsUp: boolean;
}

/** All combinations of cluster and service, and the export rows they fall in. */
export interface ServicePairs {
  readonly pairs: readonly ServicePair[];
  readonly rowKeys: readonly ExportRowKey[];
}

/** Numbers every service of every cluster, and every row key in the order in which the export is sorted. */
export function servicePairs(
  clusters: readonly Cluster[],
  services: readonly Service[],
  detail: ProductDetail,
): ServicePairs {
  const combinations = clusters.flatMap((cluster) =>
    services.map((service) => ({ cluster, service, productCode: exportedCode(service, detail) })),
  );
  const byRow = groupBy(combinations, ({ cluster, productCode }) =>
    JSON.stringify([cluster.regionCode, productCode]),
  );
  const rows = [...byRow.values()].sort((a, b) => compareRows(a[0], b[0]));
  const rowKeys = rows.map((members, rowId): ExportRowKey => {
    const [first] = members;
    if (first === undefined) throw new Error('a row without members');
    const { regionCode, location } = first.cluster;
    return { rowId, regionCode, location, productCode: first.productCode, addsUp: members.length > 1 };
  });
  const pairs = rows.flatMap((members, rowId) =>
    members.map(({ cluster, service }) => ({ cluster, service, rowId })),
  );
  return { pairs: pairs.map((pair, pairId) => ({ pairId, ...pair })), rowKeys };
}

function exportedCode({ productCode }: Service, detail: ProductDetail): string {
  return detail === 'all' || CCFT_PRODUCTS.has(productCode) ? productCode : 'Other';
}

interface RowMember {
  readonly cluster: Cluster;
  readonly productCode: string;
}

function compareRows(a: RowMember | undefined, b: RowMember | undefined): number {
  if (a === undefined || b === undefined) throw new Error('a row without members');
  return compareText(a.cluster.regionCode, b.cluster.regionCode) || compareText(a.productCode, b.productCode);
}

/** Columns of {@link PairTable}. */
export const PAIR_COLUMNS = {
  pair_id: 'INTEGER',
  row_id: 'INTEGER',
  cluster_id: 'VARCHAR',
  product_code: 'VARCHAR',
  basis: 'VARCHAR',
} as const;

/** The service pairs as a relation. */
export type PairTable = Relation<typeof PAIR_COLUMNS>;

/** Columns of {@link InternalAccounts}. */
export const INTERNAL_COLUMNS = { account_number: 'BIGINT' } as const;

/** The operator's own accounts. */
export type InternalAccounts = Relation<typeof INTERNAL_COLUMNS>;

/** Service pairs and internal accounts, also as relations. */
export interface LoadedPairs extends ServicePairs {
  readonly table: PairTable;
  readonly internal: InternalAccounts;
}

/** Returns the pairs of a month and its internal accounts for the SQL of step 5. */
export async function loadPairs(
  session: DuckSession,
  { clusters, services, internalAccounts }: PairedEstate,
  detail: ProductDetail,
): Promise<LoadedPairs> {
  const numbered = servicePairs(clusters, services, detail);
  const table = await session.load({
    columns: PAIR_COLUMNS,
    rows: numbered.pairs.map(({ pairId, rowId, cluster, service }) => [
      pairId,
      rowId,
      cluster.clusterId,
      service.productCode,
      service.basis,
    ]),
  });
  const internal = await session.load({
    columns: INTERNAL_COLUMNS,
    rows: internalAccounts.map((id) => [BigInt(id)]),
  });
  return { ...numbered, table, internal };
}

/** The part of a month's estate that service pairs are made of. */
export type PairedEstate = Pick<MonthEstate, 'clusters' | 'services' | 'internalAccounts'>;

/** Products that AWS's Customer Carbon Footprint Tool names; it shows all others as Other. */
const CCFT_PRODUCTS = new Set(['AmazonEC2', 'AmazonS3', 'AmazonCloudFront']);
