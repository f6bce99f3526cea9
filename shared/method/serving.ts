import { lastDayOf, type Month } from '../base/month';
import { add, anyPositive, type ByCategory, scale, sumByCategory, ZERO } from './categories';
import { type ClusterWeights, hasEmissions } from './cluster-weights';
import type { DriverTotals } from './drivers';
import { MethodError } from './method-error';
import type { ModelVersion } from './model-version';
import type { Cluster, MonthEstate } from './month-estate';
import { countedDriver } from './service-shares';

/** Step 2 of method.md: which clusters serve, and what the others' emissions become. */
export interface Serving {
  /** cluster_ids that serve, in the order of the estate. */
  readonly clusterIds: readonly string[];
  /** E'(c,k) of serving clusters, kgCO2e: their own and, where the version allocates overhead, their part of the pool. */
  readonly kg: ReadonlyMap<string, ByCategory>;
  /** What of the pool stays with the operator, kgCO2e. */
  readonly retainedKg: ByCategory;
}

/** True when a cluster is open to customers in the month: opened_on is blank or not after its last day. */
export function isOpen(cluster: Cluster, month: Month): boolean {
  return cluster.openedOn === undefined || cluster.openedOn <= lastDayOf(month);
}

/**
 * Splits the clusters into those that serve and those whose emissions are overhead, and hands the overhead on by
 * total rack power where the version says so.
 *
 * @throws MethodError when there are emissions and no cluster serves, or overhead and no racks to take it
 */
export function serving(
  estate: MonthEstate,
  version: ModelVersion,
  emissions: ReadonlyMap<string, ByCategory>,
  weights: ReadonlyMap<string, ClusterWeights>,
  drivers: DriverTotals,
): Serving {
  const serves = (cluster: Cluster): boolean =>
    isOpen(cluster, estate.month) &&
    estate.services.some(
      (service) =>
        hasEmissions(weightsOf(weights, cluster), service.productCode) &&
        countedDriver(drivers.get(cluster.clusterId)?.get(service.productCode), service, version) > 0,
    );
  const kgOf = ({ clusterId }: Cluster): ByCategory => emissions.get(clusterId) ?? ZERO;
  const servingClusters = estate.clusters.filter(serves);
  const poolKg = sumByCategory(estate.clusters.filter((cluster) => !serves(cluster)).map(kgOf));
  if (servingClusters.length === 0 && anyPositive(poolKg)) {
    throw new MethodError(
      `no cluster serves in ${estate.month} although there are emissions: none is open with a service that has both rack use and usage`,
    );
  }
  const powerOf = (cluster: Cluster): number => weightsOf(weights, cluster).racks.powerKw;
  const totalPower = servingClusters.reduce((sum, cluster) => sum + powerOf(cluster), 0);
  if (version.allocatesOverhead && totalPower === 0 && anyPositive(poolKg)) {
    throw new MethodError(
      `clusters that do not serve in ${estate.month} have emissions, and no serving cluster has racks to take them: the totals of all serving clusters are given by service_emissions`,
    );
  }
  // Without any racks there is nothing to hand on.
  const partOf = (cluster: Cluster): number => (totalPower === 0 ? 0 : powerOf(cluster) / totalPower);
  const kg = new Map(
    servingClusters.map((cluster) => [
      cluster.clusterId,
      version.allocatesOverhead ? add(kgOf(cluster), scale(poolKg, partOf(cluster))) : kgOf(cluster),
    ]),
  );
  return {
    clusterIds: servingClusters.map(({ clusterId }) => clusterId),
    kg,
    retainedKg: version.allocatesOverhead ? ZERO : poolKg,
  };
}

function weightsOf(weights: ReadonlyMap<string, ClusterWeights>, { clusterId }: Cluster): ClusterWeights {
  const found = weights.get(clusterId);
  if (found === undefined) throw new Error(`no weights for cluster ${clusterId}`);
  return found;
}
