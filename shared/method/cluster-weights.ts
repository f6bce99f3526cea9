import { groupBy } from '../base/group';
import { anyPositive, type KgByCategory, scale, ZERO } from './categories';
import { dependencyGraph, solveDependencies } from './dependencies';
import type { ModelVersion } from './model-version';
import type { GivenService, MonthEstate } from './month-estate';
import { type RackAllocation, rackAllocation } from './rack-allocation';

/** Steps 3 and 4 of the method for one cluster and one kgCO2e of its emission. */
export interface ClusterWeights {
  readonly clusterId: string;
  readonly racks: RackAllocation;
  /** x(f): the part that passes through each service, kg per kg. */
  readonly through: ReadonlyMap<string, number>;
  /** W(c,s): the part of each service that is left for accounts, kg per kg. */
  readonly weight: ReadonlyMap<string, number>;
  /** n(c,s) of a cluster whose services' totals are given, kgCO2e: it has no racks and no weights then. */
  readonly given?: ReadonlyMap<string, KgByCategory>;
}

/** Returns n(c,s) of a cluster with E'(c,k), kgCO2e by product_code. */
export function serviceKgOf(
  { given, weight }: ClusterWeights,
  clusterKg: KgByCategory,
): Map<string, KgByCategory> {
  if (given !== undefined) return new Map(given);
  return new Map([...weight].map(([productCode, part]) => [productCode, scale(clusterKg, part)]));
}

/** Returns true when a service of the cluster has emissions for accounts: W(c,s) > 0, or a given n(c,s) > 0 in any category. */
export function hasEmissions({ given, weight }: ClusterWeights, productCode: string): boolean {
  if (given !== undefined) return anyPositive(given.get(productCode) ?? ZERO);
  return (weight.get(productCode) ?? 0) > 0;
}

/**
 * Returns the service weights of every cluster. They depend on racks and dependencies only, not on emissions.
 *
 * @throws MethodError naming services of a cluster that only ever use each other
 */
export function clusterWeights(estate: MonthEstate, version: ModelVersion): Map<string, ClusterWeights> {
  const racksByCluster = groupBy(estate.racks, ({ clusterId }) => clusterId);
  const useByRack = groupBy(estate.rackUse, ({ rackId }) => rackId);
  const totals = new Map(estate.givenTotals.map((given) => [given.clusterId, given]));
  return new Map(
    estate.clusters.map(({ clusterId }) => {
      const known = totals.get(clusterId);
      if (known?.by === 'service') return [clusterId, givenWeights(known, version)];
      const racks = rackAllocation(racksByCluster.get(clusterId) ?? [], useByRack, version);
      const flow = solveDependencies(dependencyGraph(clusterId, estate.serviceUse), racks.direct);
      return [clusterId, { clusterId, racks, through: flow.total, weight: flow.left }];
    }),
  );
}

function givenWeights(
  { clusterId, services }: { readonly clusterId: string; readonly services: readonly GivenService[] },
  version: ModelVersion,
): ClusterWeights {
  const none = new Map<string, number>();
  const given = new Map(services.map(({ productCode, kg }) => [productCode, kg]));
  return { clusterId, racks: rackAllocation([], new Map(), version), through: none, weight: none, given };
}
