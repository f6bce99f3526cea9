import type { Cluster, Site } from './clusters';
import { RESIDUAL_MIX_RATIO } from './facts';
import { daysInMonth, daysInYear, monthOf } from './months';
import { RandomStream } from './random';
import type { Reference } from './reference';

/** Power of all racks of a cluster in a month, kW. */
export type PowerKw = (cluster: Cluster, month: number) => number;

/** Electricity of a grid per month index, MWh. */
export type GridLoad = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** Cooling through the year, January first, northern hemisphere; the mean is 1, so the year's PUE stays what it is. */
const SEASON = [0.98, 0.98, 0.985, 0.99, 1, 1.02, 1.035, 1.035, 1.01, 0.995, 0.985, 0.985] as const;

/** Electricity of a site where a cluster is being built and no rack stands yet, MWh per month. */
const BUILDING_MWH = 2.5;

function season(cluster: Cluster, month: number): number {
  return SEASON[(month + (cluster.southern ? 6 : 0)) % 12] ?? 1;
}

/** Rows of a site's meter in a month; `meter` is the site and the month of the rows. */
function meterRows(meter: string, mwh: number, basis: string, stream: RandomStream): string[] {
  if (!stream.chance(0.04)) return [`${meter},${mwh.toFixed(4)},${basis}`];
  // A meter was changed within the month: two readings that add up.
  const before = mwh * stream.between(0.2, 0.8);
  return [`${meter},${before.toFixed(4)},${basis}`, `${meter},${(mwh - before).toFixed(4)},estimated`];
}

/**
 * Electricity per site and month: power of the racks x hours x PUE, with the season and a little noise. Edge sites
 * stand with colocation providers, who invoice; the others are metered.
 *
 * @param seed the sample's seed
 * @param clusters the clusters
 * @param months month indices
 * @param powerKw power of a cluster's racks
 * @returns lines of electricity.csv, and the load per grid and month
 */
export function electricity(
  seed: number,
  clusters: readonly Cluster[],
  months: readonly number[],
  powerKw: PowerKw,
): { lines: string[]; load: GridLoad } {
  const lines: string[] = [];
  const load = new Map<string, Map<number, number>>();
  for (const cluster of clusters) {
    for (const site of cluster.sites) {
      const stream = new RandomStream(seed, 'electricity', site.siteId);
      const gridLoad = load.get(site.gridId) ?? new Map<number, number>();
      load.set(site.gridId, gridLoad);
      for (const month of months) {
        const itMwh = (powerKw(cluster, month) * 24 * daysInMonth(month)) / 1000;
        const energy = itMwh * cluster.pue * season(cluster, month) * stream.between(0.98, 1.02);
        const mwh = (itMwh > 0 ? energy : BUILDING_MWH) * site.share;
        const basis = cluster.kind === 'edge' ? 'invoiced' : 'metered';
        lines.push(...meterRows(`${site.siteId},${monthOf(month)}`, mwh, basis, stream));
        gridLoad.set(month, (gridLoad.get(month) ?? 0) + mwh);
      }
    }
  }
  return { lines, load };
}

/** How a cluster reports its fuel: by year, by month since 2024, or by month in the running year too. */
type FuelReporting = 'yearly' | 'monthly' | 'current';

function reportingOf(index: number): FuelReporting {
  if (index % 7 === 3) return 'current';
  return index % 4 === 1 ? 'monthly' : 'yearly';
}

/** Rows of a site's fuel in the months of a year up to the last month of the sample. */
function monthlyFuel(
  site: Site,
  { year, last }: { readonly year: number; readonly last: number },
  gallons: number,
  stream: RandomStream,
): string[] {
  const lines: string[] = [];
  for (let month = year * 12; month < year * 12 + 12; month++) {
    const quantity = (gallons / 12) * stream.between(0.6, 1.4);
    if (month <= last) lines.push(`${site.siteId},${monthOf(month)},diesel,${quantity.toFixed(1)},US gallon`);
  }
  return lines;
}

/**
 * Diesel for the tests of the emergency generators, from the year before the first month on. Data of a year comes in
 * after it has ended, so the running year is empty for most clusters and the calculation estimates it.
 *
 * @param seed the sample's seed
 * @param clusters the clusters
 * @param months month indices
 * @returns lines of fuel_use.csv
 */
export function fuelUse(seed: number, clusters: readonly Cluster[], months: readonly number[]): string[] {
  const lines: string[] = [];
  const last = months.at(-1) ?? 0;
  const firstYear = Math.floor((months[0] ?? 0) / 12) - 1;
  const runningYear = Math.floor(last / 12);
  clusters.forEach((cluster, index) => {
    const reporting = reportingOf(index);
    for (const site of cluster.sites) {
      const stream = new RandomStream(seed, 'fuel', site.siteId);
      const usual = stream.between(120, 300) + 700 * cluster.size * site.share;
      for (let year = firstYear; year <= runningYear; year++) {
        const gallons = usual * stream.between(0.8, 1.25);
        const byMonth = year >= 2024 && reporting !== 'yearly';
        if (year === runningYear && reporting !== 'current') continue;
        if (byMonth || year === runningYear)
          lines.push(...monthlyFuel(site, { year, last }, gallons, stream));
        else lines.push(`${site.siteId},${year},diesel,${gallons.toFixed(1)},US gallon`);
      }
    }
  });
  return lines;
}

