import { asKg, type Kg } from '../base/mass';
import { add, type Category, type KgByCategory, ZERO } from './categories';
import { embodiedOf, inServiceKg, type MonthEmbodied, type RackLevel } from './embodied';
import { feraByGrid, type GridFera } from './fera';
import type { MonthEstate } from './month-estate';
import { type ScopeOne, scopeOne } from './scope-1';
import { type GridScopeTwo, scopeTwoByGrid } from './scope-2';

/** Step 1 of the method: the emissions of every cluster in the month but for its racks' embodied carbon, and their parts. */
export interface ActivityEmissions {
  /** kgCO2e, for every cluster of the estate. */
  readonly kg: ReadonlyMap<string, KgByCategory>;
  readonly scopeOnes: readonly ScopeOne[];
  readonly grids: readonly GridScopeTwo[];
  /** Empty where the version has no Scope 3 or the estate no fera_factors. */
  readonly feras: readonly GridFera[];
  readonly embodied: MonthEmbodied;
}

/** Step 1 with the embodied carbon, which falls on racks or on clusters depending on which clusters serve. */
export interface ClusterEmissions extends ActivityEmissions {
  /** All emissions of every cluster, kgCO2e. */
  readonly kg: ReadonlyMap<string, KgByCategory>;
  /** E(c,k): the part that is not of single racks, kgCO2e. */
  readonly clusterLevelKg: ReadonlyMap<string, KgByCategory>;
  readonly rackLevel: RackLevel;
}

/**
 * Emissions of every cluster, kgCO2e: Scope 1 of its sites' fuel, and Scope 2 of its sites' energy with its fuel- and
 * energy-related activities, each grid's kg spread over the grid's sites by energy. Given totals replace those of a cluster.
 *
 * @throws MethodError naming grid and year where energy has no factor
 */
export function activityEmissions(estate: MonthEstate): ActivityEmissions {
  const scopeOnes = estate.fuelRecords.map((record) => scopeOne(record, estate.month));
  const grids = scopeTwoByGrid(estate);
  const feras = feraByGrid(estate, grids);
  const clusterOfSite = new Map(estate.sites.map(({ siteId, clusterId }) => [siteId, clusterId]));
  const kg = new Map(
    estate.clusters.map(({ clusterId }): [string, Record<Category, Kg>] => [clusterId, { ...ZERO }]),
  );
  const addPart = (clusterId: string, category: Category, part: number): void => {
    const total = entryOf(kg, clusterId);
    total[category] = asKg(total[category] + part);
  };
  for (const { clusterId, kg: scopeOneKg, upstreamKg } of scopeOnes) {
    addPart(clusterId, 'scope_1', scopeOneKg);
    if (estate.scope3 === undefined) continue;
    addPart(clusterId, 's3_fera_lbm', upstreamKg);
    addPart(clusterId, 's3_fera_mbm', upstreamKg);
  }
  for (const grid of grids) {
    const fera = feras.find(({ gridId }) => gridId === grid.gridId);
    for (const [siteId, mwh] of grid.siteMwh) {
      const clusterId = clusterOfSite.get(siteId) ?? '';
      const share = mwh / grid.loadMwh;
      addPart(clusterId, 'scope_2_lbm', grid.locationBasedKg * share);
      addPart(clusterId, 'scope_2_mbm', grid.marketBasedKg * share);
      if (fera === undefined) continue;
      addPart(clusterId, 's3_fera_lbm', fera.locationBasedKg * share);
      addPart(clusterId, 's3_fera_mbm', fera.marketBasedKg * share);
    }
  }
  for (const { clusterId, kg: given } of estate.givenTotals) Object.assign(entryOf(kg, clusterId), given);
  return { kg, scopeOnes, grids, feras, embodied: embodiedOf(estate) };
}

/**
 * Adds the embodied carbon: of racks in `rackLevel` what they book in service stays with them, everything else is of the
 * cluster.
 */
export function clusterEmissions(activity: ActivityEmissions, rackLevel: RackLevel): ClusterEmissions {
  const ofRacks = new Set([...rackLevel.values()].flat());
  const clusterLevelKg = new Map(activity.kg);
  for (const part of activity.embodied.parts) {
    const kg = ofRacks.has(part) ? part.afterRetirement : add(part.inService, part.afterRetirement);
    clusterLevelKg.set(part.clusterId, add(entryOf(clusterLevelKg, part.clusterId), kg));
  }
  const kg = new Map(
    [...clusterLevelKg].map(([clusterId, level]) => {
      const parts = rackLevel.get(clusterId);
      return [clusterId, parts === undefined ? level : add(level, inServiceKg(parts))];
    }),
  );
  return { ...activity, kg, clusterLevelKg, rackLevel };
}

function entryOf<T>(totals: ReadonlyMap<string, T>, clusterId: string): T {
  const total = totals.get(clusterId);
  if (total === undefined) throw new Error(`cluster ${clusterId} is not in the estate`);
  return total;
}
