import { InputError } from '../base/input-problem';
import type { InputFiles } from './input-files';
import { emptyTable, readTable, type TableContent, type TableReader } from './read-table';
import type { RowOf, TableSpec } from './table-spec';
import {
  ASSETS,
  CLUSTERS,
  CONTRACTS,
  ELECTRICITY,
  FERA_FACTORS,
  FUEL_FACTORS,
  FUEL_USE,
  GRID_FACTORS,
  GWP,
  INTERNAL_ACCOUNTS,
  PADDED_INTERNAL_ACCOUNTS,
  RACK_EMBODIED,
  REFRIGERANT_USE,
  SERVICES,
  SITES,
} from './tables';

/** Tables that may be missing where the totals of all clusters are given. */
export const ACTIVITY_TABLES: readonly string[] = [
  SITES,
  GRID_FACTORS,
  FUEL_FACTORS,
  GWP,
  FUEL_USE,
  ELECTRICITY,
  CONTRACTS,
].map(({ name }) => name);

/** Tables that only model versions with Scope 3 read; each may be missing. */
export const SCOPE_3_TABLES: readonly string[] = [RACK_EMBODIED, ASSETS, FERA_FACTORS, REFRIGERANT_USE].map(
  ({ name }) => name,
);

/** The tables at the root of an estate, as read. */
export interface StaticTables {
  readonly clusters: TableContent<RowOf<typeof CLUSTERS>>;
  readonly sites: TableContent<RowOf<typeof SITES>>;
  readonly gridFactors: TableContent<RowOf<typeof GRID_FACTORS>>;
  readonly fuelFactors: TableContent<RowOf<typeof FUEL_FACTORS>>;
  readonly gwp: TableContent<RowOf<typeof GWP>>;
  readonly fuelUse: TableContent<RowOf<typeof FUEL_USE>>;
  readonly electricity: TableContent<RowOf<typeof ELECTRICITY>>;
  readonly contracts: TableContent<RowOf<typeof CONTRACTS>>;
  readonly services: TableContent<RowOf<typeof SERVICES>>;
  readonly internalAccounts: TableContent<RowOf<typeof INTERNAL_ACCOUNTS>>;
  /** Read by model versions with Scope 3; each may be missing. */
  readonly rackEmbodied: TableContent<RowOf<typeof RACK_EMBODIED>>;
  readonly assets: TableContent<RowOf<typeof ASSETS>>;
  readonly feraFactors: TableContent<RowOf<typeof FERA_FACTORS>>;
  readonly refrigerantUse: TableContent<RowOf<typeof REFRIGERANT_USE>>;
}

/** The tables, and the names of those that have no file. */
export interface ReadStaticTables {
  readonly tables: StaticTables;
  readonly missing: ReadonlySet<string>;
}

/** Reads all tables at the root of an estate. */
export async function readStaticTables(
  reader: TableReader,
  files: InputFiles,
  padAccountIds: boolean,
): Promise<ReadStaticTables> {
  const missing = new Set<string>();
  const table = async <Row>(spec: TableSpec<Row>): Promise<TableContent<Row>> => {
    if (!files.hasStatic(spec.name)) missing.add(spec.name);
    try {
      return await readTable(reader, spec, [files.staticFile(spec.name)]);
    } catch (error) {
      if (error instanceof InputError) return emptyTable(error.problems);
      throw error;
    }
  };
  const optional = async <Row>(spec: TableSpec<Row>): Promise<TableContent<Row>> =>
    files.hasStatic(spec.name) ? table(spec) : emptyTable();
  const tables = {
    clusters: await table(CLUSTERS),
    sites: await table(SITES),
    gridFactors: await table(GRID_FACTORS),
    fuelFactors: await table(FUEL_FACTORS),
    gwp: await table(GWP),
    fuelUse: await table(FUEL_USE),
    electricity: await table(ELECTRICITY),
    contracts: await table(CONTRACTS),
    services: await table(SERVICES),
    internalAccounts: await table(padAccountIds ? PADDED_INTERNAL_ACCOUNTS : INTERNAL_ACCOUNTS),
    rackEmbodied: await optional(RACK_EMBODIED),
    assets: await optional(ASSETS),
    feraFactors: await optional(FERA_FACTORS),
    refrigerantUse: await optional(REFRIGERANT_USE),
  };
  return { tables, missing };
}
