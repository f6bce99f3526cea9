import { lastDay } from './calendar';
import { CATEGORIES, type Category, type ModelVersion, type PerCategory, perCategory } from './categories';
import type { MethodTables, Row } from './estate-tables';
import { decimal, type Fraction, isPositive, isZero, sum, ZERO } from './rational';
import type { ServiceEmissions } from './step-4-services';
import { type Drivers, driverTotal } from './step-5-drivers';
import { givenServices } from './totals-from-elsewhere';

/** What step 2 decides: which clusters serve, and what each of those has to pass on. */
export type Serving = {
  /** Per serving cluster E'(c,k) in kg. */
  readonly emissions: ReadonlyMap<string, PerCategory>;
  /** What clusters that do not serve keep, in kg; 0 in v2. */
  readonly overhead: PerCategory;
};

/**
 * Step 2. v2 pools what clusters emit that do not serve and adds it to the serving ones by total rack power;
 * v1 leaves it where it is.
 *
 * @param weights W(c,s) by cluster: what its services get of 1 kg
 */
export function serving(
  tables: MethodTables,
  month: string,
  version: ModelVersion,
  emitted: ReadonlyMap<string, PerCategory>,
  drivers: Drivers,
  weights: ReadonlyMap<string, ServiceEmissions>,
): Serving {
  const clusters = tables.clusters.filter((cluster) => serves(tables, month, cluster, drivers, weights));
  const serverIds = clusters.map((cluster) => cluster.cluster_id);
  const pool = perCategory((category) =>
    sum([...emitted].map(([id, kg]) => (serverIds.includes(id) ? ZERO : kg[category]))),
  );
  if (serverIds.length === 0) refuseEmissions(month, pool);
  if (version === 'v1.0.0') {
    return { emissions: new Map([...emitted].filter(([id]) => serverIds.includes(id))), overhead: pool };
  }
  return {
    emissions: new Map(serverIds.map((id) => [id, withPool(tables, month, id, serverIds, emitted, pool)])),
    overhead: perCategory(() => ZERO),
  };
}

/** Open by the month's last day, with at least one service that both carries weight and is driven. */
function serves(
  tables: MethodTables,
  month: string,
  cluster: Row<'clusters'>,
  drivers: Drivers,
  weights: ReadonlyMap<string, ServiceEmissions>,
): boolean {
  // Dates as YYYY-MM-DD compare as text.
  if (cluster.opened_on !== '' && cluster.opened_on > lastDay(month)) return false;
  const isDriven = (code: string): boolean => isPositive(driverTotal(drivers, cluster.cluster_id, code));
  const given = givenServices(tables, month, cluster.cluster_id);
  if (given !== undefined) {
    return [...given].some(
      ([code, kg]) => CATEGORIES.some((category) => isPositive(kg[category])) && isDriven(code),
    );
  }
  return [...(weights.get(cluster.cluster_id)?.services ?? [])].some(
    ([code, weight]) => isPositive(weight) && isDriven(code),
  );
}

function withPool(
  tables: MethodTables,
  month: string,
  clusterId: string,
  serverIds: readonly string[],
  emitted: ReadonlyMap<string, PerCategory>,
  pool: PerCategory,
): PerCategory {
  const total = sum(serverIds.map((id) => rackPower(tables, month, id)));
  if (isZero(total)) refusePool(month, pool);
  const share = isZero(total) ? ZERO : rackPower(tables, month, clusterId).div(total);
  const own = (category: Category): Fraction => emitted.get(clusterId)?.[category] ?? ZERO;
  return perCategory((category) => own(category).add(pool[category].mul(share)));
}

/** P(c) in kW: server and overhead racks; none counts of a cluster whose services' totals are given. */
function rackPower(tables: MethodTables, month: string, clusterId: string): Fraction {
  if (givenServices(tables, month, clusterId) !== undefined) return ZERO;
  const racks = (tables.racks[month] ?? []).filter((rack) => rack.cluster_id === clusterId);
  return sum(racks.map((rack) => decimal(rack.power_kw)));
}

function refusePool(month: string, pool: PerCategory): void {
  if (CATEGORIES.some((category) => isPositive(pool[category]))) {
    throw new Error(`there is overhead in ${month}, and no serving cluster has racks`);
  }
}

function refuseEmissions(month: string, pool: PerCategory): void {
  if (CATEGORIES.some((category) => isPositive(pool[category]))) {
    throw new Error(`no cluster serves in ${month}, but there are emissions`);
  }
}
