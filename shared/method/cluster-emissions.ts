import { asKg, type Kg } from '../base/mass';
import { type Category, type KgByCategory, ZERO } from './categories';
import type { MonthEstate } from './month-estate';
import { type ScopeOne, scopeOne } from './scope-1';
import { type GridScopeTwo, scopeTwoByGrid } from './scope-2';

/** Step 1 of the method: the emissions of every cluster in the month, and their parts. */
export interface ClusterEmissions {
  /** E(c,k), kgCO2e, for every cluster of the estate. */
  readonly kg: ReadonlyMap<string, KgByCategory>;
  readonly scopeOnes: readonly ScopeOne[];
  readonly grids: readonly GridScopeTwo[];
}

/**
 * Emissions of every cluster, kgCO2e: Scope 1 of its sites' fuel, and Scope 2 of its sites' energy, each grid's kg
 * spread over the grid's sites by energy. Given totals replace those of a cluster.
 *
 * @throws MethodError naming grid and year where energy has no factor
 */
export function clusterEmissions(estate: MonthEstate): ClusterEmissions {
  const scopeOnes = estate.fuelRecords.map((record) => scopeOne(record, estate.month));
  const grids = scopeTwoByGrid(estate);
  const clusterOfSite = new Map(estate.sites.map(({ siteId, clusterId }) => [siteId, clusterId]));
  const kg = new Map(
    estate.clusters.map(({ clusterId }): [string, Record<Category, Kg>] => [clusterId, { ...ZERO }]),
  );
  const add = (clusterId: string, category: Category, part: number): void => {
    const total = entryOf(kg, clusterId);
    total[category] = asKg(total[category] + part);
  };
  for (const { clusterId, kg: scopeOneKg } of scopeOnes) add(clusterId, 'scope_1', scopeOneKg);
  for (const grid of grids) {
    for (const [siteId, mwh] of grid.siteMwh) {
      const clusterId = clusterOfSite.get(siteId) ?? '';
      const share = mwh / grid.loadMwh;
      add(clusterId, 'scope_2_lbm', grid.locationBasedKg * share);
      add(clusterId, 'scope_2_mbm', grid.marketBasedKg * share);
    }
  }
  for (const { clusterId, kg: given } of estate.givenTotals) Object.assign(entryOf(kg, clusterId), given);
  return { kg, scopeOnes, grids };
}

function entryOf<T>(totals: ReadonlyMap<string, T>, clusterId: string): T {
  const total = totals.get(clusterId);
  if (total === undefined) throw new Error(`cluster ${clusterId} is not in the estate`);
  return total;
}
