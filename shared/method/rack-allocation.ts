import Big from 'big.js';
import type { ModelVersion } from './model-version';
import type { Rack, RackUse } from './month-estate';

/** What becomes of one kgCO2e of a cluster on its way over the racks (steps 3 and 4 of method.md). */
export interface RackAllocation {
  /** d(c,s) per kg of cluster emission: the part that reaches each service directly. */
  readonly direct: ReadonlyMap<string, number>;
  /** Part that stays with the operator as unused capacity. */
  readonly unused: number;
  /** Part that stays with the operator on overhead racks. */
  readonly overhead: number;
  /** P(c): power of all racks, kW. */
  readonly powerKw: number;
  /** Server racks that no service used. */
  readonly idleRacks: number;
}

/** rack_use rows by rack_id, each rack's in a fixed order. */
export type UseByRack = ReadonlyMap<string, readonly RackUse[]>;

/**
 * Shares one kg of a cluster's emission over its racks by power draw and on to the services that used them. Where the
 * version allocates overhead, only server racks take part; else overhead racks keep theirs with the operator.
 *
 * @param racks the cluster's racks, in a fixed order
 */
export function rackAllocation(
  racks: readonly Rack[],
  useByRack: UseByRack,
  version: ModelVersion,
): RackAllocation {
  const powerKw = sumPower(racks);
  const servers = racks.filter(({ kind }) => kind === 'server');
  const used = servers.filter((rack) => usesOf(rack, useByRack).some(({ share }) => share > 0));
  const idleRacks = servers.length - used.length;
  const serverPower = sumPower(servers);
  const dividedPower = version.allocatesOverhead ? serverPower : powerKw;
  if (dividedPower === 0) return { direct: new Map(), unused: 0, overhead: 0, powerKw, idleRacks };
  const serverPart = serverPower / dividedPower;
  const overhead = version.allocatesOverhead ? 0 : (powerKw - serverPower) / powerKw;
  const services = version.allocatesUnusedCapacity
    ? toUsersOnly(used, useByRack, serverPart)
    : withUnused(servers, useByRack, dividedPower);
  return { ...services, overhead, powerKw, idleRacks };
}

/**
 * All of a rack goes to its users by their shares. What idle racks draw follows in proportion to d, so the used
 * racks' power is the whole that the servers' part is divided by.
 */
function toUsersOnly(used: readonly Rack[], useByRack: UseByRack, serverPart: number): ToServices {
  const direct = new Map<string, number>();
  const usedPower = sumPower(used);
  if (usedPower === 0) return { direct, unused: 0 };
  for (const rack of used) {
    const uses = usesOf(rack, useByRack);
    const usedShare = uses.reduce((sum, { share }) => sum + share, 0);
    const part = (serverPart * rack.powerKw) / usedPower;
    for (const { productCode, share } of uses) addTo(direct, productCode, (part * share) / usedShare);
  }
  return { direct, unused: 0 };
}

/** Services take what they used; the rest of every rack stays with the operator. */
function withUnused(servers: readonly Rack[], useByRack: UseByRack, dividedPower: number): ToServices {
  const direct = new Map<string, number>();
  let unused = 0;
  for (const rack of servers) {
    const uses = usesOf(rack, useByRack);
    const part = rack.powerKw / dividedPower;
    for (const { productCode, share } of uses) addTo(direct, productCode, part * share);
    unused += part * restOf(uses);
  }
  return { direct, unused };
}

type ToServices = Pick<RackAllocation, 'direct' | 'unused'>;

function usesOf(rack: Rack, useByRack: UseByRack): readonly RackUse[] {
  return useByRack.get(rack.rackId) ?? [];
}

/** 1 - sum of the shares, over the exact decimals of the inputs. */
function restOf(uses: readonly RackUse[]): number {
  return uses.reduce((rest, { shareText }) => rest.minus(shareText), new Big(1)).toNumber();
}

function sumPower(racks: readonly Rack[]): number {
  return racks.reduce((sum, { powerKw }) => sum + powerKw, 0);
}

function addTo(amounts: Map<string, number>, key: string, amount: number): void {
  amounts.set(key, (amounts.get(key) ?? 0) + amount);
}
