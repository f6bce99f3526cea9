import { type Category, type PerCategory, perCategory } from './categories';
import type { MethodTables } from './estate-tables';
import { decimal, type Fraction, sum, ZERO } from './rational';

/** n(c,s,k) in kg by product_code of a cluster whose services' totals are given; undefined where they are not. */
export function givenServices(
  tables: MethodTables,
  month: string,
  clusterId: string,
): ReadonlyMap<string, PerCategory> | undefined {
  const rows = (tables.service_emissions[month] ?? []).filter((row) => row.cluster_id === clusterId);
  if (rows.length === 0) return undefined;
  // A used service without a row has no emissions, and still has rows in the export.
  const none = tables.services.map((row) => [row.product_code, perCategory(() => ZERO)] as const);
  const own = rows.map((row) => [row.product_code, perCategory((category) => kg(row, category))] as const);
  return new Map([...none, ...own]);
}

/** E(c,k) in kg of a cluster whose totals are given, for the cluster or by service; undefined where they are not. */
export function givenCluster(
  tables: MethodTables,
  month: string,
  clusterId: string,
): PerCategory | undefined {
  const services = givenServices(tables, month, clusterId);
  if (services !== undefined) {
    return perCategory((category) => sum([...services.values()].map((service) => service[category])));
  }
  const row = (tables.cluster_emissions[month] ?? []).find((candidate) => candidate.cluster_id === clusterId);
  return row === undefined ? undefined : perCategory((category) => kg(row, category));
}

/** The tables without the sites of clusters whose totals are given: their energy is not in a grid's load. */
export function withoutGivenSites(tables: MethodTables, month: string): MethodTables {
  const sites = tables.sites.filter((site) => givenCluster(tables, month, site.cluster_id) === undefined);
  const kept = new Set(sites.map((site) => site.site_id));
  return {
    ...tables,
    sites,
    electricity: tables.electricity.filter((row) => kept.has(row.site_id)),
    fuel_use: tables.fuel_use.filter((row) => kept.has(row.site_id)),
  };
}

type KgColumns = Record<`${Category}_kg`, string>;

function kg(row: KgColumns, category: Category): Fraction {
  return decimal(row[`${category}_kg`]);
}
