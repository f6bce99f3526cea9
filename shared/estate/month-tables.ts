import Big from 'big.js';
import { exactSum } from '../base/exact-sum';
import { compareText, groupBy } from '../base/group';
import type { InputProblem } from '../base/input-problem';
import type { Month } from '../base/month';
import { type Warning, warningAbout } from '../base/warning';
import type { Cluster, GivenTotals, Rack, RackUse, Service, ServiceUse } from '../method/month-estate';
import { SHARE_TOLERANCE } from './column-types';
import type { InputFiles } from './input-files';
import type { FileContent } from './file-content';
import { readTable, type TableContent, type TableReader } from './read-table';
import type { LocatedRow } from './table-rows';
import { idsIn, unknownIds } from './static-references';
import type { RowOf, TableSpec } from './table-spec';
import { RACK_USE, RACKS, SERVICE_USE } from './tables';

/** The small tables with one folder per month. */
export const MONTH_TABLES = [RACKS, RACK_USE, SERVICE_USE] as const;

/** Racks, their use and the dependencies of one month, checked. */
export interface MonthTables {
  readonly racks: readonly Rack[];
  readonly rackUse: readonly RackUse[];
  readonly serviceUse: readonly ServiceUse[];
  readonly problems: readonly InputProblem[];
  /** The files that were read, by table. */
  readonly contents: Readonly<Record<string, readonly FileContent[]>>;
  /** What a reader of the month should know; it does not stop the month. */
  readonly warnings: readonly Warning[];
}

/**
 * Reads a month's racks, rack_use and service_use. A month without racks is a problem; so is one without service_use
 * when other months of the estate have it.
 */
export async function readMonthTables(
  reader: TableReader,
  files: InputFiles,
  month: Month,
  known: {
    readonly clusters: readonly Cluster[];
    readonly services: readonly Service[];
    readonly givenTotals: readonly GivenTotals[];
  },
): Promise<MonthTables> {
  const table = <Row>(spec: TableSpec<Row>): Promise<TableContent<Row>> =>
    readTable(reader, spec, files.monthly(spec.name, month));
  const [racks, rackUse, serviceUse] = [await table(RACKS), await table(RACK_USE), await table(SERVICE_USE)];
  return {
    racks: domainRacks(racks),
    rackUse: domainRackUse(rackUse),
    serviceUse: domainServiceUse(serviceUse),
    contents: {
      [RACKS.name]: racks.files,
      [RACK_USE.name]: rackUse.files,
      [SERVICE_USE.name]: serviceUse.files,
    },
    problems: [
      ...racks.problems,
      ...rackUse.problems,
      ...serviceUse.problems,
      ...(needsRacks(known) ? missingFolders(files, month) : []),
      ...referenceProblems({ racks, rackUse, serviceUse }, known),
      ...sumProblems('rack_use', rackUse, (row) => row.rack_id),
      ...sumProblems('service_use', serviceUse, (row) => `${row.provider_code} in cluster ${row.cluster_id}`),
    ],
    warnings: overheadUseWarnings(racks, rackUse),
  };
}

function referenceProblems(
  {
    racks,
    rackUse,
    serviceUse,
  }: {
    readonly racks: TableContent<RowOf<typeof RACKS>>;
    readonly rackUse: TableContent<RowOf<typeof RACK_USE>>;
    readonly serviceUse: TableContent<RowOf<typeof SERVICE_USE>>;
  },
  known: { readonly clusters: readonly Cluster[]; readonly services: readonly Service[] },
): InputProblem[] {
  const clusterIds = new Set(known.clusters.map(({ clusterId }) => clusterId));
  const codes = new Set(known.services.map(({ productCode }) => productCode));
  // Racks that are missing altogether are one problem, not one for every row that refers to a rack.
  const rackIds = racks.files.length === 0 ? undefined : idsIn(racks, 'rack_id');
  const everywhere = new Set([...clusterIds, '*']);
  const inServices = { table: 'service_use', known: codes, knownFrom: 'services' };
  return [
    ...unknownIds(racks, { table: 'racks', column: 'cluster_id', known: clusterIds, knownFrom: 'clusters' }),
    ...unknownIds(rackUse, { table: 'rack_use', column: 'rack_id', known: rackIds, knownFrom: 'racks' }),
    ...unknownIds(rackUse, { ...inServices, table: 'rack_use', column: 'product_code' }),
    ...unknownIds(serviceUse, {
      ...{ table: 'service_use', column: 'cluster_id', known: everywhere, knownFrom: 'clusters, or *' },
    }),
    ...unknownIds(serviceUse, { ...inServices, column: 'provider_code' }),
    ...unknownIds(serviceUse, { ...inServices, column: 'consumer_code' }),
  ];
}

