import { lastDay, shareOfPeriod, yearOf } from '../../../shared/audit/verify/exact/calendar';
import type { MonthlyTable, MonthlyTables, Row } from '../../../shared/audit/verify/exact/estate-tables';
import {
  decimal,
  type Fraction,
  isPositive,
  isZero,
  ONE,
  sum,
  ZERO,
} from '../../../shared/audit/verify/exact/rational';
import { clusterToServices } from '../../../shared/audit/verify/exact/step-4-services';
import { driversOf, driverTotal, isInternal } from '../../../shared/audit/verify/exact/step-5-drivers';
import type { EstateTables } from './estate-tables';

type Feature = { readonly feature: string; readonly isIn: (tables: EstateTables) => boolean };

/** The month whose monthly tables are checked. */
const MONTH = '2025-01';

/** Clusters, their opening and what they lack. */
const CLUSTER_FEATURES: readonly Feature[] = [
  { feature: 'two clusters', isIn: (t) => t.clusters.length === 2 },
  { feature: 'six clusters', isIn: (t) => t.clusters.length === 6 },
  { feature: 'global rows of several clusters', isIn: hasAddedRows },
  { feature: 'a cluster that opens on the last day', isIn: (t) => opensOn(t, lastDay(MONTH)) },
  { feature: 'a cluster that opens the day after', isIn: (t) => opensOn(t, '2025-02-01') },
  { feature: 'a cluster never open', isIn: (t) => t.clusters.some((c) => c.opened_on > '2025-02-28') },
  {
    feature: 'a cluster without usage',
    isIn: (t) => someCluster(t, (id) => usageOf(t, id).length === 0),
  },
  {
    feature: 'a cluster without racks',
    isIn: (t) => someCluster(t, (id) => racksOf(t, id).length === 0),
  },
  { feature: 'a cluster without server power', isIn: (t) => someCluster(t, (id) => hasNoPower(t, id)) },
  { feature: 'a cluster without rack use', isIn: (t) => someCluster(t, (id) => hasNoRackUse(t, id)) },
  { feature: 'a cluster without sites', isIn: (t) => someCluster(t, (id) => sitesOf(t, id).length === 0) },
  {
    feature: 'a cluster whose used services keep nothing',
    isIn: (t) => someCluster(t, (id) => isSwallowed(t, id)),
  },
];

/** What step 1 reads. */
const EMISSION_FEATURES: readonly Feature[] = [
  {
    feature: 'a grid of several clusters',
    isIn: (t) => t.grid_factors.some((f) => clustersOf(t, f.grid_id) > 1),
  },
  { feature: 'several sites of a cluster', isIn: (t) => someCluster(t, (id) => sitesOf(t, id).length > 1) },
  {
    feature: 'a blank residual mix',
    isIn: (t) => t.grid_factors.some((f) => f.residual_mix_kg_per_kwh === ''),
  },
  {
    feature: 'a residual mix of 0',
    isIn: (t) => t.grid_factors.some((f) => f.residual_mix_kg_per_kwh === '0'),
  },
  { feature: 'a year with factors', isIn: (t) => t.sites.some((s) => hasFactor(t, s.grid_id, '2025')) },
  { feature: 'a year without factors', isIn: (t) => t.sites.some((s) => !hasFactor(t, s.grid_id, '2025')) },
  { feature: 'factors of the future', isIn: (t) => t.grid_factors.some((f) => f.year === '2026') },
  { feature: 'certificates', isIn: (t) => t.contracts.some((c) => c.kind === 'certificate') },
  { feature: 'power purchase agreements', isIn: (t) => t.contracts.some((c) => c.kind === 'ppa') },
  { feature: 'supplier contracts', isIn: (t) => t.contracts.some((c) => c.kind === 'supplier') },
  { feature: 'contracts of a month', isIn: (t) => t.contracts.some((c) => c.period === MONTH) },
  { feature: 'contracts of a year', isIn: (t) => t.contracts.some((c) => c.period === '2025') },
  {
    feature: 'contracts for more than the load',
    isIn: (t) => someGrid(t, (load, mwh) => mwh.compare(load) > 0),
  },
  {
    feature: 'contracts for less',
    isIn: (t) => someGrid(t, (load, mwh) => isPositive(mwh) && mwh.compare(load) < 0),
  },
  { feature: 'fuel of a month', isIn: (t) => t.fuel_use.some((f) => f.period === MONTH) },
  { feature: 'fuel of a year', isIn: (t) => t.fuel_use.some((f) => f.period === '2024') },
  {
    feature: 'a site that never burns anything',
    isIn: (t) => t.sites.some((s) => fuelOf(t, [s.site_id]).length === 0),
  },
  {
    feature: 'a cluster without any fuel',
    isIn: (t) => someCluster(t, (id) => clusterFuel(t, id).length === 0),
  },
  { feature: 'fuel after a year of none', isIn: (t) => someGrowth(t, (growth) => growth === undefined) },
  { feature: 'growth above 2', isIn: (t) => someGrowth(t, (growth = 1) => growth > 2) },
  { feature: 'growth below 0.5', isIn: (t) => someGrowth(t, (growth = 1) => growth < 0.5) },
  { feature: 'growth between', isIn: (t) => someGrowth(t, (growth = 0) => growth > 0.5 && growth < 2) },
  { feature: 'growth over two years', isIn: (t) => someCluster(t, (id) => latestFuelYear(t, id) === 2023) },
  { feature: 'several bills of a month', isIn: (t) => t.sites.some((s) => billsOf(t, s.site_id) > 1) },
  { feature: 'a site without a bill', isIn: (t) => t.sites.some((s) => billsOf(t, s.site_id) === 0) },
];

