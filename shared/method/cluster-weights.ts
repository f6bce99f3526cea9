import { dependencyGraph, solveDependencies } from './dependencies';
import { groupBy } from './group';
import type { ModelVersion } from './model-version';
import type { MonthEstate } from './month-estate';
import { rackAllocation } from './rack-allocation';
import type { RackAllocation } from './rack-allocation';

/** Steps 3 and 4 of method.md for one cluster and one kgCO2e of its emission. */
export interface ClusterWeights {
  readonly clusterId: string;
  readonly racks: RackAllocation;
  /** x(f): what passes through each service, kg per kg. */
  readonly through: ReadonlyMap<string, number>;
  /** W(c,s): what is left of each service for accounts, kg per kg. */
  readonly weight: ReadonlyMap<string, number>;
}

/**
 * Service weights of every cluster. They depend on racks and dependencies only, not on how much was emitted.
 *
 * @throws MethodError naming services of a cluster that only ever use each other
 */
export function clusterWeights(estate: MonthEstate, version: ModelVersion): Map<string, ClusterWeights> {
  const racksByCluster = groupBy(estate.racks, ({ clusterId }) => clusterId);
  const useByRack = groupBy(estate.rackUse, ({ rackId }) => rackId);
  return new Map(
    estate.clusters.map(({ clusterId }) => {
      const racks = rackAllocation(racksByCluster.get(clusterId) ?? [], useByRack, version);
      const flow = solveDependencies(dependencyGraph(clusterId, estate.serviceUse), racks.direct);
      return [clusterId, { clusterId, racks, through: flow.total, weight: flow.left }];
    }),
  );
}
