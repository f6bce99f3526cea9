import { defined } from '../base/defined';
import { compareText, groupBy } from '../base/group';
import type { InputProblem } from '../base/input-problem';
import { asKg } from '../base/mass';
import { type Month, yearOf } from '../base/month';
import type {
  Cluster,
  Contract,
  ElectricityUse,
  FuelEntry,
  FuelRecord,
  GridFactor,
  MonthEstate,
  Service,
  Site,
} from '../method/month-estate';
import { selectFuelRecord } from '../method/scope-1';
import { isOpen } from '../method/serving';
import type { FileContent } from './file-content';
import type { InputFiles } from './input-files';
import type { TableContent, TableReader } from './read-table';
import { staticReferenceProblems } from './static-references';
import { ACTIVITY_TABLES, readStaticTables, type StaticTables } from './static-tables';

/** The part of a {@link MonthEstate} that comes from the tables at the root. */
export type StaticSlice = Omit<MonthEstate, 'racks' | 'rackUse' | 'serviceUse' | 'givenTotals'>;

/** The tables at the root of an estate, which are read once for all months. */
export class StaticEstate {
  private readonly problems: readonly InputProblem[];

  /** @param missing tables that have no file */
  private constructor(
    private readonly tables: StaticTables,
    private readonly missing: ReadonlySet<string>,
  ) {
    this.problems = [
      ...Object.values(tables).flatMap((content: TableContent<unknown>) => content.problems),
      ...staticReferenceProblems(tables),
    ];
  }

  /** Reads all tables at the root. A missing file is a problem of every month. */
  static async read(reader: TableReader, files: InputFiles, padAccountIds: boolean): Promise<StaticEstate> {
    const { tables, missing } = await readStaticTables(reader, files, padAccountIds);
    return new StaticEstate(tables, missing);
  }

  /** Files of all tables at the root. */
  get files(): readonly FileContent[] {
    return Object.values(this.tables).flatMap((content: TableContent<unknown>) => content.files);
  }

  /**
   * Returns the problems of the tables that concern a month.
   *
   * @param given clusters whose totals are given: tables that only they would need may be missing
   */
  problemsOf(month: Month, given: ReadonlySet<string>): InputProblem[] {
    const clusters = this.clusters();
    const allGiven = clusters.length > 0 && clusters.every(({ clusterId }) => given.has(clusterId));
    const isNeedless = (table: string): boolean =>
      allGiven && this.missing.has(table) && ACTIVITY_TABLES.includes(table);
    return this.problems.filter(
      ({ table, concerns }) => !isNeedless(table) && (concerns === undefined || concerns(month)),
    );
  }

  /** Returns the part of the tables that one month uses, in an order that does not depend on that of the files. */
  slice(month: Month): StaticSlice {
    const sites = this.sites();
    const electricity = this.electricity(month);
    return {
      month,
      clusters: this.clusters(),
      sites,
      electricity,
      gridFactors: this.gridFactors(month),
      contracts: this.contracts(month),
      fuelRecords: this.fuelRecords(month, sites, electricity),
      services: this.services(),
      internalAccounts: valuesOf(this.tables.internalAccounts)
        .map(({ account_id: id }) => id)
        .sort(compareText),
    };
  }

  private clusters(): Cluster[] {
    return valuesOf(this.tables.clusters)
      .map((row): Cluster => {
        const edge = row.kind === 'edge';
        return {
          clusterId: row.cluster_id,
          kind: row.kind,
          // Edge clusters are in no Region: AWS's export shows all of them as global.
          regionCode: edge ? 'global' : row.region_code,
          location: edge ? 'Global' : row.location,
          ...defined({ openedOn: row.opened_on === '' ? undefined : row.opened_on }),
        };
      })
      .sort((a, b) => compareText(a.clusterId, b.clusterId));
  }

  private sites(): Site[] {
    return valuesOf(this.tables.sites)
      .map((row): Site => ({ siteId: row.site_id, clusterId: row.cluster_id, gridId: row.grid_id }))
      .sort((a, b) => compareText(a.siteId, b.siteId));
  }

  private electricity(month: Month): ElectricityUse[] {
    return valuesOf(this.tables.electricity)
      .filter((row) => row.usage_period === month)
      .map((row): ElectricityUse => ({ siteId: row.site_id, mwh: row.mwh, basis: row.basis }))
      .sort((a, b) => compareText(a.siteId, b.siteId) || a.mwh - b.mwh || compareText(a.basis, b.basis));
  }

  /** The row that holds for the month's year: that year's, else the latest earlier year's. */
  private gridFactors(month: Month): GridFactor[] {
    const usable = valuesOf(this.tables.gridFactors).filter((row) => row.year <= yearOf(month));
    return [...groupBy(usable, (row) => row.grid_id).values()]
      .map((rows): GridFactor => {
        const row = rows.reduce((latest, other) => (other.year > latest.year ? other : latest));
        return {
          gridId: row.grid_id,
          year: row.year,
          locationBasedKgPerKwh: row.location_based_kg_per_kwh,
          ...defined({ residualMixKgPerKwh: row.residual_mix_kg_per_kwh }),
          source: row.source,
        };
      })
      .sort((a, b) => compareText(a.gridId, b.gridId));
  }