/** What steps 3 and 4 read. */
const RACK_FEATURES: readonly Feature[] = [
  { feature: 'overhead racks', isIn: (t) => of(t, 'racks').some((r) => r.kind === 'overhead') },
  { feature: 'racks without power', isIn: (t) => of(t, 'racks').some((r) => r.power_kw === '0') },
  { feature: 'idle racks beside used ones', isIn: (t) => someCluster(t, (id) => hasIdleBesideUsed(t, id)) },
  {
    feature: 'racks used to exactly 1',
    isIn: (t) => of(t, 'racks').some((r) => usedOf(t, r.rack_id).equals(ONE)),
  },
  {
    feature: 'racks whose use doubles get wrong',
    isIn: (t) => of(t, 'racks').some((r) => foolsDoubles(t, r.rack_id)),
  },
  { feature: 'racks used in part', isIn: (t) => of(t, 'racks').some((r) => isPart(usedOf(t, r.rack_id))) },
  {
    feature: 'a wholly consumed provider',
    isIn: (t) => of(t, 'service_use').some((d) => passedOn(t, d).equals(ONE)),
  },
  {
    feature: 'two services that use each other',
    isIn: (t) => of(t, 'service_use').some((d) => hasOpposite(t, d)),
  },
  { feature: 'a service that uses itself', isIn: (t) => of(t, 'service_use').some(isOwn) },
  { feature: "a cluster's own dependencies", isIn: (t) => of(t, 'service_use').some((d) => overrides(t, d)) },
  {
    feature: 'a used service without racks',
    isIn: (t) => someService(t, (code) => isUsed(t, code) && !isRacked(t, code)),
  },
  {
    feature: 'an unused service with racks',
    isIn: (t) => someService(t, (code) => !isUsed(t, code) && isRacked(t, code)),
  },
];

/** What step 5 reads. */
const USAGE_FEATURES: readonly Feature[] = [
  { feature: 'both kinds of services', isIn: (t) => new Set(t.services.map((s) => s.basis)).size === 2 },
  { feature: 'negative revenue', isIn: (t) => of(t, 'usage').some((u) => u.usage_revenue.startsWith('-')) },
  {
    feature: 'negative quantities',
    isIn: (t) => of(t, 'usage').some((u) => u.usage_quantity.startsWith('-')),
  },
  {
    feature: 'net-negative revenue',
    isIn: (t) => of(t, 'usage').some((u) => netRevenue(t, u).compare(ZERO) < 0),
  },
  { feature: 'net revenue of exactly 0', isIn: (t) => of(t, 'usage').some((u) => hasCancelled(t, u)) },
  { feature: 'blank quantities', isIn: (t) => of(t, 'usage').some((u) => u.usage_quantity === '') },
  { feature: 'blank revenue', isIn: (t) => of(t, 'usage').some((u) => u.usage_revenue === '') },
  {
    feature: 'a quantity of 1e-9',
    isIn: (t) => of(t, 'usage').some((u) => u.usage_quantity === '0.000000001'),
  },
  {
    feature: 'a quantity of 1e12',
    isIn: (t) => of(t, 'usage').some((u) => u.usage_quantity === '1000000000000'),
  },
  {
    feature: 'internal accounts',
    isIn: (t) => of(t, 'usage').some((u) => isInternal(t, u.usage_account_id)),
  },
  { feature: 'no internal accounts', isIn: (t) => t.internal_accounts.length === 0 },
  { feature: 'accounts outside accounts.json', isIn: (t) => of(t, 'usage').some((u) => !isListed(t, u)) },
  {
    feature: 'account ids with leading zeros',
    isIn: (t) => of(t, 'usage').some((u) => u.usage_account_id.startsWith('0')),
  },
  { feature: 'text that needs quotes', isIn: (t) => t.services.some((s) => s.service_name.includes('"')) },
];

