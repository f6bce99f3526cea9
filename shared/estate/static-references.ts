import { defined } from '../base/defined';
import type { InputProblem } from '../base/input-problem';
import type { TableContent } from './read-table';
import { type LocatedRow, textsOf } from './table-rows';
import type { StaticTables } from './static-tables';
import type { TableColumns } from './table-columns';
import { fromThatYear, type RawRecord, type TableSpec, thatMonth, thatPeriod } from './table-spec';

/** Gases whose warming potential every fuel factor needs. */
const GASES = ['co2', 'ch4', 'n2o'] as const;

/** Returns a problem for each reference between the tables at the root that leads nowhere. */
export function staticReferenceProblems(tables: StaticTables): InputProblem[] {
  const clusters = idsIn(tables.clusters, 'cluster_id');
  const sites = idsIn(tables.sites, 'site_id');
  const grids = eitherOf(idsIn(tables.sites, 'grid_id'), idsIn(tables.gridFactors, 'grid_id'));
  const fuels = idsIn(tables.fuelFactors, 'fuel');
  const inMonth = thatMonth('usage_period');
  const fromYear = fromThatYear('period');
  const siteIds = { column: 'site_id', known: sites, knownFrom: 'sites' } as const;
  return [
    ...unknownIds(tables.sites, {
      table: 'sites',
      column: 'cluster_id',
      known: clusters,
      knownFrom: 'clusters',
    }),
    ...unknownIds(tables.electricity, { ...siteIds, table: 'electricity', concerns: inMonth }),
    ...unknownIds(tables.fuelUse, { ...siteIds, table: 'fuel_use', concerns: fromYear }),
    ...unknownIds(tables.fuelUse, {
      ...{ table: 'fuel_use', column: 'fuel', known: fuels, knownFrom: 'fuel_factors' },
      concerns: fromYear,
    }),
    ...unknownIds(tables.contracts, {
      ...{ table: 'contracts', column: 'grid_id', known: grids, knownFrom: 'sites or grid_factors' },
      concerns: thatPeriod('period'),
    }),
    ...unitProblems(tables),
    ...gasProblems(tables),
    ...locationProblems(tables),
    ...scope3References(tables, clusters, sites),
    ...reportProblems(tables),
  ];
}

/** References of the tables that model versions with Scope 3 read. */
function scope3References(tables: StaticTables, clusters: KnownIds, sites: KnownIds): InputProblem[] {
  const { assets, rackEmbodied, refrigerantUse } = tables;
  const inClusters = { column: 'cluster_id', known: clusters, knownFrom: 'clusters' } as const;
  const inSites = { column: 'site_id', known: sites, knownFrom: 'sites' } as const;
  const placed = (column: 'cluster_id' | 'site_id'): typeof assets => ({
    ...assets,
    rows: assets.rows.filter(({ value }) => value[column] !== ''),
  });
  const concerns = fromThatYear('period');
  return [
    ...unknownIds(rackEmbodied, { ...inClusters, table: 'rack_embodied' }),
    ...unknownIds(placed('cluster_id'), { ...inClusters, table: 'assets' }),
    ...unknownIds(placed('site_id'), { ...inSites, table: 'assets' }),
    ...unknownIds(refrigerantUse, { ...inSites, table: 'refrigerant_use', concerns }),
    ...unknownIds(refrigerantUse, {
      ...{ table: 'refrigerant_use', column: 'gas', known: idsIn(tables.gwp, 'gas'), knownFrom: 'gwp' },
      concerns,
    }),
  ];
}

/** Warming potentials of two assessment reports must not be mixed. */
function reportProblems({ gwp }: StaticTables): InputProblem[] {
  const [first] = gwp.rows;
  if (first === undefined) return [];
  const report = first.value.assessment_report;
  return gwp.rows
    .filter(({ value }) => value.assessment_report !== report)
    .map((row) => ({
      ...placeOf('gwp', row),
      column: 'assessment_report',
      value: row.value.assessment_report,
      expected: `the assessment report of the first row, ${report === '' ? 'a blank' : report}, in every row`,
    }));
}

/** The ids of a table; undefined where the table has problems, and its ids are not complete. */
export type KnownIds = ReadonlySet<string> | undefined;