/**
 * Grid factors: the real location-based ones, which carry no year and are listed for 2023, so that later years take
 * them too; and for some grids a made-up residual mix, which changes in 2025.
 *
 * @param reference the real factors
 * @param gridIds grids of the estate
 * @param firstYear the estate's first year
 * @returns lines of grid_factors.csv, by grid and year
 */
export function gridFactors(reference: Reference, gridIds: ReadonlySet<string>, firstYear: number): string[] {
  const lines = new Map<string, string[]>();
  for (const { gridId, kgPerKwh, source } of reference.grids.values()) {
    if (!gridIds.has(gridId) || lines.has(gridId)) continue;
    const origin = `${source} via Cloud Carbon Footprint (Apache-2.0); no year given`;
    const ratios = RESIDUAL_MIX_RATIO[gridId];
    const rows = [Math.min(2023, firstYear), 2025].map((year, i) => {
      const ratio = ratios?.[i];
      const residual = ratio === undefined ? '' : (Number(kgPerKwh) * ratio).toFixed(6);
      const label = ratio === undefined ? origin : `${origin}; residual mix made up`;
      return `${gridId},${year},${kgPerKwh},${residual},${label}`;
    });
    lines.set(gridId, ratios === undefined ? rows.slice(0, 1) : rows);
  }
  return [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, rows]) => rows);
}

/** A contract that is signed again every period, for a share of the grid's load. Made up. */
interface Agreement {
  readonly kind: 'certificate' | 'ppa' | 'supplier';
  readonly grid: string;
  readonly per: 'year' | 'month';
  readonly shareOfLoad: number;
  readonly kgPerKwh: string;
}

/** The agreements. One buys more than the grid's sites use; two grids have several kinds. */
const AGREEMENTS: readonly Agreement[] = [
  { kind: 'certificate', grid: 'united-states-serc', per: 'year', shareOfLoad: 0.45, kgPerKwh: '0' },
  { kind: 'ppa', grid: 'united-states-serc', per: 'month', shareOfLoad: 0.3, kgPerKwh: '0' },
  { kind: 'certificate', grid: 'united-states-wecc', per: 'year', shareOfLoad: 0.6, kgPerKwh: '0' },
  { kind: 'ppa', grid: 'united-states-rfc', per: 'year', shareOfLoad: 0.8, kgPerKwh: '0' },
  { kind: 'certificate', grid: 'germany', per: 'year', shareOfLoad: 0.35, kgPerKwh: '0' },
  { kind: 'ppa', grid: 'germany', per: 'month', shareOfLoad: 0.4, kgPerKwh: '0' },
  { kind: 'supplier', grid: 'germany', per: 'year', shareOfLoad: 0.15, kgPerKwh: '0.085' },
  { kind: 'certificate', grid: 'ireland', per: 'year', shareOfLoad: 0.9, kgPerKwh: '0' },
  { kind: 'certificate', grid: 'sweden', per: 'year', shareOfLoad: 1.3, kgPerKwh: '0' },
  { kind: 'supplier', grid: 'france', per: 'year', shareOfLoad: 0.7, kgPerKwh: '0.012' },
  { kind: 'ppa', grid: 'india', per: 'year', shareOfLoad: 0.5, kgPerKwh: '0' },
  { kind: 'supplier', grid: 'japan', per: 'year', shareOfLoad: 0.25, kgPerKwh: '0.12' },
  { kind: 'supplier', grid: 'canada', per: 'year', shareOfLoad: 0.8, kgPerKwh: '0.004' },
];

/** MWh of the year, from the months of it that the estate has. */
function yearLoad(load: ReadonlyMap<number, number>, year: number): number {
  const months = [...load].filter(([month]) => Math.floor(month / 12) === year);
  const days = months.reduce((sum, [month]) => sum + daysInMonth(month), 0);
  const mwh = months.reduce((sum, [, amount]) => sum + amount, 0);
  return days === 0 ? 0 : (mwh * daysInYear(year)) / days;
}

/**
 * Contracts of all three kinds, by month and by year, sized on what the grid's sites use.
 *
 * @param seed the sample's seed
 * @param load MWh per grid and month
 * @param months month indices
 * @returns lines of contracts.csv
 */
export function contracts(seed: number, load: GridLoad, months: readonly number[]): string[] {
  const stream = new RandomStream(seed, 'contracts');
  const years = [...new Set(months.map((month) => Math.floor(month / 12)))];
  const lines: string[] = [];
  for (const { kind, grid, per, shareOfLoad, kgPerKwh } of AGREEMENTS) {
    const gridLoad = load.get(grid);
    if (gridLoad === undefined) continue;
    const periods =
      per === 'year'
        ? years.map((year) => ({ period: String(year), mwh: yearLoad(gridLoad, year) }))
        : months.map((month) => ({ period: monthOf(month), mwh: gridLoad.get(month) ?? 0 }));
    for (const { period, mwh } of periods) {
      const id = `contract-${String(lines.length + 1).padStart(4, '0')}`;
      const bought = mwh * shareOfLoad * stream.between(0.95, 1.05);
      lines.push(`${id},${kind},${grid},${period},${bought.toFixed(2)},${kgPerKwh}`);
    }
  }
  return lines;
}
