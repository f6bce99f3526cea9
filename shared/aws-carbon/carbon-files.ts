import type { DuckSession } from '../engine/duck-session';
import { CsvFormatError, missingColumns, scanCsv } from '../inputs/csv-file';
import { InputError, replacedFile } from '../inputs/input-problem';
import type { InputProblem } from '../inputs/input-problem';
import { copiesAmong, damagedParquet, idsAsNumbers, parquetColumns, sha256Of } from '../inputs/read-table';
import type { FileContent, TableReader } from '../inputs/read-table';
import type { LocalCopy } from '../stores/object-store';
import type { UsageFile } from '../usage/usage-source';
import { CARBON_COLUMNS, CARBON_TABLE, REQUIRED_CARBON_COLUMNS } from './carbon-columns';

/** A file of AWS's carbon export after one pass over its bytes. */
export interface CarbonFile extends UsageFile, FileContent {
  readonly copy: LocalCopy;
}

/** Files of one version of a month of AWS's carbon export. */
export interface CarbonFiles {
  readonly files: readonly CarbonFile[];
  readonly problems: readonly InputProblem[];
}

/** Reads files once, for their hashes, columns and damage. */
export async function scanCarbonFiles(reader: TableReader, keys: readonly string[]): Promise<CarbonFiles> {
  const files: CarbonFile[] = [];
  const problems: InputProblem[] = [];
  const withRecords: CarbonFile[] = [];
  for (const file of keys) {
    const copy = await reader.store.localCopy(file);
    try {
      const { hasRecords, ...scan } = await scanFile(reader.session, file, copy.path);
      const scanned = { file, path: copy.path, copy, ...scan };
      files.push(scanned);
      if (hasRecords) withRecords.push(scanned);
      problems.push(...columnProblems(file, scan));
    } catch (error) {
      if (!(error instanceof CsvFormatError)) throw error;
      if (!(await copy.isCurrent())) problems.push(replacedFile(CARBON_TABLE, file));
      else problems.push({ table: CARBON_TABLE, file, expected: error.expected });
    }
  }
  return { files, problems: [...problems, ...copiesAmong(CARBON_TABLE, withRecords)] };
}

/** @throws InputError when a file was replaced since it was scanned */
export async function assertCarbonUnchanged(files: readonly CarbonFile[]): Promise<void> {
  for (const { file, copy } of files) {
    if (!(await copy.isCurrent())) throw new InputError([replacedFile(CARBON_TABLE, file)]);
  }
}

interface Scan {
  readonly sha256: string;
  readonly hasRecords: boolean;
  readonly header?: readonly string[];
  readonly types?: ReadonlyMap<string, string>;
}

async function scanFile(session: DuckSession, file: string, path: string): Promise<Scan> {
  if (!file.endsWith('.parquet')) return scanCsv(path);
  const types = await parquetColumns(session, path);
  const present = CARBON_COLUMNS.filter((column) => types.has(column));
  const damage = present.length === 0 ? undefined : await damagedParquet(session, path, present);
  if (damage !== undefined) throw new CsvFormatError(damage);
  return { sha256: await sha256Of(path), hasRecords: true, types };
}

function columnProblems(file: string, { header, types }: Pick<Scan, 'header' | 'types'>): InputProblem[] {
  const present = header ?? [...(types?.keys() ?? [])];
  const missing = missingColumns({ columns: REQUIRED_CARBON_COLUMNS }, present);
  return [
    ...missing.map((column) => ({ table: CARBON_TABLE, file, column, expected: 'the column to be there' })),
    ...idsAsNumbers(CARBON_TABLE, file, CARBON_COLUMNS, types ?? new Map<string, string>()),
  ];
}
