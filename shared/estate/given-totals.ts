import { compareText, groupBy } from '../base/group';
import type { InputProblem } from '../base/input-problem';
import { asKg } from '../base/mass';
import type { Month } from '../base/month';
import {
  type BaseGivenColumn,
  byCategory,
  type Category,
  CATEGORY_RULES,
  type KgByCategory,
  type Scope3GivenColumn,
  sumByCategory,
} from '../method/categories';
import type { Cluster, GivenTotals, Service } from '../method/month-estate';
import type { InputFiles } from './input-files';
import type { FileContent } from './file-content';
import { readTable, type TableContent, type TableReader } from './read-table';
import { unknownIds } from './static-references';
import { CLUSTER_EMISSIONS, GIVEN_SCOPE_3_COLUMNS, SERVICE_EMISSIONS } from './tables';

/** Totals from elsewhere that replace steps of the calculation in one month. */
export interface MonthTotals {
  /** Ordered by cluster_id. */
  readonly totals: readonly GivenTotals[];
  readonly problems: readonly InputProblem[];
  /** Hashes of what was read, by table; tables without files are left out. */
  readonly contents: Readonly<Record<string, readonly FileContent[]>>;
  /** True where a file has a column of Scope 3. */
  readonly hasScope3: boolean;
}

/** Clusters and services of the estate. */
interface KnownNames {
  readonly clusters: readonly Cluster[];
  readonly services: readonly Service[];
}

type KgColumns = Readonly<Record<BaseGivenColumn, number>> &
  Readonly<Record<Scope3GivenColumn, number | undefined>>;

/**
 * Reads a month's cluster_emissions and service_emissions. Both for one cluster are a problem.
 *
 * @param known.categories those that the model version counts: others are 0
 */
export async function readGivenTotals(
  reader: TableReader,
  files: InputFiles,
  month: Month,
  known: KnownNames & { readonly categories: readonly Category[] },
): Promise<MonthTotals> {
  const kgOf = (row: KgColumns): KgByCategory => givenKg(row, known.categories);
  const clusters = await readTable(reader, CLUSTER_EMISSIONS, files.monthly(CLUSTER_EMISSIONS.name, month));
  const services = await readTable(reader, SERVICE_EMISSIONS, files.monthly(SERVICE_EMISSIONS.name, month));
  const ofServices = groupBy(
    services.rows.map(({ value }) => value),
    (row) => row.cluster_id,
  );
  const totals = [
    ...clusters.rows.map(({ value }): GivenTotals => ({
      ...{ clusterId: value.cluster_id, kg: kgOf(value) },
      by: 'cluster',
    })),
    ...[...ofServices].map(([clusterId, rows]) => totalOfServices(clusterId, rows, kgOf)),
  ];
  return {
    totals: totals.sort((a, b) => compareText(a.clusterId, b.clusterId)),
    problems: [
      ...clusters.problems,
      ...services.problems,
      ...unknownNames(clusters, services, known),
      ...givenTwice(clusters, new Set(ofServices.keys())),
    ],
    hasScope3: GIVEN_SCOPE_3_COLUMNS.some(
      (column) => clusters.header.has(column) || services.header.has(column),
    ),
    contents: Object.fromEntries(
      [['cluster_emissions', clusters.files] as const, ['service_emissions', services.files] as const].filter(
        ([, read]) => read.length > 0,
      ),
    ),
  };
}

/** Problems of rows whose cluster or service the estate does not have. */
function unknownNames(
  clusters: TableContent<{ readonly cluster_id: string }>,
  services: TableContent<{ readonly cluster_id: string; readonly product_code: string }>,
  known: KnownNames,
): InputProblem[] {
  const clusterIds = new Set(known.clusters.map(({ clusterId }) => clusterId));
  const codes = new Set(known.services.map(({ productCode }) => productCode));
  const inClusters = { column: 'cluster_id', known: clusterIds, knownFrom: 'clusters' } as const;
  const inServices = { column: 'product_code', known: codes, knownFrom: 'services' } as const;
  return [
    ...unknownIds(clusters, { ...inClusters, table: 'cluster_emissions' }),
    ...unknownIds(services, { ...inClusters, table: 'service_emissions' }),
    ...unknownIds(services, { ...inServices, table: 'service_emissions' }),
  ];
}

function totalOfServices(
  clusterId: string,
  rows: readonly (KgColumns & { readonly product_code: string })[],
  kgOf: (row: KgColumns) => KgByCategory,
): GivenTotals {
  const services = rows
    .map((row) => ({ productCode: row.product_code, kg: kgOf(row) }))
    .sort((a, b) => compareText(a.productCode, b.productCode));
  const kg = sumByCategory(services.map((service) => service.kg));
  return { clusterId, kg, by: 'service', services };
}

function givenKg(row: KgColumns, categories: readonly Category[]): KgByCategory {
  return byCategory((category) =>
    asKg(categories.includes(category) ? (row[CATEGORY_RULES[category].givenColumn] ?? 0) : 0),
  );
}

/** A cluster may have one kind of total: nothing decides which of two counts. */
function givenTwice(
  clusters: TableContent<{ readonly cluster_id: string }>,
  byService: ReadonlySet<string>,
): InputProblem[] {
  return clusters.rows
    .filter(({ value }) => byService.has(value.cluster_id))
    .map(({ value, file, row }) => ({
      table: 'cluster_emissions',
      file,
      row,
      column: 'cluster_id',
      value: value.cluster_id,
      expected: 'a cluster without service_emissions in this month: one total for a cluster, not two',
    }));
}
