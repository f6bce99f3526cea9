import { InputError } from '../base/input-problem';
import type { InputFiles } from './input-files';
import { readTable, type TableContent, type TableReader } from './read-table';
import type { RowOf, TableSpec } from './table-spec';
import {
  CLUSTERS,
  CONTRACTS,
  ELECTRICITY,
  FUEL_FACTORS,
  FUEL_USE,
  GRID_FACTORS,
  GWP,
  INTERNAL_ACCOUNTS,
  PADDED_INTERNAL_ACCOUNTS,
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
      if (error instanceof InputError) return { rows: [], problems: error.problems, files: [] };
      throw error;
    }
  };
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
  };
  return { tables, missing };
}