/** False where the totals of every cluster's services are given: they replace the steps that racks take part in. */
function needsRacks(known: {
  readonly clusters: readonly Cluster[];
  readonly givenTotals: readonly GivenTotals[];
}): boolean {
  const given = known.givenTotals.filter(({ by }) => by === 'service');
  return known.clusters.length > given.length;
}

function missingFolders(files: InputFiles, month: Month): InputProblem[] {
  const needed = [RACKS.name, RACK_USE.name];
  if (files.monthsOf(SERVICE_USE.name).length > 0) needed.push(SERVICE_USE.name);
  return needed
    .filter((table) => files.monthly(table, month).length === 0)
    .map((table) => ({
      table,
      file: `${table}/usage_period=${month}/`,
      expected: 'at least one file, since the month has usage',
    }));
}

/** Groups whose shares add up to more than 1, over the exact decimals. */
function sumProblems<Row extends { readonly share: string }>(
  table: string,
  content: TableContent<Row>,
  groupOf: (row: Row) => string,
): InputProblem[] {
  const limit = new Big(1).plus(SHARE_TOLERANCE);
  return [...groupBy(content.rows, ({ value }) => groupOf(value))].flatMap(
    ([group, rows]): InputProblem[] => {
      const sum = exactSum(rows.map(({ value }) => value.share));
      const last: LocatedRow<Row> | undefined = rows.at(-1);
      if (sum.lte(limit) || last === undefined) return [];
      return [
        {
          table,
          file: last.file,
          row: last.row,
          column: 'share',
          value: sum.toString(),
          expected: `shares of ${group} that add up to at most 1`,
        },
      ];
    },
  );
}

/** Overhead racks serve no service directly: shares of them have no effect. */
function overheadUseWarnings(
  racks: TableContent<{ rack_id: string; kind: string }>,
  rackUse: TableContent<{ rack_id: string }>,
): Warning[] {
  const overhead = new Set(
    racks.rows.filter(({ value }) => value.kind === 'overhead').map(({ value }) => value.rack_id),
  );
  const named = new Set(rackUse.rows.map(({ value }) => value.rack_id).filter((id) => overhead.has(id)));
  return warningAbout(
    { severity: 'worth-a-look', code: 'overhead-rack-use' },
    [...named].sort(compareText),
    (rackIds) => `rack_use of overhead racks is ignored, since only server racks serve services: ${rackIds}`,
  );
}

function domainRacks(
  content: TableContent<{ rack_id: string; cluster_id: string; kind: string; power_kw: number }>,
): Rack[] {
  return content.rows
    .map(({ value }): Rack => ({
      rackId: value.rack_id,
      clusterId: value.cluster_id,
      kind: value.kind === 'server' ? 'server' : 'overhead',
      powerKw: value.power_kw,
    }))
    .sort((a, b) => compareText(a.rackId, b.rackId));
}

function domainRackUse(
  content: TableContent<{ rack_id: string; product_code: string; share: string }>,
): RackUse[] {
  return content.rows
    .map(({ value }): RackUse => ({
      rackId: value.rack_id,
      productCode: value.product_code,
      share: Number(value.share),
      shareText: value.share,
    }))
    .sort((a, b) => compareText(a.rackId, b.rackId) || compareText(a.productCode, b.productCode));
}

function domainServiceUse(
  content: TableContent<{
    cluster_id: string;
    provider_code: string;
    consumer_code: string;
    share: string;
  }>,
): ServiceUse[] {
  return content.rows
    .map(({ value }): ServiceUse => ({
      clusterId: value.cluster_id,
      providerCode: value.provider_code,
      consumerCode: value.consumer_code,
      share: Number(value.share),
      shareText: value.share,
    }))
    .sort(
      (a, b) =>
        compareText(a.clusterId, b.clusterId) ||
        compareText(a.providerCode, b.providerCode) ||
        compareText(a.consumerCode, b.consumerCode),
    );
}
