import { ASSUMED_PUE, EDGES, type RegionFact, REGIONS } from './facts';
import { monthIndex, monthOf } from './months';
import { RandomStream } from './random';
import type { GridReference, Reference } from './reference';

/** A data centre of a cluster. */
export interface Site {
  readonly siteId: string;
  readonly gridId: string;
  /** Share of the cluster's energy and fuel, 0 to 1; the sites of a cluster add up to 1. */
  readonly share: number;
}

/** A Region or an edge cluster of the sample. */
export interface Cluster {
  readonly clusterId: string;
  readonly kind: 'region' | 'edge';
  readonly regionCode: string;
  readonly location: string;
  /** YYYY-MM-DD, or blank for one that was always open. */
  readonly openedOn: string;
  /** Month index from which customers use it; 0 for one that was always open. */
  readonly firstUse: number;
  /** Month index from which it has racks; they are installed over the months before it opens. */
  readonly firstRacks: number;
  /** 0 (smallest) to 1 (largest). */
  readonly size: number;
  /** Power usage effectiveness, energy of the site by energy of the racks. */
  readonly pue: number;
  /** Whether AWS published {@link Cluster.pue} for it. */
  readonly puePublished: boolean;
  /** In the southern hemisphere, where cooling peaks in January. */
  readonly southern: boolean;
  readonly sites: readonly Site[];
}

/** Months over which a new cluster's racks are installed before it opens. */
export const FITTING_MONTHS = 5;

/** The kgCO2e per kWh and the grid of a Region, its own or the one it takes. */
function gridOfRegion(reference: Reference, code: string): GridReference {
  const fact = REGIONS.find((region) => region.code === code);
  const grid = reference.grids.get(fact?.gridOf ?? code);
  if (grid === undefined) throw new Error(`sample: no grid factor for Region ${code}`);
  return grid;
}

function makeSites(seed: number, clusterId: string, gridIds: readonly string[]): Site[] {
  const stream = new RandomStream(seed, 'sites', clusterId);
  const weights = gridIds.map(() => stream.between(0.6, 1.4));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return gridIds.map((gridId, i) => ({
    siteId: `${clusterId}-s${i + 1}`,
    gridId,
    share: (weights[i] ?? 0) / total,
  }));
}

function makeRegion(reference: Reference, seed: number, fact: RegionFact): Cluster {
  const published = reference.regions.get(fact.code);
  const gridId = gridOfRegion(reference, fact.code).gridId;
  const opened = fact.openedOn ?? '';
  return {
    clusterId: fact.code,
    kind: 'region',
    regionCode: fact.code,
    location: published?.location ?? fact.code,
    openedOn: opened,
    firstUse: fact.firstUse === undefined ? 0 : monthIndex(fact.firstUse),
    firstRacks: opened === '' ? 0 : monthIndex(opened) - FITTING_MONTHS,
    size: fact.size,
    pue: published?.pue ?? ASSUMED_PUE.region,
    puePublished: published?.pue !== undefined,
    southern: fact.southern ?? false,
    sites: makeSites(seed, fact.code, Array<string>(fact.size >= 0.5 ? 3 : 2).fill(gridId)),
  };
}

/** A Region beyond the real ones: its name says that it is made up, and it borrows the grid of a real one. */
function makeMadeUpRegion(reference: Reference, seed: number, index: number): Cluster {
  const code = `zz-made-${String(index + 1).padStart(3, '0')}`;
  const like = REGIONS[index % REGIONS.length]?.code ?? '';
  const gridId = gridOfRegion(reference, like).gridId;
  return {
    clusterId: code,
    kind: 'region',
    regionCode: code,
    location: `Made-up Region ${index + 1}`,
    openedOn: '',
    firstUse: 0,
    firstRacks: 0,
    size: 0.1 + 0.1 * (index % 5),
    pue: ASSUMED_PUE.region,
    puePublished: false,
    southern: false,
    sites: makeSites(seed, code, [gridId, gridId]),
  };
}

/**
 * The clusters of the sample: real Regions in the order of {@link REGIONS}, made-up ones beyond, then the edge clusters.
 *
 * @param reference names, PUE and grids
 * @param seed the sample's seed
 * @param regions how many Regions
 * @returns the clusters, in the order of clusters.csv
 */
export function makeClusters(reference: Reference, seed: number, regions: number): Cluster[] {
  const clusters: Cluster[] = [];
  for (let i = 0; i < regions; i++) {
    const fact = REGIONS[i];
    clusters.push(
      fact === undefined ? makeMadeUpRegion(reference, seed, i) : makeRegion(reference, seed, fact),
    );
  }
  for (const edge of EDGES) {
    const gridIds = edge.gridsOf.map((code) => gridOfRegion(reference, code).gridId);
    clusters.push({
      clusterId: edge.id,
      kind: 'edge',
      regionCode: 'global',
      location: 'Global',
      openedOn: '',
      firstUse: 0,
      firstRacks: 0,
      size: edge.size,
      pue: ASSUMED_PUE.edge,
      puePublished: false,
      southern: false,
      sites: makeSites(seed, edge.id, gridIds),
    });
  }
  return clusters;
}

/**
 * @param cluster a cluster
 * @param month month index
 * @returns whether it has opened by the last day of the month
 */
export function isOpen(cluster: Cluster, month: number): boolean {
  return cluster.openedOn === '' || monthOf(month) >= cluster.openedOn.slice(0, 7);
}
