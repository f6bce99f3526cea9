import { lastDayOf, type Month } from '../base/month';
import { add, anyPositive, type KgByCategory, scale, sumByCategory, ZERO } from './categories';
import { type ClusterWeights, hasEmissions } from './cluster-weights';
import type { DriverTotals } from './drivers';
import { MethodError } from './method-error';
import type { ModelVersion } from './model-version';
import type { Cluster, MonthEstate } from './month-estate';
import { countedDriver } from './service-shares';

/** Step 2 of the method: the clusters that serve, and the overhead of the others. */
export interface Serving {
  /** cluster_ids that serve, in the order of the estate. */
  readonly clusterIds: readonly string[];
  /** E'(c,k) of serving clusters, kgCO2e: their emissions and, where the version allocates overhead, their part of the pool. */
  readonly kg: ReadonlyMap<string, KgByCategory>;
  /** The part of the pool that stays with the operator, kgCO2e. */
  readonly retainedKg: KgByCategory;
}

/** Returns true when a cluster is open to customers in the month: opened_on is blank or not after its last day. */
export function isOpen(cluster: Cluster, month: Month): boolean {
  return cluster.openedOn === undefined || cluster.openedOn <= lastDayOf(month);
}

/** The inputs of serving in addition to the estate and the version. */
export interface ServingInputs {
  readonly weights: ReadonlyMap<string, ClusterWeights>;
  readonly drivers: DriverTotals;
}

/** Returns the cluster_ids that serve, in the order of the estate: it does not depend on how much was emitted. */
export function servingClusters(
  estate: MonthEstate,
  version: ModelVersion,
  inputs: ServingInputs,
): readonly string[] {
  return estate.clusters
    .filter((cluster) => serves(cluster, estate, version, inputs))
    .map(({ clusterId }) => clusterId);
}

/** Emissions of all clusters and the weights by which serving ones take the others' overhead. */
export interface PoolInputs {
  /** E(c,k), kgCO2e. */
  readonly emissions: ReadonlyMap<string, KgByCategory>;
  readonly weights: ReadonlyMap<string, ClusterWeights>;
}

/**
 * Allocates the emissions of clusters that do not serve by total rack power where the version does so.
 *
 * @param clusterIds the clusters that serve: {@link servingClusters}
 * @throws MethodError when there are emissions and no cluster serves, or overhead and no racks to allocate it to
 */
export function serving(
  estate: MonthEstate,
  version: ModelVersion,
  clusterIds: readonly string[],
  { emissions, weights }: PoolInputs,
): Serving {
  const kgOf = ({ clusterId }: Cluster): KgByCategory => emissions.get(clusterId) ?? ZERO;
  const servingOnes = estate.clusters.filter(({ clusterId }) => clusterIds.includes(clusterId));
  const others = estate.clusters.filter((cluster) => !servingOnes.includes(cluster));
  const poolKg = sumByCategory(others.map(kgOf));
  if (servingOnes.length === 0 && anyPositive(poolKg)) {
    throw new MethodError(
      `no cluster serves in ${estate.month} although there are emissions: none is open with a service that has both rack use and usage`,
    );
  }
  const powerOf = (cluster: Cluster): number => weightsOf(weights, cluster).racks.powerKw;
  const totalPower = servingOnes.reduce((sum, cluster) => sum + powerOf(cluster), 0);
  if (version.allocatesOverhead && totalPower === 0 && anyPositive(poolKg)) {
    throw new MethodError(
      `clusters that do not serve in ${estate.month} have emissions, and no serving cluster has racks to take them: the totals of all serving clusters are given by service_emissions`,
    );
  }
  // Without any racks there is no overhead to allocate.
  const partOf = (cluster: Cluster): number => (totalPower === 0 ? 0 : powerOf(cluster) / totalPower);
  const withOverhead = (cluster: Cluster): KgByCategory =>
    version.allocatesOverhead ? add(kgOf(cluster), scale(poolKg, partOf(cluster))) : kgOf(cluster);
  return {
    clusterIds,
    kg: new Map(servingOnes.map((cluster) => [cluster.clusterId, withOverhead(cluster)])),
    retainedKg: version.allocatesOverhead ? ZERO : poolKg,
  };
}

/** True for an open cluster with a service that has emissions and a driver. */
function serves(
  cluster: Cluster,
  { month, services }: MonthEstate,
  version: ModelVersion,
  { weights, drivers }: ServingInputs,
): boolean {
  if (!isOpen(cluster, month)) return false;
  const totals = drivers.get(cluster.clusterId);
  return services.some(
    (service) =>
      hasEmissions(weightsOf(weights, cluster), service.productCode) &&
      countedDriver(totals?.get(service.productCode), service, version) > 0,
  );
}

function weightsOf(weights: ReadonlyMap<string, ClusterWeights>, { clusterId }: Cluster): ClusterWeights {
  const found = weights.get(clusterId);
  if (found === undefined) throw new Error(`no weights for cluster ${clusterId}`);
  return found;
}
