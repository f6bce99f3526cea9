import type { Cluster } from './clusters';
import { monthOf } from './months';
import { RandomStream } from './random';
import type { Reference } from './reference';

/** The months in which a rack is in racks/, and where. */
export interface RackLife {
  readonly cluster: Cluster;
  /** Month index. */
  readonly first: number;
  last: number;
}

/** Headers of the tables that model version v3.0.0 reads. */
export const SCOPE_3_HEADERS = {
  rack_embodied:
    'rack_id,cluster_id,in_service_on,embodied_kg,transport_kg,service_months,retired_on,method,source',
  assets:
    'asset_id,cluster_id,site_id,kind,in_service_on,embodied_kg,transport_kg,service_months,retired_on,method,source',
  fera_factors:
    'grid_id,year,upstream_kg_per_kwh,td_kg_per_kwh,td_loss_rate,residual_upstream_kg_per_kwh,source',
  refrigerant_use: 'site_id,period,gas,quantity_kg,assured',
} as const;

const MADE_UP = 'made up';

function dayIn(month: number, stream: RandomStream): string {
  return `${monthOf(month)}-${String(stream.integer(1, 28)).padStart(2, '0')}`;
}

/** Racks that stood in the first month are up to four years old; one that was replaced is retired when its successor comes. */
export function rackEmbodied(
  seed: number,
  racks: ReadonlyMap<string, RackLife>,
  months: readonly number[],
): string[] {
  const [firstMonth = 0, lastMonth = 0] = [months[0], months.at(-1)];
  return [...racks].map(([rackId, { cluster, first, last }]) => {
    const stream = new RandomStream(seed, 'embodied', rackId);
    const start = first === firstMonth ? first - stream.integer(1, 48) : first;
    const inService = start === first ? `${monthOf(first)}-01` : dayIn(start, stream);
    const retired = last === lastMonth ? '' : `${monthOf(last + 1)}-01`;
    const kg = stream.between(1_300, 3_400).toFixed(1);
    const transport = stream.between(25, 120).toFixed(1);
    const method = stream.chance(0.2) ? 'extrapolated' : 'category_average';
    return [rackId, cluster.clusterId, inService, kg, transport, '', retired, method, MADE_UP].join(',');
  });
}

/** A building per site, and cooling and power equipment per cluster. */
export function assets(seed: number, clusters: readonly Cluster[], months: readonly number[]): string[] {
  const firstMonth = months[0] ?? 0;
  return clusters.flatMap((cluster) => {
    const { clusterId, size, sites } = cluster;
    const opened = cluster.firstRacks > firstMonth ? cluster.firstRacks - 2 : firstMonth - 60;
    const buildings = sites.map(({ siteId, share }) => {
      const stream = new RandomStream(seed, 'building', siteId);
      const kg = (stream.between(250_000, 400_000) * (0.4 + size) * share).toFixed(0);
      const day = dayIn(opened - stream.integer(0, 40), stream);
      return [`${siteId}-building`, '', siteId, 'building', day, kg, '', '', '', 'eio', MADE_UP].join(',');
    });
    const stream = new RandomStream(seed, 'equipment', clusterId);
    const kg = (stream.between(30_000, 60_000) * (0.4 + size)).toFixed(0);
    const day = dayIn(opened - stream.integer(0, 6), stream);
    const equipment = [
      `${clusterId}-power`,
      clusterId,
      '',
      'equipment',
      day,
      kg,
      '900',
      '240',
      '',
      'eio',
      MADE_UP,
    ];
    return [...buildings, equipment.join(',')];
  });
}

/** Upstream factors in proportion to the grid's own factor, and the share of energy that is lost on the way. */
export function feraFactors(reference: Reference, gridIds: ReadonlySet<string>, firstYear: number): string[] {
  const grids = new Map([...reference.grids.values()].map((grid) => [grid.gridId, grid]));
  return [...grids.values()]
    .filter(({ gridId }) => gridIds.has(gridId))
    .map(({ gridId, kgPerKwh }) => {
      const upstream = (Number(kgPerKwh) * 0.17 + 0.004).toFixed(6);
      return [gridId, String(Math.min(2023, firstYear)), upstream, '', '0.05', '', MADE_UP].join(',');
    });
}

/** What leaked of a refrigerant, a year's amount per site of a Region; nothing yet for the running year. */
export function refrigerants(
  seed: number,
  clusters: readonly Cluster[],
  months: readonly number[],
): string[] {
  const firstYear = Math.floor((months[0] ?? 0) / 12) - 1;
  const runningYear = Math.floor((months.at(-1) ?? 0) / 12);
  return clusters
    .filter(({ kind }) => kind === 'region')
    .flatMap(({ sites, size }) =>
      sites.flatMap(({ siteId, share }) => {
        const stream = new RandomStream(seed, 'refrigerant', siteId);
        const years = Array.from({ length: runningYear - firstYear }, (_, at) => firstYear + at);
        return years.map((year) => {
          const kg = (stream.between(0.3, 1.8) * (0.5 + size) * share).toFixed(2);
          return `${siteId},${String(year)},hfc_134a,${kg},${year < runningYear - 1 ? 'yes' : 'no'}`;
        });
      }),
    );
}
