import { defined } from '../../../base/defined';
import { type Category, type ModelVersion, type PerCategory, perCategory } from './categories';
import type { ExactMonth, ExactSettings, MethodTables, Row } from './estate-tables';
import { addTo, type Fraction, ONE, sum, ZERO } from './rational';
import { clusterEmissions, withEmbodied } from './step-1-clusters';
import { type Booking, bookings } from './step-1-embodied';
import { serving, servingIds } from './step-2-serving';
import {
  clusterToServices,
  isUsedServer,
  racksToServices,
  scaled,
  type ServiceEmissions,
} from './step-4-services';
import { type ClusterServices, servicesToAccounts } from './step-5-accounts';
import { type Drivers, driversFor, driversOf, isInternal } from './step-5-drivers';
import { givenServices } from './totals-from-elsewhere';

export { CATEGORIES, type Category, type ModelVersion, type PerCategory } from './categories';

/** The ledger of step 7 for one category, in kg: in = exported + everything retained. */
export type Ledger = {
  in: Fraction;
  exported: Fraction;
  retained_internal: Fraction;
  retained_unused: Fraction;
  retained_overhead: Fraction;
  retained_unclaimed: Fraction;
};

/** A month's result. */
export type NaiveMonth = {
  /** Per 'account|region|product' the row's emissions in kg (the export has MTCO2e), sorted by that key. */
  readonly rows: ReadonlyMap<string, PerCategory>;
  /** Per category the ledger in kg. */
  readonly ledgerKg: Record<Category, Ledger>;
};

/** The version a month has by default (step 0): v1.0.0 up to 2024-12, v2.0.0 from 2025-01. */
export function defaultVersion(month: string): ModelVersion {
  return month <= '2024-12' ? 'v1.0.0' : 'v2.0.0';
}

/**
 * Steps 1 to 7 of docs/methodology.md for one month of an estate with racks, in exact fractions: the independent
 * result that the product's own calculation is compared with. It is written to be compared with the method, not to be fast.
 *
 * @example
 * const { rows } = naiveMonth(tables, '2025-01', 'v2.0.0');
 * rows.get('428304348641|us-east-1|AmazonEC2')?.scope_1.valueOf(); // kg
 */
export function naiveMonth(
  tables: MethodTables,
  month: string,
  version: ModelVersion,
  settings?: ExactSettings,
): NaiveMonth {
  if (tables.usage[month] === undefined) throw new Error(`there is no usage for ${month}`);
  const drivers = driversOf(tables, month, version);
  const { perUnit, ledgerKg } = monthUnits({ tables, month, version, ...defined({ settings }) }, drivers);
  const rows = new Map<string, PerCategory>();
  for (const [clusterId, services] of perUnit) {
    for (const [code, kg] of services) addRows(tables, { clusterId, code, kg }, drivers, rows);
  }
  return { rows: new Map([...rows].sort(([left], [right]) => compareKeys(left, right))), ledgerKg };
}

/** A month's result before step 6. */
export type MonthUnits = {
  /** By serving cluster and claimed service: kg per unit of driver; also where it is 0. */
  readonly perUnit: ReadonlyMap<string, ReadonlyMap<string, PerCategory>>;
  /** Per category the ledger in kg. */
  readonly ledgerKg: Record<Category, Ledger>;
};

/**
 * Steps 1 to 5 and the ledger of step 7.
 *
 * @param drivers of each account, or of all customers and all internal accounts together under one id each
 * @throws Error when the month has no racks, or its emissions cannot be divided
 */
export function monthUnits(at: ExactMonth, drivers: Drivers): MonthUnits {
  const activity = clusterEmissions(at);
  const weights = weightsOf(at);
  const serverIds = servingIds(at, { drivers, weights });
  const embodied = markedBookings(at, serverIds);
  const clusterLevel = withEmbodied(activity, embodied, ({ ofRack, inService, retired }) =>
    ofRack ? retired : inService.add(retired),
  );
  const served = serving(at, serverIds, clusterLevel);
  const perUnit = new Map<string, Map<string, PerCategory>>();
  const ledgerKg = perCategory((category) => {
    const ofRacks = embodied.filter((booking) => booking.ofRack && booking.category === category);
    const terms: Terms = {
      ...{ exported: [], internal: [], unused: [], unclaimed: [] },
      overhead: [served.overhead[category]],
    };
    for (const [clusterId, kg] of served.emissions) {
      const given = givenServices(at.tables, at.month, clusterId, at.version);
      const perKg = weights.get(clusterId);
      const reached = reachedOf(given, perKg, category, kg[category]);
      terms.unused.push(reached.unused);
      terms.overhead.push(reached.overhead);
      const racks = rackKg(ofRacks.filter((booking) => booking.clusterId === clusterId));
      const services =
        racks.size === 0 ? reached.services : added(reached.services, racksToServices(at, clusterId, racks));
      const cluster = { clusterId, services, weights: given === undefined ? perKg?.services : undefined };
      perUnit.set(
        clusterId,
        withCategory(perUnit.get(clusterId), category, addServices(at, drivers, cluster, terms)),
      );
    }
    const all = [...clusterLevel.values()].map((emission) => emission[category]);
    return ledgerOf([...all, ...ofRacks.map(({ inService }) => inService)], terms);
  });
  return { perUnit, ledgerKg };
}

/** Marks the embodied carbon that stays with its rack: that of a used server rack in a serving cluster. */
function markedBookings(
  at: ExactMonth,
  serverIds: readonly string[],
): (Booking & { readonly ofRack: boolean })[] {
  return bookings(at).map((booking) => ({
    ...booking,
    ofRack:
      booking.rackId !== undefined &&
      serverIds.includes(booking.clusterId) &&
      isUsedServer(at, booking.rackId),
  }));
}

