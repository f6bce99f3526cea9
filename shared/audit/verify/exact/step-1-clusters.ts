import { type Category, type PerCategory, perCategory } from './categories';
import type { ExactMonth, MethodTables, Row } from './estate-tables';
import { type Fraction, sum, ZERO } from './rational';
import { locationBased, marketBased } from './step-1-electricity';
import type { Booking } from './step-1-embodied';
import { feraLocationBased, feraMarketBased } from './step-1-fera';
import { fuelEmissions } from './step-1-fuel';
import { givenCluster, withoutGivenSites } from './totals-from-elsewhere';

/** Step 1: emissions of every cluster, in kg, computed or given, without the embodied carbon of racks and assets. */
export function clusterEmissions(at: ExactMonth): Map<string, PerCategory> {
  const { month, version } = at;
  const tables = withoutGivenSites(at);
  const hasScope3 = version === 'v3.0.0';
  return new Map(
    tables.clusters.map(({ cluster_id: id }) => {
      const total = givenCluster(at.tables, month, id, version);
      if (total !== undefined) return [id, total];
      const sites = tables.sites.filter((site) => site.cluster_id === id);
      const over = (kgOf: (tables: MethodTables, month: string, site: Row<'sites'>) => Fraction): Fraction =>
        sum(sites.map((site) => kgOf(tables, month, site)));
      const fuel = fuelEmissions({ ...at, tables }, id);
      const kg: PerCategory = {
        ...perCategory(() => ZERO),
        scope_1: fuel.kg,
        scope_2_lbm: over(locationBased),
        scope_2_mbm: over(marketBased),
        s3_fera_lbm: hasScope3 ? fuel.upstream.add(over(feraLocationBased)) : ZERO,
        s3_fera_mbm: hasScope3 ? fuel.upstream.add(over(feraMarketBased)) : ZERO,
      };
      return [id, kg];
    }),
  );
}

/** Emissions of every cluster with a part of the bookings, in kg. */
export function withEmbodied<Item extends Booking>(
  activity: ReadonlyMap<string, PerCategory>,
  embodied: readonly Item[],
  partOf: (item: Item) => Fraction,
): Map<string, PerCategory> {
  return new Map(
    [...activity].map(([id, kg]) => {
      const own = embodied.filter((booking) => booking.clusterId === id);
      const booked = (category: Category): Fraction =>
        sum(own.filter((booking) => booking.category === category).map(partOf));
      return [id, perCategory((category) => kg[category].add(booked(category)))];
    }),
  );
}
