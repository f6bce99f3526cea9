import { daysIn, isMonth } from '../../base/month';
import {
  CLUSTER_EMISSIONS,
  CONTRACTS,
  ELECTRICITY,
  FUEL_FACTORS,
  FUEL_USE,
  GRID_FACTORS,
  SERVICE_EMISSIONS,
} from '../../estate/tables';
import type { Category } from '../../method/categories';
import type { MonthAllocation } from '../../method/month-allocation';
import type { FuelRecord, GivenTotals, MonthEstate } from '../../method/month-estate';
import type { GridScopeTwo } from '../../method/scope-2';
import { type Explanation, explanation, type InputPlace, scaled } from './explanation';
import type { InputPlaces } from './input-places';

const KWH_PER_MWH = 1_000;

/** What explaining sources needs to know of a computed month. */
export interface SourceContext {
  readonly estate: MonthEstate;
  readonly allocation: MonthAllocation;
  readonly places: InputPlaces;
}

/**
 * Where the emissions of a serving cluster come from (steps 1 and 2 of method.md): its own sites, and the part it
 * received of clusters that do not serve.
 */
export async function explainCluster(
  context: SourceContext,
  clusterId: string,
  category: Category,
): Promise<Explanation> {
  const { serving, weights, emissions } = context.allocation;
  const total = serving.kg.get(clusterId)?.[category] ?? 0;
  const own = await explainOwnEmissions(context, clusterId, category);
  const parts = [own];
  if (total > own.kg) {
    const powerOf = (id: string): number => weights.get(id)?.racks.powerKw ?? 0;
    const servingPower = serving.clusterIds.reduce((sum, id) => sum + powerOf(id), 0);
    const share = powerOf(clusterId) / servingPower;
    for (const [other, kg] of emissions.kg) {
      if (serving.clusterIds.includes(other) || kg[category] === 0) continue;
      const whole = await explainOwnEmissions(context, other, category);
      parts.push({
        ...scaled(whole, share),
        label: `overhead of ${other}, which does not serve`,
        facts: { rack_power_kw: powerOf(clusterId), serving_rack_power_kw: servingPower },
      });
    }
  }
  return explanation(`emissions of ${clusterId}`, total, { parts });
}

async function explainOwnEmissions(
  context: SourceContext,
  clusterId: string,
  category: Category,
): Promise<Explanation> {
  const kg = context.allocation.emissions.kg.get(clusterId)?.[category] ?? 0;
  const given = context.estate.givenTotals.find((totals) => totals.clusterId === clusterId);
  if (given !== undefined) return explainGivenTotals(context, given, category);
  const parts =
    category === 'scope_1'
      ? await explainFuel(context, clusterId)
      : await explainElectricity(context, clusterId, category);
  return explanation(`own emissions of ${clusterId}`, kg, { parts });
}

/** Totals that somebody else computed: the rows that give them. */
async function explainGivenTotals(
  { places }: SourceContext,
  given: GivenTotals,
  category: Category,
): Promise<Explanation> {
  const label = `own emissions of ${given.clusterId}`;
  const cluster = { cluster_id: given.clusterId };
  if (given.by === 'cluster') {
    const inputs = await places.find(CLUSTER_EMISSIONS, cluster);
    const parts = [explanation('given by cluster_emissions', given.kg[category], { inputs })];
    return explanation(label, given.kg[category], { parts });
  }
  const parts = await Promise.all(
    given.services.map(async ({ productCode, kg }) =>
      explanation(`${productCode}, given by service_emissions`, kg[category], {
        inputs: await places.find(SERVICE_EMISSIONS, { ...cluster, product_code: productCode }),
      }),
    ),
  );
  return explanation(label, given.kg[category], { parts });
}

async function explainFuel(
  { estate, allocation, places }: SourceContext,
  clusterId: string,
): Promise<Explanation[]> {
  const record = estate.fuelRecords.find((candidate) => candidate.clusterId === clusterId);
  if (record === undefined || record.entries.length === 0) return [];
  if (record.basis === 'estimated') {
    const kg = allocation.emissions.scopeOnes.find((one) => one.clusterId === clusterId)?.kg ?? 0;
    const inputs = (await Promise.all(record.entries.map((entry) => fuelPlaces(places, entry)))).flat();
    const facts = { latest_year: record.latestYear ?? 0, entries: record.entries.length };
    return [explanation('fuel, estimated from the growth of earlier years', kg, { facts, inputs })];
  }
  const shareOfYear = daysIn(estate.month) / daysIn(estate.month.slice(0, 4));
  return Promise.all(
    record.entries.map(async (entry) => {
      const share = isMonth(entry.period) ? 1 : shareOfYear;
      const facts = {
        period: entry.period,
        quantity: entry.quantity,
        unit: entry.unit,
        kg_of_period: entry.kg,
        share_of_period: share,
      };
      const inputs = [
        ...(await fuelPlaces(places, entry)),
        ...(await places.find(FUEL_FACTORS, { fuel: entry.fuel, unit: entry.unit })),
      ];
      return explanation(`${entry.fuel} at ${entry.siteId}`, entry.kg * share, { facts, inputs });
    }),
  );
}

