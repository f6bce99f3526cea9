import type { ExactMonth, MethodTables } from './estate-tables';
import { addTo, decimal, type Fraction, isZero, ONE, sum, ZERO } from './rational';
import { clusterToRacks } from './step-3-racks';
import { leftForAccounts } from './step-4-dependencies';

/** One cluster's emission after steps 3 and 4, in kg. */
export type ServiceEmissions = {
  /** n(c,s): emissions for the accounts of each service, by product_code. */
  readonly services: ReadonlyMap<string, Fraction>;
  /** Emissions of the unused part of server racks; 0 in v2. */
  readonly unused: Fraction;
  /** Emissions of overhead racks; 0 in v2. */
  readonly overhead: Fraction;
};

/** Steps 3 and 4: divides a cluster's emission in kg over its racks and over the services that use each other. */
export function clusterToServices(at: ExactMonth, clusterId: string, emission: Fraction): ServiceEmissions {
  const { tables, month, version } = at;
  const { racks, overhead } = clusterToRacks(at, clusterId, emission);
  const { direct, unused } =
    version === 'v1.0.0' ? byUseOfWhole(tables, month, racks) : byUseOfUsed(tables, month, racks);
  return { services: leftForAccounts(tables, month, clusterId, direct), unused, overhead };
}

/** Multiplies the result for 1 kg by an emission in kg: steps 3 and 4 are linear. */
export function scaled(perKg: ServiceEmissions, emission: Fraction): ServiceEmissions {
  return {
    services: new Map([...perKg.services].map(([code, kg]) => [code, kg.mul(emission)])),
    unused: perKg.unused.mul(emission),
    overhead: perKg.overhead.mul(emission),
  };
}

type Direct = { readonly direct: ReadonlyMap<string, Fraction>; readonly unused: Fraction };

/** v1: each service gets its share of the whole rack; the rest is unused. */
function byUseOfWhole(tables: MethodTables, month: string, racks: ReadonlyMap<string, Fraction>): Direct {
  const direct = new Map<string, Fraction>();
  let unused = ZERO;
  for (const [rackId, emission] of racks) {
    const shares = rackShares(tables, month, rackId);
    for (const [code, share] of shares) addTo(direct, code, emission.mul(share));
    unused = unused.add(emission.mul(ONE.sub(sum(shares.values()))));
  }
  return { direct, unused };
}

/** v2: each service gets its share of the used part; emissions of idle racks are divided like those of the used racks. */
function byUseOfUsed(tables: MethodTables, month: string, racks: ReadonlyMap<string, Fraction>): Direct {
  const direct = new Map<string, Fraction>();
  let idle = ZERO;
  for (const [rackId, emission] of racks) {
    const shares = rackShares(tables, month, rackId);
    const used = sum(shares.values());
    if (isZero(used)) idle = idle.add(emission);
    else for (const [code, share] of shares) addTo(direct, code, emission.mul(share).div(used));
  }
  const total = sum(direct.values());
  // With nothing on used racks there is no proportion to follow: every weight is 0 and the cluster does not serve.
  if (isZero(total)) return { direct, unused: ZERO };
  const factor = ONE.add(idle.div(total));
  return { direct: new Map([...direct].map(([code, kg]) => [code, kg.mul(factor)])), unused: ZERO };
}

/**
 * Step 4, second right-hand side: the embodied carbon of used racks, in kg by rack_id, to the services that used them, and
 * through the services that use each other.
 */
export function racksToServices(
  { tables, month }: ExactMonth,
  clusterId: string,
  racks: ReadonlyMap<string, Fraction>,
): ReadonlyMap<string, Fraction> {
  const direct = new Map<string, Fraction>();
  for (const [rackId, kg] of racks) {
    const shares = rackShares(tables, month, rackId);
    const used = sum(shares.values());
    for (const [code, share] of shares) addTo(direct, code, kg.mul(share).div(used));
  }
  return leftForAccounts(tables, month, clusterId, direct);
}

/** True for a server rack of the month that a service used. */
export function isUsedServer({ tables, month }: ExactMonth, rackId: string): boolean {
  const rack = (tables.racks[month] ?? []).find((row) => row.rack_id === rackId);
  return rack?.kind === 'server' && !isZero(sum(rackShares(tables, month, rackId).values()));
}

/** u(r,s): the share of a rack's resources per product_code, 0 to 1. */
function rackShares(tables: MethodTables, month: string, rackId: string): ReadonlyMap<string, Fraction> {
  const rows = (tables.rack_use[month] ?? []).filter((row) => row.rack_id === rackId);
  return new Map(rows.map((row) => [row.product_code, decimal(row.share)]));
}
