import type { AccountId } from '../base/account-id';
import type { Kg } from '../base/mass';
import type { Month } from '../base/month';
import type { KgByCategory } from './categories';

/** Kind of a cluster: an AWS Region, or a group of edge locations that is exported as `global`. */
export type ClusterKind = 'region' | 'edge';

/** A Region or an edge cluster. `openedOn` is the day `YYYY-MM-DD` it opened to customers. */
export interface Cluster {
  readonly clusterId: string;
  readonly kind: ClusterKind;
  /** region_code of the export: the Region's own, or `global` for edge clusters. */
  readonly regionCode: string;
  /** location of the export: the Region's name, or `Global` for edge clusters. */
  readonly location: string;
  readonly openedOn?: string;
}

/** A data center: it belongs to one cluster and draws from one grid. */
export interface Site {
  readonly siteId: string;
  readonly clusterId: string;
  readonly gridId: string;
}

/** Energy of a site in the month, MWh. Several rows of one site add up. */
export interface ElectricityUse {
  readonly siteId: string;
  readonly mwh: number;
  readonly basis: string;
}

/** kgCO2e per kWh of a grid: the factors that hold for the month's year, and the year they are of. */
export interface GridFactor {
  readonly gridId: string;
  readonly year: number;
  readonly locationBasedKgPerKwh: number;
  /** undefined: no residual mix is published; the location-based factor replaces it. */
  readonly residualMixKgPerKwh?: number;
  readonly source: string;
}

/** Contractual instruments for electricity, in the order in which they are used. */
export const CONTRACT_KINDS = ['certificate', 'ppa', 'supplier'] as const;

/** One of the {@link CONTRACT_KINDS}. */
export type ContractKind = (typeof CONTRACT_KINDS)[number];

/** A contract that covers the month: `mwh` of the whole period (`YYYY` or `YYYY-MM`) at `kgPerKwh` kgCO2e per kWh. */
export interface Contract {
  readonly contractId: string;
  readonly kind: ContractKind;
  readonly gridId: string;
  readonly period: string;
  readonly mwh: number;
  readonly kgPerKwh: number;
}

/** One fuel entry of a site over a period (`YYYY` or `YYYY-MM`), already in kgCO2e. */
export interface FuelEntry {
  readonly siteId: string;
  readonly period: string;
  readonly fuel: string;
  readonly quantity: number;
  readonly unit: string;
  /** quantity x (co2_kg x GWP_co2 + ch4_kg x GWP_ch4 + n2o_kg x GWP_n2o), kgCO2e. */
  readonly kg: Kg;
}

/**
 * The fuel entries of one cluster's Scope 1 in the month. `actual`: entries of the month and of its year. `estimated`:
 * entries of the latest earlier year L and of L-1. `none`: the cluster has no entries.
 */
export interface FuelRecord {
  readonly clusterId: string;
  readonly basis: 'actual' | 'estimated' | 'none';
  /** L, for `estimated`. */
  readonly latestYear?: number;
  readonly entries: readonly FuelEntry[];
}

/** How a service's emissions are shared among accounts: by usage_quantity or by usage_revenue. */
export type AllocationBasis = 'physical' | 'economic';

/** A service that is sold. */
export interface Service {
  readonly productCode: string;
  readonly serviceName: string;
  readonly basis: AllocationBasis;
}

/** A rack and its power draw, kW. Overhead racks hold network and storage heads that serve no service directly. */
export interface Rack {
  readonly rackId: string;
  readonly clusterId: string;
  readonly kind: 'server' | 'overhead';
  readonly powerKw: number;
}

/** u(r,s): the share of a rack's resources that a service used, 0..1, as number and as the exact text of the input. */
export interface RackUse {
  readonly rackId: string;
  readonly productCode: string;
  readonly share: number;
  readonly shareText: string;
}

/** A(f,g): the share of the provider's emissions that the consumer causes. `clusterId` `*` means every cluster. */
export interface ServiceUse {
  readonly clusterId: string;
  readonly providerCode: string;
  readonly consumerCode: string;
  readonly share: number;
  readonly shareText: string;
}

/** n(c,s): the emissions of a service for accounts, kgCO2e, computed elsewhere. */
export interface GivenService {
  readonly productCode: string;
  readonly kg: KgByCategory;
}

/**
 * Totals of a cluster that were computed elsewhere, kgCO2e. A total of the cluster replaces step 1; totals of its services
 * replace steps 1 to 4.
 */
export type GivenTotals = { readonly clusterId: string; readonly kg: KgByCategory } & (
  { readonly by: 'cluster' } | { readonly by: 'service'; readonly services: readonly GivenService[] }
);

/**
 * Everything of an estate that one month's calculation may read, except usage, in a fixed order. Nothing else of an estate
 * can change a number, so the month's fingerprint is made from it.
 */
export interface MonthEstate {
  readonly month: Month;
  readonly clusters: readonly Cluster[];
  readonly sites: readonly Site[];
  readonly electricity: readonly ElectricityUse[];
  readonly gridFactors: readonly GridFactor[];
  readonly contracts: readonly Contract[];
  readonly fuelRecords: readonly FuelRecord[];
  readonly services: readonly Service[];
  /** The operator's own accounts. */
  readonly internalAccounts: readonly AccountId[];
  readonly racks: readonly Rack[];
  readonly rackUse: readonly RackUse[];
  readonly serviceUse: readonly ServiceUse[];
  /** Ordered by cluster_id. Their sites are not among `sites`: their energy is not in a grid's load. */
  readonly givenTotals: readonly GivenTotals[];
}