/** Embodied carbon in service by rack_id, in kg. */
function rackKg(ofRacks: readonly Booking[]): Map<string, Fraction> {
  const racks = new Map<string, Fraction>();
  for (const { rackId, inService } of ofRacks) addTo(racks, rackId ?? '', inService);
  return racks;
}

function added(
  left: ReadonlyMap<string, Fraction>,
  right: ReadonlyMap<string, Fraction>,
): Map<string, Fraction> {
  const sums = new Map(left);
  for (const [code, kg] of right) addTo(sums, code, kg);
  return sums;
}

/** W(c,s) of every cluster without given totals: what its services get of 1 kg. */
function weightsOf(at: ExactMonth): Map<string, ServiceEmissions> {
  const { tables, month, version } = at;
  const computed = tables.clusters.filter(
    ({ cluster_id: id }) => givenServices(tables, month, id, version) === undefined,
  );
  if (computed.length > 0 && (tables.racks[month] ?? []).length === 0)
    throw new Error(`there are no racks for ${month}`);
  // Dependencies without a solution are an error of the month in every cluster, also in one that is not open.
  return new Map(computed.map(({ cluster_id: id }) => [id, clusterToServices(at, id, ONE)]));
}

/** Divides a cluster's services over the accounts, adds to the ledger, and returns kg per unit of driver by service. */
function addServices(
  { tables, version }: ExactMonth,
  drivers: Drivers,
  cluster: ClusterServices,
  terms: Terms,
): ReadonlyMap<string, Fraction> {
  const { clusterId } = cluster;
  const { perUnit, unclaimed } = servicesToAccounts(cluster, version, drivers);
  terms.unclaimed.push(unclaimed);
  for (const [code, unit] of perUnit) addAccounts(tables, unit, driversFor(drivers, clusterId, code), terms);
  return perUnit;
}

/** The kg per unit of a cluster's services with those of one more category. */
function withCategory(
  before: ReadonlyMap<string, PerCategory> = new Map(),
  category: Category,
  units: ReadonlyMap<string, Fraction>,
): Map<string, PerCategory> {
  const services = new Map(before);
  for (const [code, unit] of units) {
    services.set(code, { ...(before.get(code) ?? perCategory(() => ZERO)), [category]: unit });
  }
  return services;
}

/** Terms of the ledger's entries, in kg. */
type Terms = Record<'exported' | 'internal' | 'unused' | 'overhead' | 'unclaimed', Fraction[]>;

function ledgerOf(emitted: readonly Fraction[], terms: Terms): Ledger {
  return {
    in: sum(emitted),
    exported: sum(terms.exported),
    retained_internal: sum(terms.internal),
    retained_unused: sum(terms.unused),
    retained_overhead: sum(terms.overhead),
    retained_unclaimed: sum(terms.unclaimed),
  };
}

/** Emissions of customers are exported, those of internal accounts are retained. */
function addAccounts(
  tables: MethodTables,
  kgPerUnit: Fraction,
  drivers: ReadonlyMap<string, Fraction>,
  { exported, internal }: Terms,
): void {
  const all = [...drivers];
  const kept = sum(all.flatMap(([account, driver]) => (isInternal(tables, account) ? [driver] : [])));
  const customers = sum(all.map(([, driver]) => driver)).sub(kept);
  exported.push(kgPerUnit.mul(customers));
  internal.push(kgPerUnit.mul(kept));
}

/** Emissions of a cluster's services for accounts: as given, or computed from the cluster's emission. */
function reachedOf(
  given: ReadonlyMap<string, PerCategory> | undefined,
  perKg: ServiceEmissions | undefined,
  category: Category,
  kg: Fraction,
): ServiceEmissions {
  if (given !== undefined) {
    const services = new Map([...given].map(([code, service]) => [code, service[category]]));
    return { services, unused: ZERO, overhead: ZERO };
  }
  if (perKg === undefined) throw new Error('a serving cluster has no weights');
  return scaled(perKg, kg);
}

/** Step 6 for one service in a cluster: every account with a driver that is not internal has a row. */
function addRows(
  tables: MethodTables,
  { clusterId, code, kg }: { readonly clusterId: string; readonly code: string; readonly kg: PerCategory },
  drivers: Drivers,
  rows: Map<string, PerCategory>,
): void {
  const region = regionOf(tables, clusterId);
  for (const [account, driver] of driversFor(drivers, clusterId, code)) {
    if (isInternal(tables, account)) continue;
    const key = `${account}|${region}|${code}`;
    const row = rows.get(key) ?? perCategory(() => ZERO);
    rows.set(
      key,
      perCategory((category) => row[category].add(kg[category].mul(driver))),
    );
  }
}

/** The region_code of a cluster's rows: edge clusters are all 'global'. */
export function regionOf(tables: MethodTables, clusterId: string): string {
  const cluster = tables.clusters.find((row: Row<'clusters'>) => row.cluster_id === clusterId);
  if (cluster === undefined) throw new Error(`${clusterId} is not a cluster`);
  return cluster.kind === 'edge' ? 'global' : cluster.region_code;
}

/** By account, region and product, each as plain text. */
function compareKeys(left: string, right: string): number {
  const lefts = left.split('|');
  const rights = right.split('|');
  for (const [at, part] of lefts.entries()) {
    const other = rights[at] ?? '';
    if (part !== other) return part < other ? -1 : 1;
  }
  return 0;
}