function fuelPlaces(places: InputPlaces, entry: FuelRecord['entries'][number]): Promise<InputPlace[]> {
  const { siteId, period, fuel, quantity } = entry;
  return places.find(FUEL_USE, { site_id: siteId, period, fuel, quantity });
}

async function explainElectricity(
  context: SourceContext,
  clusterId: string,
  category: Category,
): Promise<Explanation[]> {
  const { estate, allocation, places } = context;
  const parts: Explanation[] = [];
  for (const { siteId, gridId } of estate.sites.filter((site) => site.clusterId === clusterId)) {
    const grid = allocation.emissions.grids.find((candidate) => candidate.gridId === gridId);
    const mwh = grid?.siteMwh.get(siteId);
    if (grid === undefined || mwh === undefined) continue;
    const share = mwh / grid.loadMwh;
    const inputs = await places.find(ELECTRICITY, { site_id: siteId, usage_period: estate.month });
    const whole =
      category === 'scope_2_lbm' ? await locationBased(context, grid) : await marketBased(context, grid);
    parts.push({
      ...scaled(whole, share),
      label: `electricity of ${siteId} on ${gridId}`,
      facts: { ...whole.facts, site_mwh: mwh, grid_load_mwh: grid.loadMwh },
      inputs: [...inputs, ...whole.inputs],
    });
  }
  return parts;
}

async function factorOf({ estate, places }: SourceContext, gridId: string): Promise<Factor> {
  const factor = estate.gridFactors.find((candidate) => candidate.gridId === gridId);
  if (factor === undefined) throw new Error(`no factor for ${gridId}`);
  return { ...factor, inputs: await places.find(GRID_FACTORS, { grid_id: gridId, year: factor.year }) };
}

type Factor = MonthEstate['gridFactors'][number] & { readonly inputs: readonly InputPlace[] };

async function locationBased(context: SourceContext, grid: GridScopeTwo): Promise<Explanation> {
  const factor = await factorOf(context, grid.gridId);
  return explanation('grid', grid.locationBasedKg, {
    facts: {
      location_based_kg_per_kwh: factor.locationBasedKgPerKwh,
      factor_year: factor.year,
      source: factor.source,
    },
    inputs: factor.inputs,
  });
}

async function marketBased(context: SourceContext, grid: GridScopeTwo): Promise<Explanation> {
  const { estate, places } = context;
  const parts: Explanation[] = [];
  for (const use of grid.contracts.filter(({ usedMwh }) => usedMwh > 0)) {
    const contract = estate.contracts.find(
      ({ contractId, gridId, period }) =>
        contractId === use.contractId && gridId === grid.gridId && period === use.period,
    );
    const facts = {
      kind: contract?.kind ?? '',
      offered_mwh: use.offeredMwh,
      used_mwh: use.usedMwh,
      kg_per_kwh: contract?.kgPerKwh ?? 0,
    };
    const inputs = await places.find(CONTRACTS, {
      contract_id: use.contractId,
      grid_id: grid.gridId,
      period: use.period,
    });
    parts.push(explanation(`contract ${use.contractId}`, use.kg, { facts, inputs }));
  }
  const factor = await factorOf(context, grid.gridId);
  const uncoveredMwh = grid.uncoveredMwh;
  if (uncoveredMwh > 0) {
    const residual = factor.residualMixKgPerKwh;
    const perKwh = residual ?? factor.locationBasedKgPerKwh;
    parts.push(
      explanation('no contract', uncoveredMwh * KWH_PER_MWH * perKwh, {
        facts: {
          uncovered_mwh: uncoveredMwh,
          kg_per_kwh: perKwh,
          factor: residual === undefined ? 'location-based, no residual mix is published' : 'residual mix',
          factor_year: factor.year,
          source: factor.source,
        },
        inputs: factor.inputs,
      }),
    );
  }
  return explanation('grid', grid.marketBasedKg, { parts });
}
