import { largest } from '../../../base/append';
import { shareOfPeriod, yearOf } from './calendar';
import type { MethodTables, Row } from './estate-tables';
import { decimal, type Fraction, isZero, smaller, sum, THOUSAND, ZERO } from './rational';

const CONTRACT_ORDER = ['certificate', 'ppa', 'supplier'];

/** Step 1, scope 2 location-based: kg of CO2e from one site's electricity in a month. */
export function locationBased(tables: MethodTables, month: string, site: Row<'sites'>): Fraction {
  const energy = siteEnergy(tables, month, site);
  // A site without energy has no emissions, whether or not its grid's factor is known.
  if (isZero(energy)) return ZERO;
  const factor = gridFactor(tables, month, site.grid_id);
  return energy.mul(THOUSAND).mul(decimal(factor.location_based_kg_per_kwh));
}

/** Step 1, scope 2 market-based: one site's part of its grid's kg of CO2e in a month, by energy. */
export function marketBased(tables: MethodTables, month: string, site: Row<'sites'>): Fraction {
  const energy = siteEnergy(tables, month, site);
  if (isZero(energy)) return ZERO;
  const gridSites = tables.sites.filter((other) => other.grid_id === site.grid_id);
  const load = sum(gridSites.map((other) => siteEnergy(tables, month, other)));
  return gridMarketBased(tables, month, site.grid_id, load).mul(energy).div(load);
}

/** kg of CO2e of a grid's load in MWh: first what contracts cover, then the residual mix for the rest. */
function gridMarketBased(tables: MethodTables, month: string, gridId: string, load: Fraction): Fraction {
  const { used, uncovered } = contractCover(tables, month, gridId, load);
  const covered = used.map(({ contract, mwh }) => mwh.mul(THOUSAND).mul(decimal(contract.kg_per_kwh)));
  const factor = gridFactor(tables, month, gridId);
  const mix = factor.residual_mix_kg_per_kwh;
  const rest = decimal(mix === '' ? factor.location_based_kg_per_kwh : mix);
  return sum([...covered, uncovered.mul(THOUSAND).mul(rest)]);
}

/** What contracts cover of a grid's load, in MWh. */
export type ContractCover = {
  readonly used: readonly { readonly contract: Row<'contracts'>; readonly mwh: Fraction }[];
  readonly uncovered: Fraction;
};

/** Uses the contracts of a grid in their order, each up to what is still uncovered. */
export function contractCover(
  tables: MethodTables,
  month: string,
  gridId: string,
  load: Fraction,
): ContractCover {
  let uncovered = load;
  const used = contractsInOrder(tables, gridId).map((contract) => {
    const offered = decimal(contract.mwh).mul(shareOfPeriod(contract.period, month));
    const mwh = smaller(offered, uncovered);
    uncovered = uncovered.sub(mwh);
    return { contract, mwh };
  });
  return { used, uncovered };
}

/** By kind, within a kind by contract_id as plain text ('k10' before 'k2'), then by period. */
function contractsInOrder(tables: MethodTables, gridId: string): Row<'contracts'>[] {
  const contracts = tables.contracts.filter((contract) => contract.grid_id === gridId);
  return contracts.sort((left, right) => {
    const byKind = CONTRACT_ORDER.indexOf(left.kind) - CONTRACT_ORDER.indexOf(right.kind);
    if (byKind !== 0) return byKind;
    if (left.contract_id !== right.contract_id) return left.contract_id < right.contract_id ? -1 : 1;
    return left.period < right.period ? -1 : 1;
  });
}

/** MWh of a site in a month: several rows add up. */
export function siteEnergy(tables: MethodTables, month: string, site: Row<'sites'>): Fraction {
  const rows = tables.electricity.filter((row) => row.site_id === site.site_id && row.usage_period === month);
  return sum(rows.map((row) => decimal(row.mwh)));
}

/** The grid's row of the month's year, else of the latest earlier year. */
export function gridFactor(tables: MethodTables, month: string, gridId: string): Row<'grid_factors'> {
  const year = yearOf(month);
  const rows = tables.grid_factors.filter((row) => row.grid_id === gridId && Number(row.year) <= year);
  const latest = largest(rows.map((row) => Number(row.year)));
  const factor = rows.find((row) => Number(row.year) === latest);
  if (factor === undefined) throw new Error(`no factor for grid ${gridId} in ${String(year)} or earlier`);
  return factor;
}
