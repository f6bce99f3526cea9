import { compareText, groupBy } from '../base/group';
import { asKg, type Kg, sumKg } from '../base/mass';
import { daysIn, isMonth, type Month } from '../base/month';
import { MethodError } from './method-error';
import { type Contract, CONTRACT_KINDS, type GridFactor, type MonthEstate } from './month-estate';

const KWH_PER_MWH = 1_000;

/** How one contract was used in the month. */
export interface ContractUse {
  readonly contractId: string;
  readonly period: string;
  /** MWh the contract offers in the month. */
  readonly offeredMwh: number;
  /** MWh of it that covered load; the rest is unused and not carried over. */
  readonly usedMwh: number;
  /** kgCO2e of the covered load. */
  readonly kg: Kg;
}

/** Scope 2 of all sites on one grid in the month. */
export interface GridScopeTwo {
  readonly gridId: string;
  /** Energy of all sites on the grid, MWh. */
  readonly loadMwh: number;
  /** Location-based, kgCO2e. */
  readonly locationBasedKg: Kg;
  /** Market-based, kgCO2e. */
  readonly marketBasedKg: Kg;
  readonly contracts: readonly ContractUse[];
  /** Load that no contract covers, MWh. */
  readonly uncoveredMwh: number;
  /** Energy of each site with load, MWh, in the order of the sites. */
  readonly siteMwh: ReadonlyMap<string, number>;
}

/** What Scope 2 of a month is computed from. */
export type EnergyOfMonth = Pick<
  MonthEstate,
  'month' | 'sites' | 'electricity' | 'gridFactors' | 'contracts'
>;

/**
 * Returns Scope 2 per grid, by both methods of the GHG Protocol Scope 2 Guidance. Location-based: energy times the grid's
 * average factor. Market-based: contracts first, the uncovered rest at the residual mix, or at the location-based
 * factor where no residual mix is published.
 *
 * @throws MethodError naming grid and year where energy has no factor
 */
export function scopeTwoByGrid({
  month,
  sites,
  electricity,
  gridFactors,
  contracts,
}: EnergyOfMonth): GridScopeTwo[] {
  const usesBySite = groupBy(electricity, ({ siteId }) => siteId);
  const factorByGrid = new Map(gridFactors.map((factor) => [factor.gridId, factor]));
  const contractsByGrid = groupBy(contracts, ({ gridId }) => gridId);
  return [...groupBy(sites, ({ gridId }) => gridId)].flatMap(([gridId, gridSites]) => {
    const siteMwh = new Map<string, number>();
    for (const { siteId } of gridSites) {
      const mwh = (usesBySite.get(siteId) ?? []).reduce((sum, use) => sum + use.mwh, 0);
      if (mwh > 0) siteMwh.set(siteId, mwh);
    }
    if (siteMwh.size === 0) return [];
    const factor = factorByGrid.get(gridId);
    if (factor === undefined) {
      throw new MethodError(
        `grid ${gridId} has no row in grid_factors for ${month.slice(0, 4)} or an earlier year, but its sites used energy in ${month}`,
      );
    }
    return [gridScopeTwo(month, factor, siteMwh, contractsByGrid.get(gridId) ?? [])];
  });
}

function gridScopeTwo(
  month: Month,
  factor: GridFactor,
  siteMwh: ReadonlyMap<string, number>,
  contracts: readonly Contract[],
): GridScopeTwo {
  const loadMwh = [...siteMwh.values()].reduce((sum, mwh) => sum + mwh, 0);
  let uncoveredMwh = loadMwh;
  const uses = inOrderOfUse(contracts).map((contract): ContractUse => {
    const offeredMwh = monthlyMwh(contract, month);
    const usedMwh = Math.min(offeredMwh, uncoveredMwh);
    uncoveredMwh -= usedMwh;
    return {
      contractId: contract.contractId,
      period: contract.period,
      offeredMwh,
      usedMwh,
      kg: asKg(usedMwh * KWH_PER_MWH * contract.kgPerKwh),
    };
  });
  const restFactor = factor.residualMixKgPerKwh ?? factor.locationBasedKgPerKwh;
  const coveredKg = sumKg(uses.map(({ kg }) => kg));
  return {
    gridId: factor.gridId,
    loadMwh,
    locationBasedKg: asKg(loadMwh * KWH_PER_MWH * factor.locationBasedKgPerKwh),
    marketBasedKg: asKg(coveredKg + uncoveredMwh * KWH_PER_MWH * restFactor),
    contracts: uses,
    uncoveredMwh,
    siteMwh,
  };
}

/** Certificates first, then power purchase agreements, then the supplier's own mix; by contract_id within a kind. */
function inOrderOfUse(contracts: readonly Contract[]): Contract[] {
  return [...contracts].sort(
    (a, b) =>
      CONTRACT_KINDS.indexOf(a.kind) - CONTRACT_KINDS.indexOf(b.kind) ||
      compareText(a.contractId, b.contractId) ||
      compareText(a.period, b.period),
  );
}

function monthlyMwh(contract: Contract, month: Month): number {
  return isMonth(contract.period) ? contract.mwh : (contract.mwh * daysIn(month)) / daysIn(month.slice(0, 4));
}
