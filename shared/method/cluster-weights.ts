import { groupBy } from '../base/group';
import { asKg, type Kg } from '../base/mass';
import {
  add,
  anyPositive,
  BASE_CATEGORIES,
  type KgByCategory,
  byCategory,
  type Category,
  scale,
  ZERO,
} from './categories';
import { type DependencyGraph, dependencyGraph, solveDependencies, usesByProvider } from './dependencies';
import { type EmbodiedPart, RACK_CATEGORIES } from './embodied';
import type { ModelVersion } from './model-version';
import type { GivenService, MonthEstate, RackUse } from './month-estate';
import { type RackAllocation, rackAllocation } from './rack-allocation';

/** Steps 3 and 4 of the method for one cluster and one kgCO2e of its emission. */
export interface ClusterWeights {
  readonly clusterId: string;
  readonly racks: RackAllocation;
  /** A(f,g) of the cluster. */
  readonly graph: DependencyGraph;
  /** x(f): what passes through each service, kg per kg. */
  readonly through: ReadonlyMap<string, number>;
  /** W(c,s): the part of each service that is left for accounts, kg per kg. */
  readonly weight: ReadonlyMap<string, number>;
  /** n(c,s) of a cluster whose services' totals are given, kgCO2e: it has no racks and no weights then. */
  readonly given?: ReadonlyMap<string, KgByCategory>;
}

/** The racks' own embodied carbon on its way through the services, kgCO2e by product_code. */
export interface RackFlow {
  /** d_R(c,s). */
  readonly direct: ReadonlyMap<string, KgByCategory>;
  /** What passes through each service. */
  readonly through: ReadonlyMap<string, KgByCategory>;
  /** R(c,s,k): what is left of each service for accounts. */
  readonly left: ReadonlyMap<string, KgByCategory>;
}

/** n(c,s) of a cluster with E'(c,k), kgCO2e by product_code. */
export function serviceKgOf(
  { given, weight }: ClusterWeights,
  clusterKg: KgByCategory,
  { left }: RackFlow,
): Map<string, KgByCategory> {
  if (given !== undefined) return new Map(given);
  const kg = new Map([...weight].map(([productCode, part]) => [productCode, scale(clusterKg, part)]));
  for (const [productCode, own] of left) kg.set(productCode, add(kg.get(productCode) ?? ZERO, own));
  return kg;
}

/**
 * True when a service of the cluster has something for accounts: W(c,s) > 0, or a given n(c,s) > 0 in Scope 1 or 2. Scope 3
 * opens no cluster.
 */
export function hasEmissions({ given, weight }: ClusterWeights, productCode: string): boolean {
  if (given !== undefined) return anyPositive(given.get(productCode) ?? ZERO, BASE_CATEGORIES);
  return (weight.get(productCode) ?? 0) > 0;
}

/**
 * Returns the service weights of every cluster. They depend on racks and dependencies only, not on emissions.
 *
 * @throws MethodError naming services of a cluster that only ever use each other
 */
export function clusterWeights(estate: MonthEstate, version: ModelVersion): Map<string, ClusterWeights> {
  const racksByCluster = groupBy(estate.racks, ({ clusterId }) => clusterId);
  const useByRack = groupBy(estate.rackUse, ({ rackId }) => rackId);
  const uses = usesByProvider(estate.serviceUse);
  const totals = new Map(estate.givenTotals.map((given) => [given.clusterId, given]));
  return new Map(
    estate.clusters.map(({ clusterId }) => {
      const known = totals.get(clusterId);
      if (known?.by === 'service') return [clusterId, givenWeights(known, version)];
      const racks = rackAllocation(racksByCluster.get(clusterId) ?? [], useByRack, version);
      const graph = dependencyGraph(clusterId, uses);
      const flow = solveDependencies(graph, racks.direct);
      return [clusterId, { clusterId, racks, graph, through: flow.total, weight: flow.left }];
    }),
  );
}

function givenWeights(
  { clusterId, services }: { readonly clusterId: string; readonly services: readonly GivenService[] },
  version: ModelVersion,
): ClusterWeights {
  const none = new Map<string, number>();
  const given = new Map(services.map(({ productCode, kg }) => [productCode, kg]));
  const racks = rackAllocation([], new Map(), version);
  return { clusterId, racks, graph: new Map(), through: none, weight: none, given };
}

const NO_FLOW: RackFlow = { direct: new Map(), through: new Map(), left: new Map() };

/** Returns the second right-hand side of the solve: the embodied carbon of the racks that services used, to these services. */
export function rackFlow(
  { graph }: ClusterWeights,
  parts: readonly EmbodiedPart[],
  useByRack: ReadonlyMap<string, readonly RackUse[]>,
): RackFlow {
  if (parts.length === 0) return NO_FLOW;
  const direct = new Map<string, KgByCategory>();
  for (const { productCode, kg } of rackServiceParts(parts, useByRack)) {
    direct.set(productCode, add(direct.get(productCode) ?? ZERO, kg));
  }
  const flows = RACK_CATEGORIES.map((category) => {
    const ofCategory = new Map([...direct].map(([code, kg]) => [code, kg[category]]));
    return [category, solveDependencies(graph, ofCategory)] as const;
  });
  const codes = [...new Set(flows.flatMap(([, { total }]) => [...total.keys()]))];
  const solved = (side: 'total' | 'left'): Map<string, KgByCategory> => {
    const kgOf = (code: string, category: Category): Kg =>
      asKg(flows.find(([known]) => known === category)?.[1][side].get(code) ?? 0);
    return new Map(codes.map((code) => [code, byCategory((category) => kgOf(code, category))]));
  };
  return { direct, through: solved('total'), left: solved('left') };
}

/** What one service gets of one rack's embodied carbon. */
export interface RackServicePart {
  readonly part: EmbodiedPart;
  readonly use: RackUse;
  readonly productCode: string;
  /** kgCO2e. */
  readonly kg: KgByCategory;
}

/** Returns what racks book in service, divided over the services that used them: H(r) x u(r,s) / sum of u(r,s). */
export function rackServiceParts(
  parts: readonly EmbodiedPart[],
  useByRack: ReadonlyMap<string, readonly RackUse[]>,
): RackServicePart[] {
  return parts.flatMap((part) => {
    const uses = (useByRack.get(part.item.id) ?? []).filter(({ share }) => share > 0);
    const whole = uses.reduce((sum, { share }) => sum + share, 0);
    return uses.map((use) => {
      const kg = scale(part.inService, use.share / whole);
      return { part, use, productCode: use.productCode, kg };
    });
  });
}
