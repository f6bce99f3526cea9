import { add, type KgByCategory, CATEGORIES, scale, sumByCategory, ZERO } from './categories';
import { type ClusterEmissions, clusterEmissions } from './cluster-emissions';
import { type ClusterWeights, clusterWeights, serviceKgOf } from './cluster-weights';
import type { DriverTotals } from './drivers';
import { balance, closeLedger, type Ledger, type StepBalance } from './ledger';
import { MethodError } from './method-error';
import type { ModelVersion } from './model-version';
import type { MonthEstate } from './month-estate';
import { type ServiceShare, shareServices } from './service-shares';
import { type Serving, serving } from './serving';

/** A month's calculation without its rows: the emissions of each service of each serving cluster, and their driver. */
export interface MonthAllocation {
  readonly emissions: ClusterEmissions;
  readonly weights: ReadonlyMap<string, ClusterWeights>;
  readonly serving: Serving;
  /** Services with a driver in a serving cluster, in the order of clusters and services. */
  readonly shares: readonly ServiceShare[];
  /** `cluster_id product_code` of services with emissions and no driver. */
  readonly unclaimed: readonly { readonly clusterId: string; readonly productCode: string }[];
  /** Steps of the ledger before the accounts. */
  readonly steps: readonly StepBalance[];
  readonly retained: Pick<
    Ledger,
    'retained_internal' | 'retained_unused' | 'retained_overhead' | 'retained_unclaimed'
  >;
}

/**
 * Steps 1 to 5 of the method, up to the division among accounts.
 *
 * @throws MethodError where the month's inputs contradict each other
 */
export function allocateMonth(
  estate: MonthEstate,
  version: ModelVersion,
  drivers: DriverTotals,
): MonthAllocation {
  const emissions = clusterEmissions(estate);
  const weights = clusterWeights(estate, version);
  const served = serving(estate, version, { emissions: emissions.kg, weights, drivers });
  const clusters = served.clusterIds.map((clusterId): ServingCluster => {
    const kg = served.kg.get(clusterId) ?? ZERO;
    const weight = weights.get(clusterId);
    if (weight === undefined) throw new Error(`no weights for cluster ${clusterId}`);
    const part = {
      clusterId,
      serviceKg: serviceKgOf(weight, kg),
      drivers: drivers.get(clusterId) ?? new Map(),
    };
    return { clusterId, kg, weight, services: shareServices(part, estate.services, version) };
  });
  const shares = clusters.flatMap(({ services }) => services.shares);
  assertFinite(estate, shares);
  const { racks, ...byServices } = retainedIn(clusters);
  return {
    emissions,
    weights,
    serving: served,
    shares,
    unclaimed: clusters.flatMap(({ clusterId, services }) =>
      services.unclaimed.map((productCode) => ({ clusterId, productCode })),
    ),
    steps: stepsBeforeAccounts(emissions, served, clusters, add(racks.unused, racks.overhead)),
    retained: {
      retained_internal: byServices.internal,
      retained_unused: racks.unused,
      retained_overhead: add(served.retainedKg, racks.overhead),
      retained_unclaimed: byServices.unclaimed,
    },
  };
}

interface RetainedInClusters {
  readonly racks: { readonly unused: KgByCategory; readonly overhead: KgByCategory };
  readonly internal: KgByCategory;
  readonly unclaimed: KgByCategory;
}

/** Emissions of serving clusters that stay with the operator. */
function retainedIn(clusters: readonly ServingCluster[]): RetainedInClusters {
  const over = (part: (cluster: ServingCluster) => KgByCategory): KgByCategory =>
    sumByCategory(clusters.map(part));
  return {
    racks: {
      unused: over(({ kg, weight }) => scale(kg, weight.racks.unused)),
      overhead: over(({ kg, weight }) => scale(kg, weight.racks.overhead)),
    },
    internal: over(({ services }) => sumByCategory(services.shares.map((share) => share.internalKg))),
    unclaimed: over(({ services }) => services.retainedUnclaimedKg),
  };
}

/** Numbers beyond the range of a double, such as after a factor of 1e300, are not emissions. */
function assertFinite({ month }: MonthEstate, shares: readonly ServiceShare[]): void {
  for (const { clusterId, productCode, kg, driver } of shares) {
    if (CATEGORIES.every((category) => Number.isFinite(kg[category] / driver))) continue;
    throw new MethodError(
      `${productCode} in ${clusterId} comes to more than a number can hold in ${month}: look for an input that is far too large or too small`,
    );
  }
}

interface ServingCluster {
  readonly clusterId: string;
  readonly kg: KgByCategory;
  readonly weight: ClusterWeights;
  readonly services: ReturnType<typeof shareServices>;
}

function stepsBeforeAccounts(
  emissions: ClusterEmissions,
  served: Serving,
  clusters: readonly ServingCluster[],
  retainedByRacks: KgByCategory,
): StepBalance[] {
  const emitted = sumByCategory([...emissions.kg.values()]);
  const toRacks = sumByCategory(clusters.map(({ kg }) => kg));
  // Given totals of services passed no racks and no dependencies: they go through unchanged.
  const passed = (part: (weight: ClusterWeights) => ReadonlyMap<string, number>): KgByCategory =>
    sumByCategory(
      clusters.map(({ kg, weight }) => (weight.given === undefined ? scale(kg, total(part(weight))) : kg)),
    );
  const toServices = passed((weight) => weight.racks.direct);
  const leftByServices = passed((weight) => weight.weight);
  return [
    balance('clusters', emitted, toRacks, served.retainedKg),
    balance('racks', toRacks, toServices, retainedByRacks),
    balance('services', toServices, leftByServices, ZERO),
  ];
}

/**
 * Returns the ledger of the month, from the allocation and the sums of the written file.
 *
 * @param exportedKg kgCO2e summed over the export's rows
 */
export function monthLedger(allocation: MonthAllocation, exportedKg: KgByCategory): Ledger {
  const [clusters, , services] = allocation.steps;
  if (clusters === undefined || services === undefined) throw new Error('the allocation has no steps');
  const { retained } = allocation;
  const stays = add(retained.retained_internal, retained.retained_unclaimed);
  return closeLedger(clusters.in, exportedKg, retained, [
    ...allocation.steps,
    balance('accounts', services.out, exportedKg, stays),
  ]);
}

function total(parts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const part of parts.values()) sum += part;
  return sum;
}
