import { CONTRACTS, ELECTRICITY, GRID_FACTORS } from '../../estate/tables';
import type { MonthEstate } from '../../method/month-estate';
import type { GridScopeTwo } from '../../method/scope-2';
import { type Explanation, explanation, type InputPlace, scaled } from './explanation';
import type { SourceContext } from './source-context';

const KWH_PER_MWH = 1_000;

/** Explains the emissions of a grid's whole load in one category. */
type GridSource = (context: SourceContext, grid: GridScopeTwo) => Promise<Explanation>;

/**
 * Explains a cluster's Scope 2 emissions: the electricity of its sites, each as a part of its grid's load.
 *
 * @param gridSource explains the emissions of a grid
 * @returns parts that add up to the cluster's kgCO2e
 */
export async function explainElectricity(
  context: SourceContext,
  clusterId: string,
  gridSource: GridSource,
): Promise<Explanation[]> {
  const { estate, allocation, places } = context;
  const parts: Explanation[] = [];
  for (const { siteId, gridId } of estate.sites.filter((site) => site.clusterId === clusterId)) {
    const grid = allocation.emissions.grids.find((candidate) => candidate.gridId === gridId);
    const mwh = grid?.siteMwh.get(siteId);
    if (grid === undefined || mwh === undefined) continue;
    const share = mwh / grid.loadMwh;
    const inputs = await places.find(ELECTRICITY, { site_id: siteId, usage_period: estate.month });
    const whole = await gridSource(context, grid);
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

/** Explains a grid's location-based emissions: its load times the grid's factor. */
export async function locationBased(context: SourceContext, grid: GridScopeTwo): Promise<Explanation> {
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

/** Explains a grid's market-based emissions: by contract, and the load that no contract covers. */
export async function marketBased(context: SourceContext, grid: GridScopeTwo): Promise<Explanation> {
  const used = grid.contracts.filter(({ usedMwh }) => usedMwh > 0);
  const parts: Explanation[] = [];
  for (const use of used) parts.push(await explainContract(context, grid.gridId, use));
  if (grid.uncoveredMwh > 0) {
    parts.push(uncovered(await factorOf(context, grid.gridId), grid.uncoveredMwh));
  }
  return explanation('grid', grid.marketBasedKg, { parts });
}

async function explainContract(
  { estate, places }: SourceContext,
  gridId: string,
  use: GridScopeTwo['contracts'][number],
): Promise<Explanation> {
  const contract = estate.contracts.find(
    (candidate) =>
      candidate.contractId === use.contractId &&
      candidate.gridId === gridId &&
      candidate.period === use.period,
  );
  const facts = {
    kind: contract?.kind ?? '',
    offered_mwh: use.offeredMwh,
    used_mwh: use.usedMwh,
    kg_per_kwh: contract?.kgPerKwh ?? 0,
  };
  const row = { contract_id: use.contractId, grid_id: gridId, period: use.period };
  const inputs = await places.find(CONTRACTS, row);
  return explanation(`contract ${use.contractId}`, use.kg, { facts, inputs });
}

function uncovered(factor: Factor, mwh: number): Explanation {
  const residual = factor.residualMixKgPerKwh;
  const perKwh = residual ?? factor.locationBasedKgPerKwh;
  return explanation('no contract', mwh * KWH_PER_MWH * perKwh, {
    facts: {
      uncovered_mwh: mwh,
      kg_per_kwh: perKwh,
      factor: residual === undefined ? 'location-based, no residual mix is published' : 'residual mix',
      factor_year: factor.year,
      source: factor.source,
    },
    inputs: factor.inputs,
  });
}
