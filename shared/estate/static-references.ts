import { defined } from '../base/defined';
import type { InputProblem } from '../base/input-problem';
import type { TableContent } from './read-table';
import { type LocatedRow, textsOf } from './table-rows';
import type { StaticTables } from './static-tables';
import { fromThatYear, type RawRecord, type TableSpec, thatMonth, thatPeriod } from './table-spec';

/** Gases whose warming potential every fuel factor needs. */
const GASES = ['co2', 'ch4', 'n2o'] as const;

/** What in the tables at the root refers to something that is not there. */
export function staticReferenceProblems(tables: StaticTables): InputProblem[] {
  const clusters = idsIn(tables.clusters, 'cluster_id');
  const sites = idsIn(tables.sites, 'site_id');
  const grids = eitherOf(idsIn(tables.sites, 'grid_id'), idsIn(tables.gridFactors, 'grid_id'));
  const fuels = idsIn(tables.fuelFactors, 'fuel');
  return [
    ...unknownIds('sites', tables.sites, 'cluster_id', clusters, 'clusters'),
    ...unknownIds('electricity', tables.electricity, 'site_id', sites, 'sites', thatMonth('usage_period')),
    ...unknownIds('fuel_use', tables.fuelUse, 'site_id', sites, 'sites', fromThatYear('period')),
    ...unknownIds('fuel_use', tables.fuelUse, 'fuel', fuels, 'fuel_factors', fromThatYear('period')),
    ...unknownIds(
      'contracts',
      tables.contracts,
      'grid_id',
      grids,
      'sites or grid_factors',
      thatPeriod('period'),
    ),
    ...unitProblems(tables),
    ...gasProblems(tables),
    ...locationProblems(tables),
  ];
}

/** The ids a table has; undefined where it has problems of its own, and then nothing can be held against it. */
export type KnownIds = ReadonlySet<string> | undefined;

/** The values of an id column. A table without rows knows no id at all. */
export function idsIn<Row>(content: TableContent<Row>, column: keyof Row & string): KnownIds {
  if (content.problems.length > 0) return undefined;
  return new Set(content.rows.map(({ value }) => String(value[column])));
}

function eitherOf(a: KnownIds, b: KnownIds): KnownIds {
  return a === undefined || b === undefined ? undefined : new Set([...a, ...b]);
}

/** Rows whose id the other table lacks. When that one has problems, they are told and this check stays silent. */
export function unknownIds<Row>(
  table: string,
  content: TableContent<Row>,
  column: keyof Row & string,
  known: KnownIds,
  knownFrom: string,
  concerns?: TableSpec<Row>['concerns'],
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

/** A Region has one name: rows of the export would otherwise take that of one of its clusters. */
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
