import { CATEGORIES, type Category, type ModelVersion, type PerCategory, perCategory } from './categories';
import type { MethodTables, Row } from './estate-tables';
import { type Fraction, ONE, sum, ZERO } from './rational';
import { locationBased, marketBased } from './step-1-electricity';
import { scopeOne } from './step-1-fuel';
import { serving } from './step-2-serving';
import { clusterToServices, scaled, type ServiceEmissions } from './step-4-services';
import { servicesToAccounts } from './step-5-accounts';
import { type Drivers, driversFor, driversOf } from './step-5-drivers';
import { givenCluster, givenServices, withoutGivenSites } from './totals-from-elsewhere';

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
 * Steps 1 to 7 of docs/methodology.md for one month of an estate with racks, in exact fractions: the second opinion that the
 * product's own calculation is compared with. It is written to be read against the method, not to be fast.
 *
 * @example
 * const { rows } = naiveMonth(tables, '2025-01', 'v2.0.0');
 * rows.get('428304348641|us-east-1|AmazonEC2')?.scope_1.valueOf(); // kg
 */
export function naiveMonth(tables: MethodTables, month: string, version: ModelVersion): NaiveMonth {
  if (tables.usage[month] === undefined) throw new Error(`there is no usage for ${month}`);
  return exactMonth(tables, month, version, driversOf(tables, month, version));
}

/**
 * As {@link naiveMonth}, with the usage summed already: it may be large. Rows that are broken down have the part's value
 * at the end of their keys.
 */
export function exactMonth(
  tables: MethodTables,
  month: string,
  version: ModelVersion,
  drivers: Drivers,
  { productOf = (code) => code, partsOf = () => WHOLE }: RowRules = {},
): NaiveMonth {
  const given = (id: string): ReadonlyMap<string, PerCategory> | undefined =>
    givenServices(tables, month, id);
  const needsRacks = tables.clusters.some(({ cluster_id: id }) => given(id) === undefined);
  if (needsRacks && (tables.racks[month] ?? []).length === 0)
    throw new Error(`there are no racks for ${month}`);
  const emitted = clusterEmissions(tables, month);
  // Dependencies without a solution are an error of the month wherever they stand, also in a cluster that is not open.
  const weights = new Map(
    tables.clusters
      .filter(({ cluster_id: id }) => given(id) === undefined)
      .map(({ cluster_id: id }) => [id, clusterToServices(tables, month, version, id, ONE)]),
  );
  const { emissions, overhead } = serving(tables, month, version, emitted, drivers, weights);

  const rows = new Map<string, PerCategory>();
  const ledgerKg = perCategory((category) => opened(sum([...emitted.values()].map((kg) => kg[category]))));
  for (const category of CATEGORIES) {
    const ledger = ledgerKg[category];
    ledger.retained_overhead = overhead[category];
    for (const [clusterId, kg] of emissions) {
      const reached = reachedOf(given(clusterId), weights.get(clusterId), category, kg[category]);
      const { perUnit, unclaimed } = servicesToAccounts(reached.services, clusterId, version, drivers);
      ledger.retained_unused = ledger.retained_unused.add(reached.unused);
      ledger.retained_overhead = ledger.retained_overhead.add(reached.overhead);
      ledger.retained_unclaimed = ledger.retained_unclaimed.add(unclaimed);
      addRows({ tables, drivers, productOf, partsOf }, clusterId, category, perUnit, rows, ledger);
    }
  }
  return { rows: new Map([...rows].sort(([left], [right]) => compareKeys(left, right))), ledgerKg };
}

/** What services of a cluster have for accounts: as it is given, or what the cluster's emission comes to. */
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
  if (perKg === undefined) throw new Error('a cluster that serves has no weights');
  return scaled(perKg, kg);
}

/** Step 1: E(c,k) of every cluster, in kg, computed or given. */
export function clusterEmissions(all: MethodTables, month: string): Map<string, PerCategory> {
  const tables = withoutGivenSites(all, month);
  return new Map(
    tables.clusters.map(({ cluster_id: id }) => {
      const total = givenCluster(all, month, id);
      if (total !== undefined) return [id, total];
      const sites = tables.sites.filter((site) => site.cluster_id === id);
      const kg: PerCategory = {
        scope_1: scopeOne(tables, month, id),
        scope_2_lbm: sum(sites.map((site) => locationBased(tables, month, site))),
        scope_2_mbm: sum(sites.map((site) => marketBased(tables, month, site))),
      };
      return [id, kg];
    }),
  );
}

/** How rows are made of what accounts have. */
export type RowRules = {
  /** product_code that rows show for a service. */
  readonly productOf?: (code: string) => string;
  /** What an account's usage of a service in a cluster is broken down into; shares add up to 1. */
  readonly partsOf?: (
    account: string,
    clusterId: string,
    code: string,
  ) => readonly { readonly value: string | undefined; readonly share: Fraction }[];
};

/** Usage that is not broken down. */
const WHOLE = [{ value: undefined, share: ONE }];

type RowContext = Required<RowRules> & { readonly tables: MethodTables; readonly drivers: Drivers };

/** Step 6 for one cluster and category: internal accounts are kept back, all others become rows. */
function addRows(
  { tables, drivers, productOf, partsOf }: RowContext,
  clusterId: string,
  category: Category,
  perUnit: ReadonlyMap<string, Fraction>,
  rows: Map<string, PerCategory>,
  ledger: Ledger,
): void {
  const internal = new Set(tables.internal_accounts.map((row) => row.account_id));
  const region = regionOf(tables, clusterId);
  for (const [code, kgPerUnit] of perUnit) {
    let [customers, kept] = [ZERO, ZERO];
    for (const [account, driver] of driversFor(drivers, clusterId, code)) {
      if (internal.has(account)) {
        kept = kept.add(driver);
        continue;
      }
      customers = customers.add(driver);
      const whole = `${account}|${region}|${productOf(code)}`;
      for (const { value, share } of partsOf(account, clusterId, code)) {
        const key = value === undefined ? whole : `${whole}|${value}`;
        const row = rows.get(key) ?? perCategory(() => ZERO);
        row[category] = row[category].add(kgPerUnit.mul(driver).mul(share));
        rows.set(key, row);
      }
    }
    ledger.exported = ledger.exported.add(kgPerUnit.mul(customers));
    ledger.retained_internal = ledger.retained_internal.add(kgPerUnit.mul(kept));
  }
}

/** The region_code of a cluster's rows: edge clusters are all 'global'. */
function regionOf(tables: MethodTables, clusterId: string): string {
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

function opened(total: Fraction): Ledger {
  return {
    in: total,
    exported: ZERO,
    retained_internal: ZERO,
    retained_unused: ZERO,
    retained_overhead: ZERO,
    retained_unclaimed: ZERO,
  };
}
