import Big from 'big.js';
import { exactSum } from '../base/exact-sum';
import type { ModelVersion } from './model-version';
import type { Rack, RackUse } from './month-estate';

/** How one kgCO2e of a cluster is divided over its racks (step 3 of the method). */
export interface RackAllocation {
  /** d(c,s) per kg of cluster emission: the part that reaches each service directly. */
  readonly direct: ReadonlyMap<string, number>;
  /** Part that stays with the operator as unused capacity. */
  readonly unused: number;
  /** Part that stays with the operator on overhead racks. */
  readonly overhead: number;
  /** P(c): power of all racks, kW. */
  readonly powerKw: number;
}

/** rack_use rows by rack_id, each rack's in a fixed order. */
export type UseByRack = ReadonlyMap<string, readonly RackUse[]>;

/** What one service takes of one rack. */
export interface RackShare {
  readonly rack: Rack;
  readonly use: RackUse;
  readonly productCode: string;
  /** kg per kg of the cluster's emission. */
  readonly part: number;
}

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
  const servers = serversIn(racks);
  const direct = new Map<string, number>();
  for (const { productCode, part } of rackShares(racks, useByRack, version)) {
    direct.set(productCode, (direct.get(productCode) ?? 0) + part);
  }
  const dividedPower = dividedPowerOf(racks, version);
  const unused =
    version.allocatesUnusedCapacity || dividedPower === 0
      ? 0
      : servers.reduce(
          (sum, rack) => sum + (rack.powerKw / dividedPower) * restOf(usesOf(rack, useByRack)),
          0,
        );
  const overhead =
    version.allocatesOverhead || dividedPower === 0 ? 0 : (powerKw - sumPower(servers)) / powerKw;
  return { direct, unused, overhead, powerKw };
}

/**
 * Returns the part of the racks' power for each service. Where unused capacity is allocated, all of a rack goes to its users
 * by their shares. Idle racks follow in proportion, so the divisor is the power of the used racks. Otherwise a service takes
 * its shares, and the rest of every rack stays with the operator.
 */
export function rackShares(racks: readonly Rack[], useByRack: UseByRack, version: ModelVersion): RackShare[] {
  const servers = serversIn(racks);
  const used = usedIn(servers, useByRack);
  const dividedPower = dividedPowerOf(racks, version);
  const usedPower = sumPower(used);
  if (dividedPower === 0 || usedPower === 0) return [];
  const serverPart = sumPower(servers) / dividedPower;
  return used.flatMap((rack) => {
    const uses = usesOf(rack, useByRack);
    const part = version.allocatesUnusedCapacity
      ? (serverPart * rack.powerKw) / usedPower
      : rack.powerKw / dividedPower;
    const whole = version.allocatesUnusedCapacity ? uses.reduce((sum, { share }) => sum + share, 0) : 1;
    return uses.map((use) => ({
      rack,
      use,
      productCode: use.productCode,
      part: (part * use.share) / whole,
    }));
  });
}

function serversIn(racks: readonly Rack[]): Rack[] {
  return racks.filter(({ kind }) => kind === 'server');
}

function usedIn(servers: readonly Rack[], useByRack: UseByRack): Rack[] {
  return servers.filter((rack) => usesOf(rack, useByRack).some(({ share }) => share > 0));
}

/** Power that the cluster's emission is divided by, kW. */
function dividedPowerOf(racks: readonly Rack[], version: ModelVersion): number {
  return sumPower(version.allocatesOverhead ? serversIn(racks) : racks);
}

function usesOf(rack: Rack, useByRack: UseByRack): readonly RackUse[] {
  return useByRack.get(rack.rackId) ?? [];
}

/** 1 - sum of the shares, over the exact decimals of the inputs. */
function restOf(uses: readonly RackUse[]): number {
  return new Big(1).minus(exactSum(uses.map(({ shareText }) => shareText))).toNumber();
}

function sumPower(racks: readonly Rack[]): number {
  return racks.reduce((sum, { powerKw }) => sum + powerKw, 0);
}
