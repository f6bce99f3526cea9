import { defined } from '../base/defined';
import { groupBy } from '../base/group';
import { asKg } from '../base/mass';
import { countedDays } from './amortisation';
import { type KgByCategory, type Category, sumByCategory, ZERO } from './categories';
import type { EmbodiedItem, MonthEstate, Rack } from './month-estate';

/** What one rack or asset books in the month, kgCO2e. */
export interface EmbodiedPart {
  readonly item: EmbodiedItem;
  /** Where it counts: the cluster of the month's racks/, else the item's. */
  readonly clusterId: string;
  /** The rack as the month's racks/ has it; absent for assets and stranded racks. */
  readonly rack?: Rack;
  /** Of the days in service. */
  readonly inService: KgByCategory;
  /** Of the days after an early retirement: of the cluster, whatever services still use. */
  readonly afterRetirement: KgByCategory;
}

/** Embodied carbon of a month. */
export interface MonthEmbodied {
  /** In clusters without given totals, ordered by kind and id; without items that book nothing. */
  readonly parts: readonly EmbodiedPart[];
  /** In clusters with given totals, which have no Scope 3 but their columns. */
  readonly leftOut: readonly EmbodiedPart[];
  /** Racks of the month in clusters without given totals: all, and those without a row of rack_embodied. */
  readonly racks: readonly Rack[];
  readonly racksWithoutRow: readonly Rack[];
}

/** Returns what racks and assets book in the month . */
export function embodiedOf({ month, racks, givenTotals, scope3 }: MonthEstate): MonthEmbodied {
  const given = new Set(givenTotals.map(({ clusterId }) => clusterId));
  const rackOf = new Map(racks.map((rack) => [rack.rackId, rack]));
  const { embodied = [], earlyRetirement = 'continue' } = scope3 ?? {};
  const parts = embodied.flatMap((item): EmbodiedPart[] => {
    const { inService, afterRetirement, ofLife } = countedDays(item, month, earlyRetirement);
    if (inService === 0 && afterRetirement === 0) return [];
    const rack = item.kind === 'rack' ? rackOf.get(item.id) : undefined;
    return [
      {
        item,
        clusterId: rack?.clusterId ?? item.clusterId,
        ...defined({ rack }),
        inService: booked(item, inService, ofLife),
        afterRetirement: booked(item, afterRetirement, ofLife),
      },
    ];
  });
  const isGiven = ({ clusterId }: { readonly clusterId: string }): boolean => given.has(clusterId);
  const withRow = new Set(embodied.flatMap(({ kind, id }) => (kind === 'rack' ? [id] : [])));
  const counted = racks.filter((rack) => !isGiven(rack));
  return {
    parts: parts.filter((part) => !isGiven(part)),
    leftOut: parts.filter(isGiven),
    racks: counted,
    racksWithoutRow: counted.filter(({ rackId }) => !withRow.has(rackId)),
  };
}

function booked({ kind, embodiedKg, transportKg }: EmbodiedItem, days: number, ofLife: number): KgByCategory {
  const kg = asKg((embodiedKg * days) / ofLife);
  const part = { ...ZERO, s3_transport: asKg((transportKg * days) / ofLife) };
  return kind === 'rack' ? { ...part, s3_hardware: kg } : { ...part, s3_buildings: kg };
}

/** Racks whose embodied carbon stays with the services that use them, by cluster. */
export type RackLevel = ReadonlyMap<string, readonly EmbodiedPart[]>;

/**
 * Returns the parts that stay with their racks: of server racks that a service used, in clusters that serve (AWS: "the
 * server racks' amortized embodied carbon associated with each rack").
 *
 * @param serving cluster_ids that serve
 */
export function rackLevelParts(
  { parts }: MonthEmbodied,
  { rackUse }: MonthEstate,
  serving: readonly string[],
): RackLevel {
  const used = new Set(rackUse.flatMap(({ rackId, share }) => (share > 0 ? [rackId] : [])));
  return groupBy(
    parts.filter(
      ({ clusterId, rack }) =>
        rack?.kind === 'server' && used.has(rack.rackId) && serving.includes(clusterId),
    ),
    ({ clusterId }) => clusterId,
  );
}

/** Returns what racks book in service, kgCO2e. */
export function inServiceKg(parts: readonly EmbodiedPart[]): KgByCategory {
  return parts.length === 0 ? ZERO : sumByCategory(parts.map(({ inService }) => inService));
}

/** Categories that stay with single racks. */
export const RACK_CATEGORIES: readonly Category[] = ['s3_hardware', 's3_transport'];
