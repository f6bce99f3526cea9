import type { Month } from '../calendar/month';
import type { SmallTable } from '../engine/small-table';
import { groupBy } from '../method/group';
import type { Cluster, Rack } from '../method/month-estate';
import { isOpen } from '../method/serving';

/** Region of lines that belong to none; blank ones are read as this. */
export const GLOBAL = 'global';

/**
 * The table `region_cluster`: which clusters a Region of a bill stands for. Usually one; where several share a code,
 * as edge clusters share `global`, all open ones that have racks, by their power (inputs.md).
 */
export function regionClusters(
  month: Month,
  clusters: readonly Cluster[],
  racks: readonly Rack[],
): SmallTable {
  return {
    name: 'region_cluster',
    columns: [
      ['region_id', 'VARCHAR'],
      ['cluster_id', 'VARCHAR'],
      ['share', 'DOUBLE'],
      // A line that is split over several clusters is still one line.
      ['line_count', 'INTEGER'],
    ],
    rows: regionShares(month, clusters, racks),
  };
}

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