/** Returns the values of an id column; none for a table without rows. */
export function idsIn<Row>(content: TableContent<Row>, column: keyof Row & string): KnownIds {
  if (content.problems.length > 0) return undefined;
  return new Set(content.rows.map(({ value }) => String(value[column])));
}

function eitherOf(a: KnownIds, b: KnownIds): KnownIds {
  return a === undefined || b === undefined ? undefined : new Set([...a, ...b]);
}

/** A column whose values are ids of another table. */
export interface Reference<Row> {
  readonly table: string;
  readonly column: keyof Row & string;
  /** Undefined where the other table has problems: they are reported, and this check is left out. */
  readonly known: KnownIds;
  /** The other table, for messages. */
  readonly knownFrom: string;
  readonly concerns?: TableSpec<Row>['concerns'];
}

/** Returns a problem for each row whose id the other table does not have. */
export function unknownIds<Row>(
  content: TableContent<Row>,
  { table, column, known, knownFrom, concerns }: Reference<Row>,
): InputProblem[] {
  if (known === undefined) return [];
  return content.rows
    .filter(({ value }) => !known.has(String(value[column])))
    .map((row) => ({
      ...placeOf(table, row, concerns),
      column,
      value: String(row.value[column]),
      expected: `a ${column} that is in ${knownFrom}`,
    }));
}

/** Returns the same for a table by column, of which each value is looked up once. */
export function unknownIdsIn<Row>(
  columns: TableColumns<Row>,
  { table, column, known, knownFrom }: Omit<Reference<Row>, 'concerns'>,
): InputProblem[] {
  if (known === undefined) return [];
  const { codes, values } = columns.column(column);
  const isUnknown = values.map((value) => !known.has(String(value)));
  if (!isUnknown.includes(true)) return [];
  return codes.flatMap((code, row): InputProblem[] => {
    if (isUnknown[code] !== true) return [];
    const expected = `a ${column} that is in ${knownFrom}`;
    return [{ table, ...columns.placeOf(row), column, value: String(values[code]), expected }];
  });
}

function placeOf<Row>(
  table: string,
  { file, row, value }: LocatedRow<Row>,
  concerns?: (record: RawRecord) => NonNullable<InputProblem['concerns']>,
): Omit<InputProblem, 'expected'> {
  return { table, file, row, ...defined({ concerns: concerns?.(textsOf(value)) }) };
}

function unitProblems({ fuelUse, fuelFactors }: StaticTables): InputProblem[] {
  const units = new Map<string, string[]>();
  for (const { value } of fuelFactors.rows) {
    units.set(value.fuel, [...(units.get(value.fuel) ?? []), value.unit]);
  }
  return fuelUse.rows.flatMap((row): InputProblem[] => {
    const known = units.get(row.value.fuel);
    if (known === undefined || known.includes(row.value.unit)) return [];
    return [
      {
        ...placeOf('fuel_use', row, fromThatYear('period')),
        column: 'unit',
        value: row.value.unit,
        expected: `the unit that fuel_factors has for ${row.value.fuel}: ${known.join(' or ')}`,
      },
    ];
  });
}

function gasProblems({ gwp }: StaticTables): InputProblem[] {
  const gases = idsIn(gwp, 'gas');
  const [file] = gwp.files;
  if (file === undefined || gases === undefined) return [];
  return GASES.filter((gas) => !gases.has(gas)).map((gas) => ({
    table: 'gwp',
    file: file.file,
    column: 'gas',
    expected: `a row for ${gas}`,
  }));
}

/** A Region has one name: otherwise rows of the export would have the name of any of its clusters. */
function locationProblems({ clusters }: StaticTables): InputProblem[] {
  const locations = new Map<string, string>();
  return clusters.rows
    .filter(({ value }) => value.kind === 'region')
    .flatMap((row): InputProblem[] => {
      const { region_code: regionCode, location } = row.value;
      const known = locations.get(regionCode) ?? location;
      locations.set(regionCode, known);
      if (known === location) return [];
      const expected = `the location that ${regionCode} has in an earlier row: ${known}`;
      return [{ ...placeOf('clusters', row), column: 'location', value: location, expected }];
    });
}
