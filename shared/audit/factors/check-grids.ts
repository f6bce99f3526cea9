import { defined } from '../../base/defined';
import { compareText, groupBy } from '../../base/group';
import type { StaticTables } from '../../estate/static-tables';
import { datedReference, type FactorFinding, type FactorState, isSame } from './factor-finding';
import type { GridReference } from './reference-factors';

/** A row of a table with factors by grid and year, and its value. */
interface GridValue {
  readonly grid_id: string;
  readonly year: number;
  readonly value: number;
}

/** Compares the newest factor of each grid with that of the Regions that it supplies. */
export function gridFindings(tables: StaticTables, references: readonly GridReference[]): FactorFinding[] {
  const values = tables.gridFactors.rows.map(({ value }) => ({
    ...value,
    value: value.location_based_kg_per_kwh,
  }));
  const hasUpstream = new Set(
    tables.feraFactors.rows
      .filter(({ value }) => value.upstream_kg_per_kwh > 0)
      .map(({ value }) => value.grid_id),
  );
  return compared(tables, values, references).map(({ own, reference, ...finding }): FactorFinding => ({
    ...{ table: 'grid_factors', name: finding.name, state: finding.state },
    own: { of: String(own.year), value: own.value },
    ...defined({
      reference:
        reference && datedReference(reference, String(reference.year), reference.location_based_kg_per_kwh),
    }),
    notes: [
      ...(reference?.boundary === 'life_cycle' && hasUpstream.has(own.grid_id)
        ? [
            `the reference includes the upstream part: with it, ${own.grid_id} needs factors of 0 in fera_factors`,
          ]
        : []),
      ...(reference?.residual_mix_kg_per_kwh !== undefined && own.residual_mix_kg_per_kwh === undefined
        ? [`a residual mix is published: ${String(reference.residual_mix_kg_per_kwh)} kg per kWh`]
        : []),
    ],
  }));
}

/** Compares the newest upstream factor of each grid; only references with an upstream factor count. */
export function feraFindings(tables: StaticTables, references: readonly GridReference[]): FactorFinding[] {
  const values = tables.feraFactors.rows.map(({ value }) => ({ ...value, value: value.upstream_kg_per_kwh }));
  const published = references.flatMap((row) =>
    row.upstream_kg_per_kwh === undefined
      ? []
      : [{ ...row, location_based_kg_per_kwh: row.upstream_kg_per_kwh }],
  );
  return compared(tables, values, published).map(({ name, state, own, reference }): FactorFinding => ({
    ...{ table: 'fera_factors', name, state, notes: [] },
    own: { of: String(own.year), value: own.value },
    ...defined({
      reference:
        reference && datedReference(reference, String(reference.year), reference.location_based_kg_per_kwh),
    }),
  }));
}

interface Compared<Row> {
  readonly name: string;
  readonly state: FactorState;
  readonly own: Row;
  readonly reference: GridReference | undefined;
}

function compared<Row extends GridValue>(
  tables: StaticTables,
  values: readonly Row[],
  references: readonly GridReference[],
): Compared<Row>[] {
  const regions = regionsByGrid(tables);
  const newest = [...groupBy(values, (row) => row.grid_id).values()].map((rows) =>
    rows.reduce((latest, row) => (row.year > latest.year ? row : latest)),
  );
  return newest
    .sort((a, b) => compareText(a.grid_id, b.grid_id))
    .flatMap((own) =>
      (regions.get(own.grid_id) ?? ['']).map((region) => {
        const published = references.filter((row) => row.region_code === region);
        const reference = published.reduce<GridReference | undefined>(
          (latest, row) => (latest === undefined || row.year > latest.year ? row : latest),
          undefined,
        );
        const sameYear = published.find((row) => row.year === own.year);
        const name = region === '' ? own.grid_id : `${own.grid_id} (${region})`;
        return { name, own, reference, state: stateOf(own, reference, sameYear) };
      }),
    );
}

function stateOf(
  own: GridValue,
  newest: GridReference | undefined,
  sameYear: GridReference | undefined,
): FactorState {
  if (newest === undefined) return 'no reference';
  if (own.year < newest.year) return 'older';
  // A factor of the life cycle covers more than that of the estate may: another value is not a difference.
  if (sameYear?.boundary === 'life_cycle') return 'current';
  return sameYear !== undefined && !isSame(own.value, sameYear.location_based_kg_per_kwh)
    ? 'differs'
    : 'current';
}

/** Region codes of the clusters with a site on a grid, in order. Edge clusters are in no Region. */
function regionsByGrid({ clusters, sites }: StaticTables): Map<string, string[]> {
  const regionOf = new Map(
    clusters.rows.flatMap(({ value }) =>
      value.kind === 'region' ? [[value.cluster_id, value.region_code] as const] : [],
    ),
  );
  const byGrid = groupBy(
    sites.rows.flatMap(({ value }) => {
      const region = regionOf.get(value.cluster_id);
      return region === undefined ? [] : [{ grid: value.grid_id, region }];
    }),
    ({ grid }) => grid,
  );
  return new Map(
    [...byGrid].map(([grid, rows]) => [
      grid,
      [...new Set(rows.map(({ region }) => region))].sort(compareText),
    ]),
  );
}
