import { lastDay } from './calendar';
import { BASE_CATEGORIES, CATEGORIES, type Category, type PerCategory, perCategory } from './categories';
import type { ExactMonth, Row } from './estate-tables';
import { decimal, type Fraction, isPositive, isZero, sum, ZERO } from './rational';
import type { ServiceEmissions } from './step-4-services';
import { type Drivers, driverTotal } from './step-5-drivers';
import { givenServices } from './totals-from-elsewhere';

/** The result of step 2: the serving clusters, and the emissions of each. */
export type Serving = {
  /** Per serving cluster E'(c,k) in kg. */
  readonly emissions: ReadonlyMap<string, PerCategory>;
  /** Emissions retained by clusters that do not serve, in kg; 0 in v2. */
  readonly overhead: PerCategory;
};

/** What decides which clusters serve. */
export type ServingInputs = {
  readonly drivers: Drivers;
  /** W(c,s) by cluster: what its services get of 1 kg. */
  readonly weights: ReadonlyMap<string, ServiceEmissions>;
};

/** Step 2, first half: the clusters that serve. Embodied carbon opens none. */
export function servingIds(at: ExactMonth, inputs: ServingInputs): string[] {
  return at.tables.clusters
    .filter((cluster) => serves(at, cluster, inputs))
    .map((cluster) => cluster.cluster_id);
}

/**
 * Step 2, second half. Version 2 pools the emissions of clusters that do not serve and adds them to the serving ones by total rack
 * power; version 1 retains them.
 *
 * @param emitted E(c,k) of every cluster, in kg, without what stays with single racks
 * @throws Error when there are emissions and no cluster can take them
 */
export function serving(
  at: ExactMonth,
  serverIds: readonly string[],
  emitted: ReadonlyMap<string, PerCategory>,
): Serving {
  const pool = perCategory((category) =>
    sum([...emitted].map(([id, kg]) => (serverIds.includes(id) ? ZERO : kg[category]))),
  );
  if (serverIds.length === 0) refuseEmissions(at.month, pool);
  if (at.version === 'v1.0.0') {
    return { emissions: new Map([...emitted].filter(([id]) => serverIds.includes(id))), overhead: pool };
  }
  return { emissions: withPool(at, serverIds, emitted, pool), overhead: perCategory(() => ZERO) };
}

/** Open by the month's last day, with at least one service that has both a weight and a driver. */
function serves(
  { tables, month, version }: ExactMonth,
  cluster: Row<'clusters'>,
  { drivers, weights }: ServingInputs,
): boolean {
  // Dates as YYYY-MM-DD compare as text.
  if (cluster.opened_on !== '' && cluster.opened_on > lastDay(month)) return false;
  const isDriven = (code: string): boolean => isPositive(driverTotal(drivers, cluster.cluster_id, code));
  const given = givenServices(tables, month, cluster.cluster_id, version);
  if (given !== undefined) {
    return [...given].some(
      ([code, kg]) => BASE_CATEGORIES.some((category) => isPositive(kg[category])) && isDriven(code),
    );
  }
  return [...(weights.get(cluster.cluster_id)?.services ?? [])].some(
    ([code, weight]) => isPositive(weight) && isDriven(code),
  );
}

/** Emissions of the serving clusters, each with its part of the pool by rack power. */
function withPool(
  at: ExactMonth,
  serverIds: readonly string[],
  emitted: ReadonlyMap<string, PerCategory>,
  pool: PerCategory,
): Map<string, PerCategory> {
  const total = sum(serverIds.map((id) => rackPower(at, id)));
  if (isZero(total)) refusePool(at.month, pool);
  const emissionsOf = (id: string): PerCategory => {
    const share = isZero(total) ? ZERO : rackPower(at, id).div(total);
    const own = (category: Category): Fraction => emitted.get(id)?.[category] ?? ZERO;
    return perCategory((category) => own(category).add(pool[category].mul(share)));
  };
  return new Map(serverIds.map((id) => [id, emissionsOf(id)]));
}

/** P(c) in kW: server and overhead racks; 0 for a cluster whose services' totals are given. */
function rackPower({ tables, month, version }: ExactMonth, clusterId: string): Fraction {
  if (givenServices(tables, month, clusterId, version) !== undefined) return ZERO;
  const racks = (tables.racks[month] ?? []).filter((rack) => rack.cluster_id === clusterId);
  return sum(racks.map((rack) => decimal(rack.power_kw)));
}

function refusePool(month: string, pool: PerCategory): void {
  if (CATEGORIES.some((category) => isPositive(pool[category]))) {
    throw new Error(
      `${month}: found emissions of clusters that do not serve, and no serving cluster has racks`,
    );
  }
}

function refuseEmissions(month: string, pool: PerCategory): void {
  if (CATEGORIES.some((category) => isPositive(pool[category]))) {
    throw new Error(`${month}: found emissions, and no cluster serves`);
  }
}