/** What must occur among random estates, each found in the tables and not in how they were drawn. */
export const FEATURES: readonly Feature[] = [
  ...CLUSTER_FEATURES,
  ...EMISSION_FEATURES,
  ...RACK_FEATURES,
  ...USAGE_FEATURES,
];

function of<Table extends MonthlyTable>(tables: MonthlyTables, table: Table): readonly Row<Table>[] {
  const months: Record<string, Row<Table>[]> = tables[table];
  return months[MONTH] ?? [];
}

function racksOf(tables: EstateTables, id: string): readonly Row<'racks'>[] {
  return of(tables, 'racks').filter((row) => row.cluster_id === id);
}

function usageOf(tables: EstateTables, id: string): readonly Row<'usage'>[] {
  return of(tables, 'usage').filter((row) => row.cluster_id === id);
}

function someCluster(tables: EstateTables, rule: (clusterId: string) => boolean): boolean {
  return tables.clusters.some((cluster) => rule(cluster.cluster_id));
}

function someService(tables: EstateTables, rule: (code: string) => boolean): boolean {
  return tables.services.some((service) => rule(service.product_code));
}

function opensOn(tables: EstateTables, day: string): boolean {
  return tables.clusters.some((cluster) => cluster.opened_on === day);
}

/** One account uses one service in two edge clusters. */
function hasAddedRows(tables: EstateTables): boolean {
  const edges = tables.clusters
    .filter((cluster) => cluster.kind === 'edge')
    .map((cluster) => cluster.cluster_id);
  const uses = of(tables, 'usage').filter((row) => edges.includes(row.cluster_id));
  const isSame = (one: Row<'usage'>, other: Row<'usage'>): boolean =>
    one.usage_account_id === other.usage_account_id && one.product_code === other.product_code;
  return uses.some((one) => uses.some((other) => isSame(one, other) && one.cluster_id !== other.cluster_id));
}

function hasNoPower(tables: EstateTables, id: string): boolean {
  return serversOf(tables, id).every((rack) => isZero(decimal(rack.power_kw)));
}

function hasNoRackUse(tables: EstateTables, id: string): boolean {
  return !hasNoPower(tables, id) && serversOf(tables, id).every((rack) => isOffOrIdle(tables, rack));
}

function isOffOrIdle(tables: EstateTables, rack: Row<'racks'>): boolean {
  return isZero(decimal(rack.power_kw)) || isZero(usedOf(tables, rack.rack_id));
}

function hasIdleBesideUsed(tables: EstateTables, id: string): boolean {
  const on = serversOf(tables, id).filter((rack) => isPositive(decimal(rack.power_kw)));
  return new Set(on.map((rack) => isZero(usedOf(tables, rack.rack_id)))).size === 2;
}

function serversOf(tables: EstateTables, id: string): readonly Row<'racks'>[] {
  return racksOf(tables, id).filter((rack) => rack.kind === 'server');
}

function usedOf(tables: EstateTables, rackId: string): Fraction {
  return sum(sharesOf(tables, rackId).map(decimal));
}

function sharesOf(tables: EstateTables, rackId: string): string[] {
  return of(tables, 'rack_use').flatMap((row) => (row.rack_id === rackId ? [row.share] : []));
}

/** Shares of exactly 1 whose doubles, added in the order of the table, are something else. */
function foolsDoubles(tables: EstateTables, rackId: string): boolean {
  const inDoubles = sharesOf(tables, rackId).reduce((total, share) => total + Number(share), 0);
  return usedOf(tables, rackId).equals(ONE) && inDoubles !== 1;
}

function isPart(share: Fraction): boolean {
  return isPositive(share) && share.compare(ONE) < 0;
}

/** Services have weight, and services are used, but not the same ones. */
function isSwallowed(tables: EstateTables, id: string): boolean {
  const drivers = driversOf(tables, MONTH, 'v2.0.0');
  const { services } = clusterToServices({ tables, month: MONTH, version: 'v2.0.0' }, id, ONE);
  const weighty = [...services].filter(([, weight]) => isPositive(weight)).map(([code]) => code);
  const driven = [...services.keys()].filter((code) => isPositive(driverTotal(drivers, id, code)));
  return weighty.length > 0 && driven.length > 0 && !weighty.some((code) => driven.includes(code));
}

function sitesOf(tables: EstateTables, id: string): string[] {
  return tables.sites.filter((site) => site.cluster_id === id).map((site) => site.site_id);
}

function clustersOf(tables: EstateTables, gridId: string): number {
  return new Set(tables.sites.filter((site) => site.grid_id === gridId).map((site) => site.cluster_id)).size;
}

