import { addMonths } from '../calendar/month';
import type { Month } from '../calendar/month';
import { billFacts, reachesInto } from '../bills/bill-facts';
import type { BillFacts } from '../bills/bill-facts';
import { BILL_FORMATS } from '../bills/bill-formats';
import { billProblems } from '../bills/bill-problems';
import { isBillTable } from '../bills/bill-tables';
import type { BillTable } from '../bills/bill-tables';
import { unreadableUsage } from './unreadable-usage';
import type { DuckSession } from '../engine/duck-session';
import { numberIn } from '../engine/duck-session';
import { CsvFormatError, missingColumns, scanCsv } from '../inputs/csv-file';
import type { EstateSettings } from '../inputs/estate-settings';
import type { InputFiles } from '../inputs/input-files';
import { replacedFile } from '../inputs/input-problem';
import type { InputProblem } from '../inputs/input-problem';
import { copiesAmong, idsAsNumbers, parquetColumns, sha256Of } from '../inputs/read-table';
import type { FileContent, TableReader } from '../inputs/read-table';
import { USAGE_COLUMNS } from '../inputs/tables';
import type { LocalCopy } from '../stores/object-store';
import type { UsageFile } from './usage-source';
import { USAGE_TABLES } from './usage-tables';
import type { UsageTable } from './usage-tables';

/** A file of usage or of bills after one pass over its bytes. */
export interface ScannedFile extends UsageFile, FileContent {
  readonly copy: LocalCopy;
  readonly hasRecords: boolean;
  /** True for a bill of a neighbouring month that reaches into this one. */
  readonly isNeighbour: boolean;
  /** Of bills alone. */
  readonly facts?: BillFacts;
}

/** The usage files of a month after one pass over their bytes. */
export interface UsageFiles {
  readonly table: UsageTable;
  readonly files: readonly ScannedFile[];
  readonly problems: readonly InputProblem[];
}

/** Finds the usage of months and reads it once to take its hash and to find damage. */
export class UsageScanner {
  /** Facts of bills that were looked at as neighbours, by file. */
  private readonly facts = new Map<string, BillFacts>();

  constructor(
    private readonly inputFiles: InputFiles,
    private readonly settings: EstateSettings,
  ) {}

  /**
   * Scans the month's usage and checks that the columns are there; bills of its neighbours that reach into it too.
   *
   * @param tables where usage may be found; @default - all
   */
  async scan(
    reader: TableReader,
    month: Month,
    tables: readonly UsageTable[] = USAGE_TABLES,
  ): Promise<UsageFiles> {
    const present = tables.filter((table) => this.inputFiles.monthly(table, month).length > 0);
    const [table = 'usage'] = present;
    const problems: InputProblem[] = [];
    if (present.length > 1) {
      const expected = `one of ${tables.join(', ')} for one month: ${present.join(' and ')} would count twice`;
      problems.push({ table: 'usage', file: `usage_period=${month}`, expected });
    }
    const files: ScannedFile[] = [];
    for (const file of present.length === 0 ? [] : this.inputFiles.monthly(table, month)) {
      const scanned = await this.scanFile(reader, table, file, false);
      if ('problems' in scanned) problems.push(...scanned.problems);
      if ('file' in scanned) files.push(scanned.file);
    }
    const withRecords = files.filter(({ hasRecords }) => hasRecords);
    problems.push(...copiesAmong(table, withRecords));
    if (!isBillTable(table)) return { table, files, problems };
    problems.push(...billProblems(table, withRecords, (file) => this.inputFiles.exportOf(table, file)));
    const neighbours = problems.length > 0 ? [] : await this.neighbours(reader, table, month);
    return { table, files: [...files, ...neighbours], problems };
  }

  private async neighbours(reader: TableReader, table: BillTable, month: Month): Promise<ScannedFile[]> {
    const found: ScannedFile[] = [];
    for (const other of [addMonths(month, -1), addMonths(month, 1)]) {
      for (const file of this.inputFiles.monthly(table, other)) {
        const known = this.facts.get(file);
        if (known !== undefined && !reachesInto(known, month)) continue;
        const scanned = await this.scanFile(reader, table, file, true);
        // What is wrong with a neighbour is told by the month it belongs to.
        if (!('file' in scanned) || 'problems' in scanned) continue;
        const { facts } = scanned.file;
        if (facts !== undefined && reachesInto(facts, month)) found.push(scanned.file);
        else await scanned.file.copy.release();
      }
    }
    return found;
  }

  private async scanFile(
    reader: TableReader,
    table: UsageTable,
    file: string,
    isNeighbour: boolean,
  ): Promise<ScanResult> {
    const copy = await reader.store.localCopy(file);
    try {
      const scan = await scanContent(reader.session, file, copy.path);
      const problems = this.columnProblems(table, file, scan);
      const scanned = { file, path: copy.path, copy, isNeighbour, ...scan };
      if (problems.length > 0) return { file: scanned, problems };
      if (!isBillTable(table)) return { file: scanned };
      return await this.withFacts(reader.session, table, scanned);
    } catch (error) {
      if (!(error instanceof CsvFormatError)) throw error;
      if (!(await copy.isCurrent())) return { problems: [replacedFile(table, file)] };
      return { problems: [{ table, file, expected: error.expected }] };
    }
  }

  private async withFacts(session: DuckSession, table: BillTable, scanned: ScannedFile): Promise<ScanResult> {
    try {
      const facts = await billFacts(session, table, scanned, this.settings);
      this.facts.set(scanned.file, facts);
      return { file: { ...scanned, facts } };
    } catch (error) {
      const unreadable = await unreadableUsage(session, { table, files: [scanned] }, error);
      if (unreadable === undefined) throw error;
      return { problems: unreadable.problems };
    }
  }

  private columnProblems(table: UsageTable, file: string, scan: Scan): InputProblem[] {
    const present = scan.header ?? [...(scan.types?.keys() ?? [])];
    const format = isBillTable(table) ? BILL_FORMATS[table] : undefined;
    const columns = format === undefined ? USAGE_COLUMNS : format.required(this.settings);
    const missing = missingColumns({ columns }, present);
    const oneOf = format?.oneOf ?? [];
    if (oneOf.length > 0 && !oneOf.some((column) => present.includes(column)))
      missing.push(oneOf.join(' or '));
    return [
      ...missing.map((column) => ({ table, file, column, expected: 'the column to be there' })),
      ...idsAsNumbers(table, file, columns, scan.types ?? new Map<string, string>()),
    ];
  }
}

type ScanResult =
  | { readonly file: ScannedFile }
  | { readonly file?: ScannedFile; readonly problems: readonly InputProblem[] };

/** What one pass over a file's bytes tells. */
export interface Scan {
  readonly sha256: string;
  readonly hasRecords: boolean;
  readonly header?: readonly string[];
  /** DuckDB types by column, for Parquet. */
  readonly types?: ReadonlyMap<string, string>;
}

/**
 * Reads a file of usage, of bills or of AWS's export once.
 *
 * @throws CsvFormatError when a CSV file is damaged
 */
export async function scanContent(session: DuckSession, file: string, path: string): Promise<Scan> {
  if (!file.endsWith('.parquet')) return scanCsv(path);
  const types = await parquetColumns(session, path);
  const [total] = await session.rows('SELECT COUNT(*) AS n FROM read_parquet($1)', [path]);
  return { sha256: await sha256Of(path), hasRecords: numberIn(total, 'n') > 0, types };
}
