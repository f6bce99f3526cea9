import { add, type ByCategory, CATEGORIES, scale, sumByCategory, ZERO } from './categories';
import { type ClusterEmissions, clusterEmissions } from './cluster-emissions';
import { type ClusterWeights, clusterWeights, serviceKgOf } from './cluster-weights';
import type { DriverTotals } from './drivers';
import { balance, closeLedger, type Ledger, type StepBalance } from './ledger';
import { MethodError } from './method-error';
import type { ModelVersion } from './model-version';
import type { MonthEstate } from './month-estate';
import { type ServiceShare, shareServices } from './service-shares';
import { type Serving, serving } from './serving';

/** Everything of a month's calculation but the rows: what each service of each serving cluster holds per unit of driver. */
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
 * Steps 1 to 5 of method.md, up to the division among accounts.
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
  const served = serving(estate, version, emissions.kg, weights, drivers);
  const clusters = served.clusterIds.map((clusterId) => {
    const kg = served.kg.get(clusterId) ?? ZERO;
    const clusterWeight = weights.get(clusterId);
    if (clusterWeight === undefined) throw new Error(`no weights for cluster ${clusterId}`);
    const serviceKg = serviceKgOf(clusterWeight, kg);
    const clusterDrivers = drivers.get(clusterId) ?? new Map();
    const services = shareServices(clusterId, serviceKg, clusterDrivers, estate.services, version);
    return { clusterId, kg, weight: clusterWeight, services };
  });
  const over = (part: (cluster: ClusterPart) => ByCategory): ByCategory => sumByCategory(clusters.map(part));
  const unused = over(({ kg, weight }) => scale(kg, weight.racks.unused));
  const overheadRacks = over(({ kg, weight }) => scale(kg, weight.racks.overhead));
  assertFinite(
    estate,
    clusters.flatMap(({ services }) => services.shares),
  );
  const internal = over(({ services }) => sumByCategory(services.shares.map((share) => share.internalKg)));
  const unclaimed = over(({ services }) => services.retainedUnclaimedKg);
  return {
    emissions,
    weights,
    serving: served,
    shares: clusters.flatMap(({ services }) => services.shares),
    unclaimed: clusters.flatMap(({ clusterId, services }) =>
      services.unclaimed.map((productCode) => ({ clusterId, productCode })),
    ),
    steps: stepsBeforeAccounts(emissions, served, clusters, add(unused, overheadRacks)),
    retained: {
      retained_internal: internal,
      retained_unused: unused,
      retained_overhead: add(served.retainedKg, overheadRacks),
      retained_unclaimed: unclaimed,
    },
  };
}

/** Numbers beyond what a double holds, such as a factor of 1e300, are no emissions. */
function assertFinite({ month }: MonthEstate, shares: readonly ServiceShare[]): void {
  for (const { clusterId, productCode, kg, driver } of shares) {
    if (CATEGORIES.every((category) => Number.isFinite(kg[category] / driver))) continue;
    throw new MethodError(
      `${productCode} in ${clusterId} comes to more than a number can hold in ${month}: look for an input that is far too large or too small`,
    );
  }
}

interface ClusterPart {
  readonly kg: ByCategory;
  readonly weight: ClusterWeights;
  readonly services: ReturnType<typeof shareServices>;
}

function stepsBeforeAccounts(
  emissions: ClusterEmissions,
  served: Serving,
  clusters: readonly ClusterPart[],
  retainedByRacks: ByCategory,
): StepBalance[] {
  const emitted = sumByCategory([...emissions.kg.values()]);
  const toRacks = sumByCategory(clusters.map(({ kg }) => kg));
  // Given totals of services passed no racks and no dependencies of ours: they go through whole.
  const passed = (part: (weight: ClusterWeights) => ReadonlyMap<string, number>): ByCategory =>
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
 * The ledger of the month, from the allocation and from what was really written.
 *
 * @param exportedKg kgCO2e summed over the export's rows
 */
export function monthLedger(allocation: MonthAllocation, exportedKg: ByCategory): Ledger {
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
