import { asKg, type Kg, sumKg } from '../base/mass';
import { MethodError } from './method-error';
import type { Contract, FeraFactor, MonthEstate } from './month-estate';
import type { ContractUse, GridScopeTwo } from './scope-2';

const KWH_PER_MWH = 1_000;

/** Fuel- and energy-related activities of the load that one contract covers. */
export interface ContractFera extends ContractUse {
  /** kgCO2e per kWh, the contract's own or those of the grid. */
  readonly upstreamKgPerKwh: number;
  readonly tdKgPerKwh: number;
}

/** Fuel- and energy-related activities of the electricity of all sites on a grid in the month. */
export interface GridFera {
  readonly gridId: string;
  readonly factor: FeraFactor;
  /** kgCO2e per kWh of transmission and distribution, location-based. */
  readonly tdKgPerKwh: number;
  /** kgCO2e per kWh of load that no contract covers: upstream, and transmission and distribution. */
  readonly residual: { readonly upstreamKgPerKwh: number; readonly tdKgPerKwh: number };
  readonly locationBasedKg: Kg;
  readonly marketBasedKg: Kg;
  readonly contracts: readonly ContractFera[];
}

/**
 * Returns the fuel- and energy-related activities per grid (our formula; AWS names the two methods). The load and what
 * contracts cover of it are those of Scope 2. Empty where the estate has no fera_factors.
 *
 * @throws MethodError naming grid and year where energy has no factor
 */
export function feraByGrid(
  { month, scope3, gridFactors, contracts }: MonthEstate,
  grids: readonly GridScopeTwo[],
): GridFera[] {
  const factors = scope3?.feraFactors;
  if (factors === undefined) return [];
  return grids.map((grid) => {
    const factor = factors.find(({ gridId }) => gridId === grid.gridId);
    if (factor === undefined) {
      throw new MethodError(
        `grid ${grid.gridId} has no row in fera_factors for ${month.slice(0, 4)} or an earlier year, but its sites used energy in ${month}`,
      );
    }
    const electricity = gridFactors.find(({ gridId }) => gridId === grid.gridId);
    if (electricity === undefined) throw new Error(`no factor for ${grid.gridId}`);
    const own = contracts.filter(({ gridId }) => gridId === grid.gridId);
    return gridFera(grid, factor, electricity, own);
  });
}

function gridFera(
  grid: GridScopeTwo,
  factor: FeraFactor,
  electricity: MonthEstate['gridFactors'][number],
  contracts: readonly Contract[],
): GridFera {
  const { locationBasedKgPerKwh: average, residualMixKgPerKwh: residualMix = average } = electricity;
  const { upstreamKgPerKwh: upstream, residualUpstreamKgPerKwh: residualUpstream = upstream } = factor;
  const tdKgPerKwh = tdOf(factor, average, upstream);
  const residual = {
    upstreamKgPerKwh: residualUpstream,
    tdKgPerKwh: tdOf(factor, residualMix, residualUpstream),
  };
  const uses = grid.contracts.map((use): ContractFera => {
    const contract = contracts.find(
      ({ contractId, period }) => contractId === use.contractId && period === use.period,
    );
    const perKwh = {
      upstreamKgPerKwh: contract?.upstreamKgPerKwh ?? upstream,
      tdKgPerKwh: contract?.tdKgPerKwh ?? tdKgPerKwh,
    };
    return { ...use, ...perKwh, kg: asKg(use.usedMwh * KWH_PER_MWH * perKwhOf(perKwh)) };
  });
  const coveredKg = sumKg(uses.map(({ kg }) => kg));
  return {
    ...{ gridId: grid.gridId, factor, tdKgPerKwh, residual, contracts: uses },
    locationBasedKg: asKg(grid.loadMwh * KWH_PER_MWH * (upstream + tdKgPerKwh)),
    marketBasedKg: asKg(coveredKg + grid.uncoveredMwh * KWH_PER_MWH * perKwhOf(residual)),
  };
}

/** Returns kgCO2e per kWh of upstream, transmission and distribution together. */
export function perKwhOf(factors: {
  readonly upstreamKgPerKwh: number;
  readonly tdKgPerKwh: number;
}): number {
  return factors.upstreamKgPerKwh + factors.tdKgPerKwh;
}

/** To deliver 1 kWh, 1 / (1 - l) kWh are fed in: l / (1 - l) kWh are lost. */
function tdOf({ td }: FeraFactor, generationKgPerKwh: number, upstreamKgPerKwh: number): number {
  if ('kgPerKwh' in td) return td.kgPerKwh;
  return (td.lossRate / (1 - td.lossRate)) * (generationKgPerKwh + upstreamKgPerKwh);
}
