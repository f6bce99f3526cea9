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
  /** Read where the version includes Scope 3. */
  readonly assured?: Assurance;
}

/** Whether an activity is assured by a third party; blank: unknown. It changes no figure. */
export type Assurance = 'yes' | 'no' | '';

/** kgCO2e per kWh of a grid: the factors that hold for the month's year, and the year they are of. */
export interface GridFactor {
  readonly gridId: string;
  readonly year: number;
  readonly locationBasedKgPerKwh: number;
  /** undefined: no residual mix is published; the location-based factor replaces it. */
  readonly residualMixKgPerKwh?: number;
  readonly source: string;
  /** Who verified the factor; read where the version includes Scope 3. */
  readonly verifiedBy?: string;
}

/** Fuel- and energy-related factors of a grid that hold for the month's year, kgCO2e per kWh, and the year they are of. */
export interface FeraFactor {
  readonly gridId: string;
  readonly year: number;
  readonly upstreamKgPerKwh: number;
  /** Transmission and distribution: kgCO2e per kWh, or the share of fed-in energy that is lost. */
  readonly td: { readonly kgPerKwh: number } | { readonly lossRate: number };
  /** undefined: the upstream factor replaces it. */
  readonly residualUpstreamKgPerKwh?: number;
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
  /** undefined: the grid's location-based upstream factor replaces it. */
  readonly upstreamKgPerKwh?: number;
  /** undefined: transmission and distribution of the grid's location-based factors replace it. */
  readonly tdKgPerKwh?: number;
}

/** Kinds of Scope 1 emissions, each with its own entries and estimate. */
export const FUEL_FAMILIES = ['generator', 'natural_gas', 'refrigerant'] as const;

/** One of the {@link FUEL_FAMILIES}. */
export type FuelFamily = (typeof FUEL_FAMILIES)[number];

/** One entry of fuel or refrigerant of a site over a period (`YYYY` or `YYYY-MM`), already in kgCO2e. */
export interface FuelEntry {
  readonly siteId: string;
  readonly period: string;
  readonly fuel: string;
  readonly quantity: number;
  readonly unit: string;
  /** quantity x (co2_kg x GWP_co2 + ch4_kg x GWP_ch4 + n2o_kg x GWP_n2o), or quantity x GWP of a refrigerant, kgCO2e. */
  readonly kg: Kg;
  /** Well to tank, kgCO2e; undefined where the factor is blank, which counts as 0. Read where the version includes Scope 3. */
  readonly upstreamKg?: Kg;
  /** Read where the version includes Scope 3. */
  readonly assured?: Assurance;
  /** Who verified the factor; read where the version includes Scope 3. */
  readonly verifiedBy?: string;
  /** Day on which the factor was published; blank: unknown. Read where the version includes Scope 3. */
  readonly publishedOn?: string;
}

/**
 * What one family of one cluster's Scope 1 of the month is made of: entries of the month and of its year (`actual`), entries of
 * the latest earlier year L and of L-1 (`estimated`), or nothing at all (`none`).
 */
export interface FuelRecord {
  readonly clusterId: string;
  readonly basis: 'actual' | 'estimated' | 'none';
  /** L, for `estimated`. */
  readonly latestYear?: number;
  readonly entries: readonly FuelEntry[];
  readonly family: FuelFamily;
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

/** A rack or an asset with the emissions of its making and of its way to the data center, kgCO2e. */
export interface EmbodiedItem {
  /** rack_id or asset_id. */
  readonly id: string;
  /** Of an asset at a site, the site's cluster; of a rack, where it counts while it is in no cluster of the month. */
  readonly clusterId: string;
  readonly kind: 'rack' | 'building' | 'equipment';
  readonly inServiceOn: string;
  readonly embodiedKg: Kg;
  readonly transportKg: Kg;
  readonly serviceMonths: number;
  readonly retiredOn?: string;
  /** How the embodied carbon was found; blank: unknown. */
  readonly method: string;
}

/** What becomes of the embodied carbon of a rack or asset that is retired before the end of its service life. */
export type EarlyRetirement = 'continue' | 'write_off';

/** What only versions with Scope 3 read. */
export interface Scope3Inputs {
  /** Racks and assets, ordered by kind and id. */
  readonly embodied: readonly EmbodiedItem[];
  /** Undefined: the estate has no fera_factors. */
  readonly feraFactors?: readonly FeraFactor[];
  readonly earlyRetirement: EarlyRetirement;
  /** Assessment report of the warming potentials, such as AR6; blank: unknown. */
  readonly assessmentReport: string;
}

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
  /** Present where the version includes Scope 3. */
  readonly scope3?: Scope3Inputs;
}
