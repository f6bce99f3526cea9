import { append } from '../../base/append';
import { defined } from '../../base/defined';
import { InputError, type InputProblem, replacedFile } from '../../base/input-problem';
import { CsvFormatError } from '../../estate/csv-file';
import { headerProblems } from '../../estate/header';
import { copiesAmong } from '../../estate/file-content';
import { damagedParquet, idsAsNumbers } from '../../estate/parquet-file';
import type { TableReader } from '../../estate/read-table';
import { withKnownNames } from '../../sql/text-columns';
import { nameInTable, wrongFolder } from '../../usage/column-names';
import { DUCK_ENGINE } from '../../usage/lines/duck-engine';
import type { ReadFile } from '../../usage/lines/usage-engine';
import { CARBON_COLUMNS, CARBON_TABLE, REQUIRED_CARBON_COLUMNS } from './carbon-columns';

/** Files of one version of a month of AWS's carbon export. */
export interface CarbonFiles {
  readonly files: readonly ReadFile[];
  readonly problems: readonly InputProblem[];
}

/**
 * Reads files once, for their hashes, columns and damage.
 *
 * @param isPadded true where leading zeros of account ids are restored
 */
export async function scanCarbonFiles(
  reader: TableReader,
  keys: readonly string[],
  isPadded: boolean,
): Promise<CarbonFiles> {
  const files: ReadFile[] = [];
  const problems: InputProblem[] = [];
  for (const file of keys) {
    try {
      const read = withKnownNames(
        await DUCK_ENGINE.read(reader, CARBON_TABLE, file),
        nameInTable(CARBON_TABLE),
      );
      files.push(read);
      append(problems, [...columnProblems(read, isPadded), ...(await damageOf(reader, read))]);
    } catch (error) {
      if (!(error instanceof CsvFormatError)) throw error;
      problems.push({ table: CARBON_TABLE, file, ...defined({ row: error.row }), expected: error.expected });
    }
  }
  const withRecords = files.filter(({ records }) => records > 0);
  return { files, problems: [...problems, ...copiesAmong(CARBON_TABLE, withRecords)] };
}

/** @throws InputError when a file was replaced since it was scanned */
export async function assertCarbonUnchanged(files: readonly ReadFile[]): Promise<void> {
  for (const { file, copy } of files) {
    if (!(await copy.isCurrent())) throw new InputError([replacedFile(CARBON_TABLE, file)]);
  }
}

/** The footer of a Parquet file can be valid although its pages are damaged. */
async function damageOf({ session }: TableReader, { file, path, types }: ReadFile): Promise<InputProblem[]> {
  const present = types === undefined ? [] : CARBON_COLUMNS.filter((column) => types.has(column));
  const damage = present.length === 0 ? undefined : await damagedParquet(session, path, present);
  return damage === undefined ? [] : [{ table: CARBON_TABLE, file, expected: damage }];
}

function columnProblems({ file, header, types }: ReadFile, isPadded: boolean): InputProblem[] {
  const present = header ?? [...(types?.keys() ?? [])];
  const misplaced = wrongFolder(CARBON_TABLE, file, present);
  if (misplaced !== undefined) return [misplaced];
  const place = { table: CARBON_TABLE, file };
  return [
    ...headerProblems(place, REQUIRED_CARBON_COLUMNS, present),
    ...idsAsNumbers(place, CARBON_COLUMNS, types ?? new Map(), isPadded),
  ];
}
