import { compareText } from '../base/group';
import type { InputProblem } from '../base/input-problem';
import type { Month } from '../base/month';
import { type Warning, warningAbout } from '../base/warning';
import type { Cluster, GivenTotals, Rack, RackUse, Service, ServiceUse } from '../method/month-estate';
import type { InputFiles } from './input-files';
import type { FileContent } from './file-content';
import { joinedCodes, textCodes } from './column-codes';
import { type ColumnsContent, readColumns, type TableReader } from './read-table';
import { sumProblems } from './share-sums';
import { racksIn, rackUseIn, serviceUseIn } from './month-records';
import { unknownIdsIn } from './static-references';
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
  const table = <Row>(spec: TableSpec<Row>): Promise<ColumnsContent<Row>> =>
    readColumns(reader, spec, files.monthly(spec.name, month));
  const read = {
    racks: await table(RACKS),
    rackUse: await table(RACK_USE),
    serviceUse: await table(SERVICE_USE),
  };
  const { racks, rackUse, serviceUse } = read;
  return {
    racks: racksIn(racks.columns),
    rackUse: rackUseIn(rackUse.columns),
    serviceUse: serviceUseIn(serviceUse.columns),
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
      ...referenceProblems(read, known),
      ...allSumProblems(read),
    ],
    warnings: overheadUseWarnings(read),
  };
}

/** The tables of a month by column. */
interface TablesAsRead {
  readonly racks: ColumnsContent<RowOf<typeof RACKS>>;
  readonly rackUse: ColumnsContent<RowOf<typeof RACK_USE>>;
  readonly serviceUse: ColumnsContent<RowOf<typeof SERVICE_USE>>;
}

function allSumProblems({ rackUse, serviceUse }: TablesAsRead): InputProblem[] {
  const ofRacks = textCodes(rackUse.columns.column('rack_id'));
  const providers = textCodes(serviceUse.columns.column('provider_code'));
  const ofProviders = joinedCodes([providers, textCodes(serviceUse.columns.column('cluster_id'))]);
  return [
    ...sumProblems(rackUse.columns, ofRacks, (row) => row.rack_id),
    ...sumProblems(
      serviceUse.columns,
      ofProviders,
      (row) => `${row.provider_code} in cluster ${row.cluster_id}`,
    ),
  ];
}

function referenceProblems(
  { racks, rackUse, serviceUse }: TablesAsRead,
  known: { readonly clusters: readonly Cluster[]; readonly services: readonly Service[] },
): InputProblem[] {
  const clusterIds = new Set(known.clusters.map(({ clusterId }) => clusterId));
  const codes = new Set(known.services.map(({ productCode }) => productCode));
  // Racks that are missing altogether are one problem, not one for every row that refers to a rack.
  const isKnown = racks.files.length > 0 && racks.problems.length === 0;
  const rackIds = isKnown ? new Set(racks.columns.column('rack_id').values) : undefined;
  const everywhere = new Set([...clusterIds, '*']);
  const inServices = { table: 'service_use', known: codes, knownFrom: 'services' };
  return [
    ...unknownIdsIn(racks.columns, {
      table: 'racks',
      column: 'cluster_id',
      known: clusterIds,
      knownFrom: 'clusters',
    }),
    ...unknownIdsIn(rackUse.columns, {
      table: 'rack_use',
      column: 'rack_id',
      known: rackIds,
      knownFrom: 'racks',
    }),
    ...unknownIdsIn(rackUse.columns, { ...inServices, table: 'rack_use', column: 'product_code' }),
    ...unknownIdsIn(serviceUse.columns, {
      ...{ table: 'service_use', column: 'cluster_id', known: everywhere, knownFrom: 'clusters, or *' },
    }),
    ...unknownIdsIn(serviceUse.columns, { ...inServices, column: 'provider_code' }),
    ...unknownIdsIn(serviceUse.columns, { ...inServices, column: 'consumer_code' }),
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

/** Overhead racks serve no service directly: shares of them have no effect. */
function overheadUseWarnings({ racks, rackUse }: TablesAsRead): Warning[] {
  const ids = racks.columns.column('rack_id');
  const kinds = racks.columns.column('kind');
  const overhead = new Set<string | undefined>();
  for (const [row, kind] of kinds.codes.entries()) {
    if (kinds.values[kind] === 'overhead') overhead.add(ids.values[ids.codes[row] ?? 0]);
  }
  const named = rackUse.columns.column('rack_id').values.filter((id) => overhead.has(id));
  return warningAbout(
    { severity: 'worth-a-look', code: 'overhead-rack-use' },
    [...named].sort(compareText),
    (rackIds) => `rack_use of overhead racks is ignored, since only server racks serve services: ${rackIds}`,
  );
}
