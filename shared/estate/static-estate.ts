import { defined } from '../base/defined';
import { compareText, groupBy } from '../base/group';
import type { InputProblem } from '../base/input-problem';
import { type Month, yearOf } from '../base/month';
import type {
  Cluster,
  Contract,
  ElectricityUse,
  GridFactor,
  MonthEstate,
  Service,
  Site,
} from '../method/month-estate';
import type { ModelVersion } from '../method/model-version';
import { isOpen } from '../method/serving';
import type { FileContent } from './file-content';
import { type EstateSettings, scope3Settings } from './estate-settings';
import { fuelRecords } from './fuel-records';
import type { InputFiles } from './input-files';
import type { TableContent, TableReader } from './read-table';
import { isBooked, scope3Inputs } from './scope-3-inputs';
import { staticReferenceProblems } from './static-references';
import { ACTIVITY_TABLES, readStaticTables, SCOPE_3_TABLES, type StaticTables } from './static-tables';

/** The part of a {@link MonthEstate} that comes from the tables at the root. */
export type StaticSlice = Omit<MonthEstate, 'racks' | 'rackUse' | 'serviceUse' | 'givenTotals'>;

/** Which month is read, by which rules. */
export interface SliceRequest {
  readonly month: Month;
  readonly version: Pick<ModelVersion, 'includesScope3' | 'scope1Families'>;
  readonly settings: EstateSettings;
}

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
  problemsOf(
    month: Month,
    given: ReadonlySet<string>,
    { includesScope3 }: Pick<ModelVersion, 'includesScope3'>,
  ): InputProblem[] {
    const clusters = this.clusters();
    const allGiven = clusters.length > 0 && clusters.every(({ clusterId }) => given.has(clusterId));
    const isNeedless = (table: string): boolean =>
      (allGiven && this.missing.has(table) && ACTIVITY_TABLES.includes(table)) ||
      (!includesScope3 && SCOPE_3_TABLES.includes(table));
    return this.problems.filter(
      ({ table, concerns }) => !isNeedless(table) && (concerns === undefined || concerns(month)),
    );
  }

  /** Returns true where the estate has a table that Scope 3 comes from; refrigerants are Scope 1. */
  get hasScope3Tables(): boolean {
    const { rackEmbodied, assets, feraFactors } = this.tables;
    return [rackEmbodied, assets, feraFactors].some(({ files }) => files.length > 0);
  }

  /** Returns the part of the tables that one month uses, in an order that does not depend on that of the files. */
  slice({ month, version, settings }: SliceRequest): StaticSlice {
    const sites = this.sites();
    const electricity = this.electricity(month, version);
    const scopeThree = version.includesScope3 ? scope3Settings(settings) : undefined;
    const clusterOfSite = new Map(sites.map(({ siteId, clusterId }) => [siteId, clusterId]));
    return {
      month,
      clusters: this.clusters(),
      sites,
      electricity,
      gridFactors: this.gridFactors(month, version),
      contracts: this.contracts(month, version),
      fuelRecords: fuelRecords(this.tables, {
        ...{ month, version, clusterOfSite },
        isEstimated: scopeThree?.scope_1_estimate !== 'none',
        clusterIds: this.activeClusters(month, sites, electricity),
      }),
      services: this.services(),
      internalAccounts: valuesOf(this.tables.internalAccounts)
        .map(({ account_id: id }) => id)
        .sort(compareText),
      ...defined({ scope3: scopeThree && scope3Inputs(this.tables, month, scopeThree) }),
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

  private electricity(month: Month, { includesScope3 }: SliceRequest['version']): ElectricityUse[] {
    return valuesOf(this.tables.electricity)
      .filter((row) => row.usage_period === month)
      .map((row): ElectricityUse => ({
        ...{ siteId: row.site_id, mwh: row.mwh, basis: row.basis },
        ...(includesScope3 ? { assured: row.assured } : {}),
      }))
      .sort(
        (a, b) =>
          compareText(a.siteId, b.siteId) ||
          a.mwh - b.mwh ||
          compareText(a.basis, b.basis) ||
          compareText(a.assured ?? '', b.assured ?? ''),
      );
  }

  /** The row that holds for the month's year: that year's, else the latest earlier year's. */
  private gridFactors(month: Month, { includesScope3 }: SliceRequest['version']): GridFactor[] {
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
          ...(includesScope3 ? { verifiedBy: row.verified_by } : {}),
        };
      })
      .sort((a, b) => compareText(a.gridId, b.gridId));
  }

  private contracts(month: Month, { includesScope3 }: SliceRequest['version']): Contract[] {
    return valuesOf(this.tables.contracts)
      .filter(({ period }) => period === month || period === month.slice(0, 4))
      .map((row): Contract => ({
        contractId: row.contract_id,
        kind: row.kind,
        gridId: row.grid_id,
        period: row.period,
        mwh: row.mwh,
        kgPerKwh: row.kg_per_kwh,
        ...(includesScope3
          ? defined({ upstreamKgPerKwh: row.upstream_kg_per_kwh, tdKgPerKwh: row.td_kg_per_kwh })
          : {}),
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

  /** Clusters with sites that are open or used energy in the month: no fuel is unusual for them. */
  private activeClusters(
    month: Month,
    sites: readonly Site[],
    electricity: readonly ElectricityUse[],
  ): ReadonlySet<string> {
    const metered = new Set(electricity.map(({ siteId }) => siteId));
    const open = new Set(
      this.clusters()
        .filter((cluster) => isOpen(cluster, month))
        .map(({ clusterId }) => clusterId),
    );
    const active = sites.filter(({ siteId, clusterId }) => metered.has(siteId) || open.has(clusterId));
    return new Set(active.map(({ clusterId }) => clusterId));
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
  const { embodied = [], earlyRetirement = 'continue' } = slice.scope3 ?? {};
  const booked = embodied.filter((item) => isBooked(item, slice.month, earlyRetirement));
  const activeClusters = new Set([...sites, ...booked].map(({ clusterId }) => clusterId));
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