function hasFactor(tables: EstateTables, gridId: string, year: string): boolean {
  return tables.grid_factors.some((row) => row.grid_id === gridId && row.year === year);
}

function billsOf(tables: EstateTables, siteId: string): number {
  return tables.electricity.filter((row) => row.site_id === siteId && row.usage_period === MONTH).length;
}

/** Whether the rule holds for a grid's load and for what its contracts offer, both in MWh. */
function someGrid(tables: EstateTables, rule: (load: Fraction, offered: Fraction) => boolean): boolean {
  return tables.sites.some(({ grid_id: grid }) => {
    const sites = tables.sites.filter((site) => site.grid_id === grid).map((site) => site.site_id);
    const bills = tables.electricity.filter(
      (row) => row.usage_period === MONTH && sites.includes(row.site_id),
    );
    const contracts = tables.contracts.filter((contract) => contract.grid_id === grid);
    const offered = contracts.map((contract) =>
      decimal(contract.mwh).mul(shareOfPeriod(contract.period, MONTH)),
    );
    return rule(sum(bills.map((row) => decimal(row.mwh))), sum(offered));
  });
}

function fuelOf(tables: EstateTables, sites: readonly string[]): readonly Row<'fuel_use'>[] {
  return tables.fuel_use.filter((entry) => sites.includes(entry.site_id));
}

function clusterFuel(tables: EstateTables, id: string): readonly Row<'fuel_use'>[] {
  return fuelOf(tables, sitesOf(tables, id));
}

/** The latest year with fuel of a cluster; undefined without any. */
function latestFuelYear(tables: EstateTables, id: string): number | undefined {
  return clusterFuel(tables, id)
    .map((entry) => yearOf(entry.period))
    .sort((left, right) => left - right)
    .at(-1);
}

/** Whether the rule holds for the growth that a cluster's missing 2025 is estimated with; undefined: after none. */
function someGrowth(tables: EstateTables, rule: (growth: number | undefined) => boolean): boolean {
  return someCluster(tables, (id) => {
    const latest = latestFuelYear(tables, id);
    if (latest === undefined || latest >= 2025) return false;
    const before = carbonOf(tables, id, latest - 1);
    return rule(before === 0 ? undefined : carbonOf(tables, id, latest) / before);
  });
}

/** kg of CO2 alone, which is near enough to compare growth. */
function carbonOf(tables: EstateTables, id: string, year: number): number {
  return clusterFuel(tables, id)
    .filter((entry) => yearOf(entry.period) === year)
    .map(({ fuel, quantity }) => {
      const factor = tables.fuel_factors.find((row) => row.fuel === fuel);
      return Number(quantity) * Number(factor?.co2_kg);
    })
    .reduce((total, kg) => total + kg, 0);
}

function passedOn(tables: EstateTables, one: Row<'service_use'>): Fraction {
  const rows = of(tables, 'service_use').filter(
    (row) => row.cluster_id === one.cluster_id && row.provider_code === one.provider_code,
  );
  return sum(rows.map((row) => decimal(row.share)));
}

function hasOpposite(tables: EstateTables, one: Row<'service_use'>): boolean {
  return of(tables, 'service_use').some(
    (row) =>
      !isOwn(row) &&
      row.cluster_id === one.cluster_id &&
      row.provider_code === one.consumer_code &&
      row.consumer_code === one.provider_code,
  );
}

function isOwn(row: Row<'service_use'>): boolean {
  return row.provider_code === row.consumer_code;
}

function overrides(tables: EstateTables, one: Row<'service_use'>): boolean {
  const rows = of(tables, 'service_use').filter((row) => row.provider_code === one.provider_code);
  return one.cluster_id !== '*' && rows.some((row) => row.cluster_id === '*');
}

function isUsed(tables: EstateTables, code: string): boolean {
  return of(tables, 'usage').some((row) => row.product_code === code);
}

function isRacked(tables: EstateTables, code: string): boolean {
  return of(tables, 'rack_use').some((row) => row.product_code === code);
}

function netRevenue(tables: EstateTables, one: Row<'usage'>): Fraction {
  const rows = of(tables, 'usage').filter(
    (row) =>
      row.usage_account_id === one.usage_account_id &&
      row.cluster_id === one.cluster_id &&
      row.product_code === one.product_code,
  );
  return sum(rows.map((row) => decimal(row.usage_revenue)));
}

/** Charges and refunds that leave nothing. */
function hasCancelled(tables: EstateTables, one: Row<'usage'>): boolean {
  return one.usage_revenue === '-0.3' && isZero(netRevenue(tables, one));
}

function isListed(tables: EstateTables, row: Row<'usage'>): boolean {
  return tables.accounts.Accounts.some((account) => account.Id === row.usage_account_id);
}
