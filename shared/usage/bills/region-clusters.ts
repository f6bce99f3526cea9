import { groupBy } from '../../base/group';
import type { Month } from '../../base/month';
import type { Cluster, Rack } from '../../method/month-estate';
import { isOpen } from '../../method/serving';
import type { SmallTable } from '../../sql/small-table';

/** Region of lines that belong to none; blank ones are read as this. */
export const GLOBAL = 'global';

/**
 * The table `region_cluster`: which clusters a Region of a bill stands for. Usually one; where several share a code,
 * as edge clusters share `global`, all open ones that have racks, by their power (inputs.md); where none has racks,
 * those whose totals are given, in equal parts.
 *
 * @param given clusters whose services' totals are given: they need no racks
 */
export function regionClusters(
  month: Month,
  clusters: readonly Cluster[],
  racks: readonly Rack[],
  given: ReadonlySet<string>,
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
    rows: regionShares(month, clusters, racks, given),
  };
}

function regionShares(
  month: Month,
  clusters: readonly Cluster[],
  racks: readonly Rack[],
  given: ReadonlySet<string>,
): (readonly [string, string, number, number])[] {
  const racksByCluster = groupBy(racks, ({ clusterId }) => clusterId);
  const powerOf = ({ clusterId }: Cluster): number =>
    (racksByCluster.get(clusterId) ?? []).reduce((sum, { powerKw }) => sum + powerKw, 0);
  return [...groupBy(clusters, ({ regionCode }) => regionCode)].flatMap(([regionCode, members]) => {
    const [only] = members;
    if (members.length === 1 && only !== undefined && only.kind === 'region') {
      return [[regionCode, only.clusterId, 1, 1] as const];
    }
    // A cluster that is not open yet serves nobody, whatever racks stand in it.
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
