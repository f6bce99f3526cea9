import type { Row } from '../../../shared/audit/verify/exact/estate-tables';
import type { EstateTables } from './estate-tables';
import type { Random } from './random';
import type { Plan } from './random-plan';

type EmissionTables = Pick<
  EstateTables,
  'sites' | 'grid_factors' | 'fuel_factors' | 'gwp' | 'fuel_use' | 'electricity' | 'contracts'
>;

const FUELS = [
  {
    fuel: 'diesel',
    unit: 'gallon',
    co2_kg: '10.21',
    ch4_kg: '0.000414',
    n2o_kg: '0.0000828',
    source: 'EPA, 2024',
  },
  { fuel: 'hvo', unit: 'litre', co2_kg: '0.03', ch4_kg: '0.0001', n2o_kg: '0.00002', source: '"renewable"' },
  { fuel: 'gas', unit: 'm3', co2_kg: '1.885', ch4_kg: '0', n2o_kg: '0.000003', source: '' },
];

/** Draws what step 1 reads: sites, factors, fuel (units as named), electricity (MWh) and contracts (MWh). */
export function drawEmissionTables(random: Random, plan: Plan): EmissionTables {
  const grids = ['grid-a', 'grid-b', 'grid-c', 'grid-d'].slice(0, random.integer(1, 4));
  const sites = drawSites(random, plan, grids);
  return {
    sites,
    grid_factors: grids.flatMap((grid) => drawGridFactors(random, plan, grid)),
    fuel_factors: FUELS.map((row) => ({ ...row })),
    gwp: [
      { gas: 'co2', gwp100: '1', source: 'AR6' },
      { gas: 'ch4', gwp100: random.pick(['28', '27.9']), source: 'AR6' },
      { gas: 'n2o', gwp100: random.pick(['265', '273']), source: 'AR6' },
      { gas: 'sf6', gwp100: '25200', source: 'AR6' },
    ],
    fuel_use: plan.clusters.flatMap((cluster) => drawFuelUse(random, plan, cluster.cluster_id, sites)),
    electricity: sites.flatMap((site) => drawElectricity(random, plan, site.site_id)),
    contracts: drawContracts(random, plan, grids),
  };
}

/** Clusters share grids; a cluster without any site emits nothing itself. */
function drawSites(random: Random, plan: Plan, grids: readonly string[]): Row<'sites'>[] {
  return plan.clusters.flatMap((cluster, at) => {
    const count = at > 0 && random.chance(0.08) ? 0 : random.integer(1, 3);
    return Array.from({ length: count }, (_, number) => ({
      site_id: `${cluster.cluster_id}-s${String(number)}`,
      cluster_id: cluster.cluster_id,
      grid_id: random.pick(grids),
    }));
  });
}

/** Always a row early enough for every month; gaps after it, blank and zero residual mixes, and rows of the future. */
function drawGridFactors(random: Random, plan: Plan, grid: string): Row<'grid_factors'>[] {
  const [first = 0, ...later] = plan.years;
  const future = (plan.years.at(-1) ?? 0) + 1;
  const years = [first, ...later.filter(() => random.chance(0.5)), ...(random.chance(0.3) ? [future] : [])];
  return years.map((year) => ({
    grid_id: grid,
    year: String(year),
    location_based_kg_per_kwh: random.chance(0.05) ? '0' : random.decimal(0.02, 0.95, 6),
    residual_mix_kg_per_kwh: drawResidualMix(random),
    source: random.pick(['test', 'IEA, "2024"', '']),
  }));
}

/** kg per kWh; a blank one means the location-based factor, which a 0 does not. */
function drawResidualMix(random: Random): string {
  if (random.chance(0.25)) return '';
  return random.chance(0.1) ? '0' : random.decimal(0.02, 0.95, 6);
}

/**
 * Fuel of a cluster, year by year: nothing, one entry for the year, entries for months, both, or only zeros. The
 * amounts jump between years, so that growth falls below 0.5 and above 2 as well as between.
 */
function drawFuelUse(
  random: Random,
  plan: Plan,
  clusterId: string,
  sites: readonly Row<'sites'>[],
): Row<'fuel_use'>[] {
  const own = sites.filter((site) => site.cluster_id === clusterId).map((site) => site.site_id);
  if (own.length === 0 || random.chance(0.12)) return [];
  // One of several sites may never burn anything.
  const burning = own.length > 1 && random.chance(0.3) ? own.slice(1) : own;
  return plan.years.flatMap((year, at) => {
    const isRunning = at === plan.years.length - 1;
    const kind = random.pick(
      isRunning ? ['none', 'none', 'months', 'both'] : ['none', 'year', 'months', 'both', 'zero'],
    );
    return drawFuelOfYear(random, plan, burning, { year: String(year), kind });
  });
}

function drawFuelOfYear(
  random: Random,
  plan: Plan,
  sites: readonly string[],
  { year, kind }: { readonly year: string; readonly kind: string },
): Row<'fuel_use'>[] {
  const size = random.pick([1, 10, 100, 10_000]);
  const entry = (period: string): Row<'fuel_use'> => {
    const { fuel, unit } = random.pick(FUELS);
    const quantity = kind === 'zero' ? '0' : random.decimal(0.001, size * 12, 3);
    return { site_id: random.pick(sites), period, fuel, quantity, unit };
  };
  const months = [...plan.months.filter((month) => month.startsWith(year)), `${year}-06`, `${year}-09`];
  const monthly = random.sample(months, random.integer(1, months.length)).map(entry);
  if (kind === 'none') return [];
  if (kind === 'months') return monthly;
  // Two entries of the same period add up.
  const yearly = Array.from({ length: random.integer(1, 2) }, () => entry(year));
  return kind === 'both' ? [...yearly, ...monthly] : yearly;
}

/** No row, one or several per site and month, some of 0 MWh, and a month outside those asked for. */
function drawElectricity(random: Random, plan: Plan, siteId: string): Row<'electricity'>[] {
  const months = [...plan.months, `${String(plan.years[0])}-07`];
  return months.flatMap((month) =>
    Array.from({ length: random.pick([0, 1, 1, 1, 1, 2, 3]) }, () => ({
      site_id: siteId,
      usage_period: month,
      mwh: random.chance(0.06) ? '0' : random.decimal(0.0001, random.pick([10, 50_000]), 4),
      basis: random.pick(['metered', 'invoiced', 'estimated']),
    })),
  );
}

/** Contracts of every kind, for months and years, from a fraction of a grid's load to far above it. */
function drawContracts(random: Random, plan: Plan, grids: readonly string[]): Row<'contracts'>[] {
  return Array.from({ length: random.integer(0, 12) }, (_, at) => {
    const isMonth = random.chance(0.5);
    return {
      // Ids whose order as text is neither that of their numbers nor that of a dictionary: K10 < K9 < k1.
      contract_id: `${random.pick(['k', 'K'])}${String(at)}`,
      kind: random.pick(['certificate', 'ppa', 'supplier']),
      grid_id: random.pick(grids),
      period: isMonth ? random.pick(plan.months) : String(random.pick(plan.years.slice(-3))),
      mwh: random.decimal(0.001, random.pick([1_000, 20_000, 200_000]) * (isMonth ? 1 : 12), 3),
      kg_per_kwh: random.pick(['0', '0.012', '0.3', '0.0455']),
    };
  });
}
