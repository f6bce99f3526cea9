import {
  BASE_CATEGORIES,
  categoriesOf,
  type Category,
  type ModelVersion,
  type PerCategory,
  perCategory,
  SCOPE_3_CATEGORIES,
} from './categories';
import type { ExactMonth, MethodTables } from './estate-tables';
import { decimal, type Fraction, sum, ZERO } from './rational';

/** n(c,s,k) in kg by product_code of a cluster whose services' totals are given; undefined where they are not. */
export function givenServices(
  tables: MethodTables,
  month: string,
  clusterId: string,
  version: ModelVersion,
): ReadonlyMap<string, PerCategory> | undefined {
  const rows = (tables.service_emissions[month] ?? []).filter((row) => row.cluster_id === clusterId);
  if (rows.length === 0) return undefined;
  // A used service without a row has no emissions, and still has rows in the export.
  const none = tables.services.map((row) => [row.product_code, perCategory(() => ZERO)] as const);
  const own = rows.map(
    (row) => [row.product_code, perCategory((category) => kg(row, category, version))] as const,
  );
  return new Map([...none, ...own]);
}

/** E(c,k) in kg of a cluster whose totals are given, for the cluster or by service; undefined where they are not. */
export function givenCluster(
  tables: MethodTables,
  month: string,
  clusterId: string,
  version: ModelVersion,
): PerCategory | undefined {
  const services = givenServices(tables, month, clusterId, version);
  if (services !== undefined) {
    return perCategory((category) => sum([...services.values()].map((service) => service[category])));
  }
  const row = (tables.cluster_emissions[month] ?? []).find((candidate) => candidate.cluster_id === clusterId);
  return row === undefined ? undefined : perCategory((category) => kg(row, category, version));
}

/** The tables without the sites of clusters whose totals are given: their energy is not in a grid's load. */
export function withoutGivenSites({ tables, month, version }: ExactMonth): MethodTables {
  const sites = tables.sites.filter(
    (site) => givenCluster(tables, month, site.cluster_id, version) === undefined,
  );
  const kept = new Set(sites.map((site) => site.site_id));
  return {
    ...tables,
    sites,
    electricity: tables.electricity.filter((row) => kept.has(row.site_id)),
    fuel_use: tables.fuel_use.filter((row) => kept.has(row.site_id)),
  };
}

type KgColumns = Record<`${(typeof BASE_CATEGORIES)[number]}_kg`, string> &
  Partial<Record<(typeof SCOPE_3_COLUMNS)[keyof typeof SCOPE_3_COLUMNS], string>>;

const SCOPE_3_COLUMNS = {
  s3_hardware: 'scope_3_hardware_kg',
  s3_buildings: 'scope_3_buildings_kg',
  s3_transport: 'scope_3_transport_kg',
  s3_fera_lbm: 'scope_3_fera_lbm_kg',
  s3_fera_mbm: 'scope_3_fera_mbm_kg',
} as const;

function kg(row: KgColumns, category: Category, version: ModelVersion): Fraction {
  if (!categoriesOf(version).includes(category)) return ZERO;
  const base = BASE_CATEGORIES.find((known) => known === category);
  if (base !== undefined) return decimal(row[`${base}_kg`]);
  const part = SCOPE_3_CATEGORIES.find((known) => known === category);
  return part === undefined ? ZERO : decimal(row[SCOPE_3_COLUMNS[part]] ?? '');
}
