import { daysInMonth } from '../../../shared/audit/verify/exact/calendar';
import type { OptionalRow } from '../../../shared/audit/verify/exact/estate-tables';
import type { EstateTables } from './estate-tables';
import { Random } from './random';

/** Columns of Scope 3 in given totals. */
const GIVEN_COLUMNS = [
  ...['scope_3_hardware_kg', 'scope_3_buildings_kg', 'scope_3_transport_kg'],
  ...['scope_3_fera_lbm_kg', 'scope_3_fera_mbm_kg'],
];

/**
 * Adds everything that v3.0.0 reads to an estate: racks and assets of any age, moved, stranded, retired early or without a
 * row, upstream factors, families of fuel, refrigerants, contracts with and without factors, and given Scope 3.
 *
 * @param seed unique to this function: the other tables of an estate stay as they are
 */
export function withScope3(tables: EstateTables, seed: number): EstateTables {
  const random = new Random(seed + 7_000);
  return {
    ...tables,
    rack_embodied: drawRacks(random, tables),
    assets: drawAssets(random, tables),
    fera_factors: drawFactors(random, tables),
    refrigerant_use: drawRefrigerants(random, tables),
    fuel_factors: tables.fuel_factors.map((row, at) => ({
      ...row,
      family: at === 1 ? 'natural_gas' : random.pick(['', 'generator']),
      upstream_kg: random.pick(['', '0.61', '0.0302', '2.5']),
    })),
    contracts: tables.contracts.map((row) => ({
      ...row,
      upstream_kg_per_kwh: random.pick(['', '0', '0.012']),
      td_kg_per_kwh: random.pick(['', '0.004']),
    })),
    cluster_emissions: withGiven(random, tables.cluster_emissions),
    service_emissions: withGiven(random, tables.service_emissions),
  };
}

/** Every category is given of all rows of a month or of none, so that unclaimed services can be spread. */
function withGiven<Given extends object>(
  random: Random,
  months: Readonly<Record<string, readonly Given[]>>,
): Record<string, Given[]> {
  const entries = Object.entries(months).map(([month, rows]) => {
    const given = GIVEN_COLUMNS.filter(() => random.chance(0.7));
    const drawn = rows.map((row) => ({
      ...row,
      ...Object.fromEntries(given.map((column) => [column, random.decimal(0.001, 9_000, 4)])),
    }));
    return [month, drawn] as const;
  });
  return Object.fromEntries(entries);
}

function drawRacks(random: Random, tables: EstateTables): OptionalRow<'rack_embodied'>[] {
  const racks = new Map(
    Object.values(tables.racks).flatMap((rows) => rows.map((row) => [row.rack_id, row] as const)),
  );
  const clusters = tables.clusters.map(({ cluster_id: id }) => id);
  const present = [...racks.values()].filter(() => random.chance(0.9));
  const stored = Array.from({ length: random.integer(0, 3) }, (_, at) => `stored-${String(at)}`);
  return [
    ...present.map((rack) => ({
      rack_id: rack.rack_id,
      // A rack that moved: its row has another cluster than racks/.
      cluster_id: random.chance(0.1) ? random.pick(clusters) : rack.cluster_id,
      ...drawLife(random, ['72', '', '60', '1', '13']),
    })),
    ...stored.map((id) => ({
      rack_id: id,
      cluster_id: random.pick(clusters),
      ...drawLife(random, ['72', '', '36']),
    })),
  ];
}

function drawAssets(random: Random, tables: EstateTables): OptionalRow<'assets'>[] {
  return Array.from({ length: random.integer(0, 6) }, (_, at) => {
    const site = random.chance(0.5) && tables.sites.length > 0 ? random.pick(tables.sites) : undefined;
    return {
      asset_id: `asset-${String(at)}`,
      cluster_id: site === undefined ? random.pick(tables.clusters).cluster_id : '',
      site_id: site?.site_id ?? '',
      kind: random.pick(['building', 'equipment']),
      ...drawLife(random, ['600', '', '240']),
    };
  });
}

type Life = Pick<
  OptionalRow<'rack_embodied'>,
  'in_service_on' | 'embodied_kg' | 'transport_kg' | 'service_months' | 'retired_on' | 'method'
>;

/** Lives that begin and end in the months of an estate, before and after them. */
function drawLife(random: Random, months: readonly string[]): Life {
  const start = random.pick([
    ...['2024-02-29', '2019-01-31', '2018-12-31', '2019-02-01', '2024-12-01', '2024-12-31', '2025-01-15'],
    ...[drawDay(random, 2016, 2025), drawDay(random, 2019, 2024)],
  ]);
  const retired = random.pick(['', '', start, '2024-12-01', '2024-12-31', '2025-01-10', '2025-02-28']);
  return {
    in_service_on: start,
    embodied_kg: random.chance(0.05) ? '0' : random.decimal(1, 90_000, 3),
    transport_kg: random.pick(['', '0', random.decimal(0.1, 900, 2)]),
    service_months: random.pick(months),
    retired_on: retired < start ? '' : retired,
    method: random.pick(['plca', 'extrapolated', 'category_average', 'eio', '']),
  };
}

function drawDay(random: Random, first: number, last: number): string {
  const month = `${String(random.integer(first, last))}-${String(random.integer(1, 12)).padStart(2, '0')}`;
  return `${month}-${String(random.integer(1, daysInMonth(month))).padStart(2, '0')}`;
}

/** Always a row as early as the grid's first one. */
function drawFactors(random: Random, tables: EstateTables): OptionalRow<'fera_factors'>[] {
  const seen = new Set<string>();
  return tables.grid_factors.flatMap(({ grid_id: grid, year }) => {
    const isFirst = !seen.has(grid);
    seen.add(grid);
    if (!isFirst && random.chance(0.4)) return [];
    const isRate = random.chance(0.6);
    return [
      {
        ...{ grid_id: grid, year, upstream_kg_per_kwh: random.decimal(0, 0.2, 5) },
        td_kg_per_kwh: isRate ? '' : random.decimal(0, 0.05, 5),
        td_loss_rate: isRate ? random.pick(['0', '0.05', '0.042', '0.25']) : '',
        residual_upstream_kg_per_kwh: random.pick(['', '0', '0.061']),
        source: 'made up',
      },
    ];
  });
}

function drawRefrigerants(random: Random, tables: EstateTables): OptionalRow<'refrigerant_use'>[] {
  if (tables.sites.length === 0) return [];
  return Array.from({ length: random.integer(0, 8) }, () => ({
    site_id: random.pick(tables.sites).site_id,
    period: random.pick(['2022', '2023', '2024', '2025', '2024-12', '2025-01', '2023-06']),
    gas: 'sf6',
    quantity_kg: random.decimal(0, 3, 3),
    assured: random.pick(['yes', 'no', '']),
  }));
}
