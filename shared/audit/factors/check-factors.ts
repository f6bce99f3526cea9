import { CarbonError } from '../../base/carbon-error';
import { InputError } from '../../base/input-problem';
import { InputFiles } from '../../estate/input-files';
import type { TableReader } from '../../estate/read-table';
import { readStaticTables, type StaticTables } from '../../estate/static-tables';
import { fuelFindings, gwpFindings } from './check-fuels';
import { feraFindings, gridFindings } from './check-grids';
import type { FactorFinding } from './factor-finding';
import type { ReferenceFactors } from './reference-factors';

/** Tables with factors, and those that say which Region a grid supplies. */
const TABLES = ['gridFactors', 'feraFactors', 'fuelFactors', 'gwp', 'sites', 'clusters'] as const;

/**
 * Compares the factors of an estate with the shipped reference.
 *
 * @throws CarbonError when the estate has no table with factors
 * @throws InputError when a table is invalid
 */
export async function checkFactors(
  reader: TableReader,
  reference: ReferenceFactors,
): Promise<FactorFinding[]> {
  const files = await InputFiles.list(reader.store);
  const { tables, missing } = await readStaticTables(reader, files, false);
  assertFactors(missing);
  const problems = TABLES.flatMap((name) => tables[name].problems).filter(({ table }) => !missing.has(table));
  if (problems.length > 0) throw new InputError(problems);
  return findings(tables, reference);
}

function findings(tables: StaticTables, { grids, fuels, gwp }: ReferenceFactors): FactorFinding[] {
  return [
    ...gridFindings(tables, grids),
    ...feraFindings(tables, grids),
    ...fuelFindings(tables, fuels),
    ...gwpFindings(tables, gwp),
  ];
}

function assertFactors(missing: ReadonlySet<string>): void {
  const names = ['grid_factors', 'fuel_factors', 'gwp'];
  if (names.some((name) => !missing.has(name))) return;
  throw new CarbonError(
    'usage',
    `--inputs: found none of the tables ${names.join(', ')}, expected an estate with factors; an estate whose totals are given or are AWS's has none to check`,
  );
}
