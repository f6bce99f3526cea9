import { groupBy } from '../base/group';
import { add, type KgByCategory, CATEGORIES, scale, sumByCategory, ZERO } from './categories';
import { activityEmissions, type ClusterEmissions, clusterEmissions } from './cluster-emissions';
import { type ClusterWeights, clusterWeights, type RackFlow, rackFlow, serviceKgOf } from './cluster-weights';
import type { DriverTotals } from './drivers';
import { inServiceKg, rackLevelParts } from './embodied';
import { balance, closeLedger, type Ledger, type StepBalance } from './ledger';
import { MethodError } from './method-error';
import type { ModelVersion } from './model-version';
import type { MonthEstate } from './month-estate';
import { type ServiceShare, shareServices } from './service-shares';
import { type Serving, serving, servingClusters } from './serving';

/** A month's calculation without its rows: the emissions of each service of each serving cluster, and their driver. */
export interface MonthAllocation {
  readonly emissions: ClusterEmissions;
  readonly weights: ReadonlyMap<string, ClusterWeights>;
  readonly serving: Serving;
  /** By serving cluster, the racks' own embodied carbon on its way through the services. */
  readonly rackFlows: ReadonlyMap<string, RackFlow>;
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
  const activity = activityEmissions(estate);
  const weights = clusterWeights(estate, version);
  const servingIds = servingClusters(estate, version, { weights, drivers });
  const rackLevel = rackLevelParts(activity.embodied, estate, servingIds);
  const emissions = clusterEmissions(activity, rackLevel);
  const served = serving(estate, version, servingIds, { emissions: emissions.clusterLevelKg, weights });
  const clusters = allocateClusters(estate, version, { drivers, weights, rackLevel, served });
  const shares = clusters.flatMap(({ services }) => services.shares);
  assertFinite(estate, shares);
  const { racks, ...byServices } = retainedIn(clusters);
  return {
    emissions,
    weights,
    serving: served,
    rackFlows: new Map(clusters.map(({ clusterId, flow }) => [clusterId, flow])),
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

/** What the serving clusters' emissions are divided by. */
interface ClusterInputs {
  readonly drivers: DriverTotals;
  readonly weights: ReadonlyMap<string, ClusterWeights>;
  readonly rackLevel: ReturnType<typeof rackLevelParts>;
  readonly served: Serving;
}

/** Steps 3 to 5 of each serving cluster. */
function allocateClusters(
  estate: MonthEstate,
  version: ModelVersion,
  { drivers, weights, rackLevel, served }: ClusterInputs,
): ServingCluster[] {
  const useByRack = groupBy(estate.rackUse, ({ rackId }) => rackId);
  return served.clusterIds.map((clusterId) => {
    const kg = served.kg.get(clusterId) ?? ZERO;
    const weight = weights.get(clusterId);
    if (weight === undefined) throw new Error(`no weights for cluster ${clusterId}`);
    const ofRacks = rackLevel.get(clusterId) ?? [];
    const flow = rackFlow(weight, ofRacks, useByRack);
    const part = {
      ...{ clusterId, weight: weight.weight, serviceKg: serviceKgOf(weight, kg, flow) },
      drivers: drivers.get(clusterId) ?? new Map(),
    };
    const services = shareServices(part, estate.services, version);
    return { clusterId, kg, rackKg: inServiceKg(ofRacks), weight, flow, services };
  });
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
  /** E'(c,k), kgCO2e. */
  readonly kg: KgByCategory;
  /** Embodied carbon that stays with the cluster's racks, kgCO2e. */
  readonly rackKg: KgByCategory;
  readonly weight: ClusterWeights;
  readonly flow: RackFlow;
  readonly services: ReturnType<typeof shareServices>;
}

function stepsBeforeAccounts(
  emissions: ClusterEmissions,
  served: Serving,
  clusters: readonly ServingCluster[],
  retainedByRacks: KgByCategory,
): StepBalance[] {
  const emitted = sumByCategory([...emissions.kg.values()]);
  const toRacks = sumByCategory(clusters.map(({ kg, rackKg }) => add(kg, rackKg)));
  // Given totals of services passed no racks and no dependencies: they go through unchanged.
  const passed = (
    part: (weight: ClusterWeights) => ReadonlyMap<string, number>,
    ofRacks: (flow: RackFlow) => ReadonlyMap<string, KgByCategory>,
  ): KgByCategory =>
    sumByCategory(
      clusters.map(({ kg, weight, flow }) => {
        if (weight.given !== undefined) return kg;
        return add(scale(kg, total(part(weight))), sumByCategory([...ofRacks(flow).values()]));
      }),
    );
  const toServices = passed(
    (weight) => weight.racks.direct,
    ({ direct }) => direct,
  );
  const leftByServices = passed(
    (weight) => weight.weight,
    ({ left }) => left,
  );
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