  private contracts(month: Month): Contract[] {
    return valuesOf(this.tables.contracts)
      .filter(({ period }) => period === month || period === month.slice(0, 4))
      .map((row): Contract => ({
        contractId: row.contract_id,
        kind: row.kind,
        gridId: row.grid_id,
        period: row.period,
        mwh: row.mwh,
        kgPerKwh: row.kg_per_kwh,
      }))
      .sort((a, b) => compareText(a.contractId, b.contractId) || compareText(a.period, b.period));
  }

  private services(): Service[] {
    return valuesOf(this.tables.services)
      .map((row): Service => ({
        productCode: row.product_code,
        serviceName: row.service_name,
        basis: row.basis,
      }))
      .sort((a, b) => compareText(a.productCode, b.productCode));
  }

  /** One record for every cluster with sites that is open, used energy in the month, or burned fuel up to its year. */
  private fuelRecords(
    month: Month,
    sites: readonly Site[],
    electricity: readonly ElectricityUse[],
  ): FuelRecord[] {
    const clusterOfSite = new Map(sites.map(({ siteId, clusterId }) => [siteId, clusterId]));
    const byCluster = new Map<string, FuelEntry[]>();
    for (const { siteId } of electricity) {
      const clusterId = clusterOfSite.get(siteId);
      if (clusterId !== undefined) byCluster.set(clusterId, []);
    }
    const open = new Set(
      this.clusters()
        .filter((cluster) => isOpen(cluster, month))
        .map(({ clusterId }) => clusterId),
    );
    for (const { clusterId } of sites) if (open.has(clusterId)) byCluster.set(clusterId, []);
    for (const entry of this.fuelEntries(month)) {
      const clusterId = clusterOfSite.get(entry.siteId);
      if (clusterId === undefined) continue;
      const entries = byCluster.get(clusterId) ?? [];
      entries.push(entry);
      byCluster.set(clusterId, entries);
    }
    return [...byCluster]
      .sort(([a], [b]) => compareText(a, b))
      .map(([clusterId, entries]) => selectFuelRecord(clusterId, entries, month));
  }

  private fuelEntries(month: Month): FuelEntry[] {
    const gwp = new Map(valuesOf(this.tables.gwp).map((row) => [row.gas, row.gwp100]));
    const kgPerUnit = new Map(
      valuesOf(this.tables.fuelFactors).map((row) => [
        JSON.stringify([row.fuel, row.unit]),
        row.co2_kg * (gwp.get('co2') ?? 0) +
          row.ch4_kg * (gwp.get('ch4') ?? 0) +
          row.n2o_kg * (gwp.get('n2o') ?? 0),
      ]),
    );
    return valuesOf(this.tables.fuelUse)
      .filter(({ period }) => yearOf(period) <= yearOf(month))
      .map((row): FuelEntry => ({
        siteId: row.site_id,
        period: row.period,
        fuel: row.fuel,
        quantity: row.quantity,
        unit: row.unit,
        kg: asKg(row.quantity * (kgPerUnit.get(JSON.stringify([row.fuel, row.unit])) ?? 0)),
      }))
      .sort(
        (a, b) =>
          compareText(a.siteId, b.siteId) ||
          compareText(a.period, b.period) ||
          compareText(a.fuel, b.fuel) ||
          compareText(a.unit, b.unit) ||
          a.quantity - b.quantity,
      );
  }
}

/**
 * Returns the part of a slice that can change a number of the month. Clusters that opened later and sites without activity
 * are left out, so that announcing a Region does not restate the past.
 */
export function relevantPart(slice: StaticSlice): StaticSlice {
  const activeSites = new Set([
    ...slice.electricity.map(({ siteId }) => siteId),
    ...slice.fuelRecords.flatMap(({ entries }) => entries.map(({ siteId }) => siteId)),
  ]);
  const sites = slice.sites.filter(({ siteId }) => activeSites.has(siteId));
  const activeClusters = new Set(sites.map(({ clusterId }) => clusterId));
  const activeGrids = new Set(sites.map(({ gridId }) => gridId));
  return {
    ...slice,
    sites,
    clusters: slice.clusters.filter(
      (cluster) => activeClusters.has(cluster.clusterId) || isOpen(cluster, slice.month),
    ),
    gridFactors: slice.gridFactors.filter(({ gridId }) => activeGrids.has(gridId)),
    contracts: slice.contracts.filter(({ gridId }) => activeGrids.has(gridId)),
  };
}

function valuesOf<Row>(content: TableContent<Row>): Row[] {
  return content.rows.map(({ value }) => value);
}
