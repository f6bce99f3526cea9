import { groupBy } from '../../base/group';
import type { Month } from '../../base/month';
import type { Cluster, Rack } from '../../method/month-estate';
import { isOpen } from '../../method/serving';
import type { Relation, SmallTable } from '../../sql/relation';

/** Region of lines without a Region: blank ones are read as this. */
export const GLOBAL = 'global';

const REGION_COLUMNS = {
  region_id: 'VARCHAR',
  cluster_id: 'VARCHAR',
  share: 'DOUBLE',
  // A line that is divided over several clusters is still one line.
  line_count: 'INTEGER',
} as const;

/** The clusters of each Region as a relation. */
export type RegionClusters = Relation<typeof REGION_COLUMNS>;

/** The part of an estate that has the clusters of Regions. */
export interface RegionEstate {
  readonly clusters: readonly Cluster[];
  readonly racks: readonly Rack[];
  /** Clusters whose services' totals are given: they need no racks. */
  readonly given: ReadonlySet<string>;
}

/**
 * The clusters that a Region of a bill refers to. Usually one; where several have the same code, as edge clusters have
 * `global`, all open ones that have racks, by their power; where none has racks, those whose totals are
 * given, in equal parts.
 */
export function regionClusters(month: Month, estate: RegionEstate): SmallTable<typeof REGION_COLUMNS> {
  return { columns: REGION_COLUMNS, rows: regionShares(month, estate) };
}

function regionShares(
  month: Month,
  { clusters, racks, given }: RegionEstate,
): (readonly [string, string, number, number])[] {
  const racksByCluster = groupBy(racks, ({ clusterId }) => clusterId);
  const powerOf = ({ clusterId }: Cluster): number =>
    (racksByCluster.get(clusterId) ?? []).reduce((sum, { powerKw }) => sum + powerKw, 0);
  return [...groupBy(clusters, ({ regionCode }) => regionCode)].flatMap(([regionCode, members]) => {
    const [only] = members;
    if (members.length === 1 && only !== undefined && only.kind === 'region') {
      return [[regionCode, only.clusterId, 1, 1] as const];
    }
    // A cluster that is not open yet serves no accounts, whatever racks it has.
    const open = members.filter((member) => isOpen(member, month));
    const powered = open.some((member) => powerOf(member) > 0);
    const partOf = (member: Cluster): number =>
      powered ? powerOf(member) : given.has(member.clusterId) ? 1 : 0;
    const total = open.reduce((sum, member) => sum + partOf(member), 0);
    return open
      .filter((member) => partOf(member) > 0)
      .map(
        (member, index) =>
          [regionCode, member.clusterId, partOf(member) / total, index === 0 ? 1 : 0] as const,
      );
  });
}
