import type { Month } from '../calendar/month';
import type { DuckSession } from '../engine/duck-session';
import { numberIn } from '../engine/duck-session';
import { CsvFormatError, missingColumns, scanCsv } from '../inputs/csv-file';
import type { InputFiles } from '../inputs/input-files';
import type { InputProblem } from '../inputs/input-problem';
import { copiesAmong, idsAsNumbers, parquetColumns, sha256Of } from '../inputs/read-table';
import type { FileContent, TableReader } from '../inputs/read-table';
import { USAGE_COLUMNS } from '../inputs/tables';
import type { LocalCopy } from '../stores/object-store';
import { FOCUS_COLUMNS } from './focus-columns';
import type { UsageFile } from './usage-source';
import { USAGE_TABLES } from './usage-tables';
import type { UsageTable } from './usage-tables';

/** The usage files of a month after one pass over their bytes. */
export interface UsageFiles {
  readonly table: UsageTable;
  readonly files: readonly (UsageFile & FileContent & { readonly copy: LocalCopy })[];
  readonly problems: readonly InputProblem[];
}

/**
 * Finds the month's usage, reads it once to take its hash and to find damage, and checks that the columns are there.
 *
 * @param revenueColumn cost column of FOCUS that stands for revenue
 */
export async function scanUsage(
  reader: TableReader,
  inputFiles: InputFiles,
  month: Month,
  revenueColumn: string,
): Promise<UsageFiles> {
  const present = USAGE_TABLES.filter((table) => inputFiles.monthly(table, month).length > 0);
  const [table = 'usage'] = present;
  const problems: InputProblem[] = [];
  if (present.length > 1) {
    const expected = 'usage or focus for one month, not both: they would count twice';
    problems.push({ table: 'usage', file: `usage_period=${month}`, expected });
  }
  const columns = table === 'usage' ? USAGE_COLUMNS : [...FOCUS_COLUMNS, revenueColumn];
  const files: (UsageFile & FileContent & { copy: LocalCopy; hasRecords: boolean })[] = [];
  for (const file of inputFiles.monthly(table, month)) {
    const copy = await reader.store.localCopy(file);
    try {
      const scan = await scanFile(reader.session, file, copy.path);
      files.push({ file, path: copy.path, copy, ...scan });
      problems.push(...columnProblems(table, file, columns, scan));
    } catch (error) {
      if (!(error instanceof CsvFormatError)) throw error;
      problems.push({ table, file, expected: error.expected });
    }
  }
  problems.push(
    ...copiesAmong(
      table,
      files.filter(({ hasRecords }) => hasRecords),
    ),
  );
  return { table, files, problems };
}

interface Scan {
  readonly sha256: string;
  readonly hasRecords: boolean;
  readonly header?: readonly string[];
  /** DuckDB types by column, for Parquet. */
  readonly types?: ReadonlyMap<string, string>;
}

async function scanFile(session: DuckSession, file: string, path: string): Promise<Scan> {
  if (!file.endsWith('.parquet')) return scanCsv(path);
  const types = await parquetColumns(session, path);
  const [total] = await session.rows('SELECT COUNT(*) AS n FROM read_parquet($1)', [path]);
  return { sha256: await sha256Of(path), hasRecords: numberIn(total, 'n') > 0, types };
}

function columnProblems(
  table: UsageTable,
  file: string,
  columns: readonly string[],
  scan: Scan,
): InputProblem[] {
  const present = scan.header ?? [...(scan.types?.keys() ?? [])];
  const missing = missingColumns({ columns }, present);
  return [
    ...missing.map((column) => ({ table, file, column, expected: 'the column to be there' })),
    ...idsAsNumbers(table, file, columns, scan.types ?? new Map<string, string>()),
  ];
}
