import type { TableContent } from './read-table';
import type { RowOf } from './table-spec';
import type {
  CLUSTERS,
  CONTRACTS,
  ELECTRICITY,
  FUEL_FACTORS,
  FUEL_USE,
  GRID_FACTORS,
  GWP,
  INTERNAL_ACCOUNTS,
  SERVICES,
  SITES,
} from './tables';

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
