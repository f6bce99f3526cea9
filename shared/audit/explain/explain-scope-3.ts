import { defined } from '../../base/defined';
import { ASSETS, CONTRACTS, ELECTRICITY, FERA_FACTORS, RACK_EMBODIED } from '../../estate/tables';
import { groupBy } from '../../base/group';
import { countedDays } from '../../method/amortisation';
import type { Category } from '../../method/categories';
import { rackFlow } from '../../method/cluster-weights';
import type { EmbodiedPart } from '../../method/embodied';
import { type GridFera, perKwhOf } from '../../method/fera';
import { explainFuel, FUEL_UPSTREAM } from './explain-fuel';
import { type Explanation, explanation, type InputPlace, scaled } from './explanation';
import type { InputPlaces } from './input-places';
import type { SourceContext } from './source-context';

const KWH_PER_MWH = 1_000;

/** Returns what racks and assets book for a cluster in the month, item by item, without what stays with single racks. */
export async function explainEmbodied(
  context: SourceContext,
  clusterId: string,
  category: Category,
): Promise<Explanation[]> {
  const { embodied, rackLevel } = context.allocation.emissions;
  const ofRacks = new Set(rackLevel.get(clusterId));
  const parts: Explanation[] = [];
  for (const part of embodied.parts.filter((one) => one.clusterId === clusterId)) {
    const inService = ofRacks.has(part) ? 0 : part.inService[category];
    const kg = inService + part.afterRetirement[category];
    if (kg !== 0) parts.push(await explainItem(context, part, category, kg));
  }
  return parts;
}

/** Returns the part of each rack's own embodied carbon that a service has for accounts, kgCO2e. */
export async function explainRacks(
  context: SourceContext,
  { clusterId, productCode }: { readonly clusterId: string; readonly productCode: string },
  category: Category,
): Promise<Explanation[]> {
  const { estate, allocation } = context;
  const weights = allocation.weights.get(clusterId);
  if (weights === undefined) return [];
  const useByRack = groupBy(estate.rackUse, ({ rackId }) => rackId);
  const parts: Explanation[] = [];
  for (const part of allocation.emissions.rackLevel.get(clusterId) ?? []) {
    if (part.inService[category] === 0) continue;
    const kg = rackFlow(weights, [part], useByRack).left.get(productCode)?.[category] ?? 0;
    if (kg !== 0) parts.push(await explainItem(context, part, category, kg));
  }
  return parts;
}

async function explainItem(
  { estate: { month, scope3 }, places }: SourceContext,
  part: EmbodiedPart,
  category: Category,
  kg: number,
): Promise<Explanation> {
  const { item } = part;
  const days = countedDays(item, month, scope3?.earlyRetirement ?? 'continue');
  const facts = {
    kg_of_life: category === 's3_transport' ? item.transportKg : item.embodiedKg,
    in_service_on: item.inServiceOn,
    service_months: item.serviceMonths,
    ...defined({ retired_on: item.retiredOn }),
    days_in_service: days.inService,
    days_after_retirement: days.afterRetirement,
    days_of_life: days.ofLife,
    kg_of_month: part.inService[category] + part.afterRetirement[category],
  };
  return explanation(`${item.kind} ${item.id}`, kg, { facts, inputs: await itemPlaces(places, part) });
}

/** Returns the records of a rack or asset. */
export function itemPlaces(places: InputPlaces, { item }: EmbodiedPart): Promise<InputPlace[]> {
  return item.kind === 'rack'
    ? places.find(RACK_EMBODIED, { rack_id: item.id })
    : places.find(ASSETS, { asset_id: item.id });
}

/** Returns the fuel- and energy-related activities of a cluster: of its fuel, and of the electricity of each site. */
export async function explainFera(
  context: SourceContext,
  clusterId: string,
  category: Category,
): Promise<Explanation[]> {
  const { estate, allocation, places } = context;
  const parts = await explainFuel(context, clusterId, FUEL_UPSTREAM);
  for (const { siteId, gridId } of estate.sites.filter((site) => site.clusterId === clusterId)) {
    const grid = allocation.emissions.grids.find((candidate) => candidate.gridId === gridId);
    const fera = allocation.emissions.feras.find((candidate) => candidate.gridId === gridId);
    const mwh = grid?.siteMwh.get(siteId);
    if (grid === undefined || fera === undefined || mwh === undefined) continue;
    const inputs = await places.find(ELECTRICITY, { site_id: siteId, usage_period: estate.month });
    const whole =
      category === 's3_fera_lbm'
        ? await locationBased(context, fera)
        : await marketBased(context, fera, grid.uncoveredMwh);
    parts.push({
      ...scaled(whole, mwh / grid.loadMwh),
      label: `energy-related activities of ${siteId} on ${gridId}`,
      facts: { ...whole.facts, site_mwh: mwh, grid_load_mwh: grid.loadMwh },
      inputs: [...inputs, ...whole.inputs],
    });
  }
  return parts;
}

async function locationBased({ places }: SourceContext, fera: GridFera): Promise<Explanation> {
  const { factor, tdKgPerKwh } = fera;
  return explanation('grid', fera.locationBasedKg, {
    facts: {
      ...factsOf({ upstreamKgPerKwh: factor.upstreamKgPerKwh, tdKgPerKwh }),
      factor_year: factor.year,
      source: factor.source,
    },
    inputs: await factorPlaces(places, fera),
  });
}

async function marketBased(
  { places }: SourceContext,
  fera: GridFera,
  uncoveredMwh: number,
): Promise<Explanation> {
  const parts: Explanation[] = [];
  for (const use of fera.contracts.filter(({ usedMwh }) => usedMwh > 0)) {
    const { contractId, period, usedMwh, kg } = use;
    const facts = { used_mwh: usedMwh, ...factsOf(use) };
    const key = { contract_id: contractId, grid_id: fera.gridId, period };
    const inputs = [...(await places.find(CONTRACTS, key)), ...(await factorPlaces(places, fera))];
    parts.push(explanation(`contract ${contractId}`, kg, { facts, inputs }));
  }
  if (uncoveredMwh > 0) {
    const kg = uncoveredMwh * KWH_PER_MWH * perKwhOf(fera.residual);
    const facts = { uncovered_mwh: uncoveredMwh, ...factsOf(fera.residual), source: fera.factor.source };
    parts.push(explanation('no contract', kg, { facts, inputs: await factorPlaces(places, fera) }));
  }
  return explanation('grid', fera.marketBasedKg, { parts });
}

function factsOf(factors: GridFera['residual']): Record<string, number> {
  return {
    upstream_kg_per_kwh: factors.upstreamKgPerKwh,
    transmission_and_distribution_kg_per_kwh: factors.tdKgPerKwh,
  };
}

function factorPlaces(places: InputPlaces, { gridId, factor }: GridFera): Promise<InputPlace[]> {
  return places.find(FERA_FACTORS, { grid_id: gridId, year: factor.year });
}
