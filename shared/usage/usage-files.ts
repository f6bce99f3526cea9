import { append } from '../base/append';
import { defined } from '../base/defined';
import { InputError, type InputProblem } from '../base/input-problem';
import { addMonths, type Month } from '../base/month';
import { CsvFormatError } from '../estate/csv-file';
import type { EstateSettings } from '../estate/estate-settings';
import type { InputFiles } from '../estate/input-files';
import { copiesAmong } from '../estate/file-content';
import { headerProblems } from '../estate/header';
import { idsAsNumbers } from '../estate/parquet-file';
import type { TableReader } from '../estate/read-table';
import { USAGE_COLUMNS } from '../estate/tables';
import { type BillFacts, billFacts, reachesInto } from './bills/bill-facts';
import { BILL_FORMATS } from './bills/bill-formats';
import { billProblems } from './bills/bill-problems';
import { type BillTable, isBillTable } from './bills/bill-tables';
import { withKnownNames } from '../sql/text-columns';
import { nameInTable, wrongFolder } from './column-names';
import { DUCK_ENGINE } from './lines/duck-engine';
import { EngineRefusal } from './lines/engine-refusal';
import type { ReadFile, UsageEngine } from './lines/usage-engine';
import { USAGE_TABLES, type UsageTable } from './usage-tables';

/** A file of usage or of bills after one pass over its bytes. */
export interface ScannedFile extends ReadFile {
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
  /** Facts of the bills of neighbouring months, by file. */
  private readonly facts = new Map<string, BillFacts>();

  constructor(
    private readonly inputFiles: InputFiles,
    private readonly settings: EstateSettings,
  ) {}

  /**
   * Scans the month's usage and checks that the columns are there; bills of its neighbours that reach into it too.
   *
   * @param tables where usage may be found; @default - all
   * @param engine what reads the files; @default - DuckDB
   */
  async scan(
    reader: TableReader,
    month: Month,
    tables: readonly UsageTable[] = USAGE_TABLES,
    engine: UsageEngine = DUCK_ENGINE,
  ): Promise<UsageFiles> {
    const present = tables.filter((table) => this.inputFiles.monthly(table, month).length > 0);
    const [table = 'usage'] = present;
    const problems: InputProblem[] = [];
    if (present.length > 1) {
      const expected = `one of ${tables.join(', ')} for one month: ${present.join(' and ')} would count twice`;
      problems.push({ table: 'usage', file: `usage_period=${month}`, expected });
    }
    const names = present.length === 0 ? [] : this.inputFiles.monthly(table, month);
    const reading = { engine, reader, table };
    const { files, problems: found } = await this.read(reading, names, false);
    append(problems, found);
    const withRecords = files.filter(({ records }) => records > 0);
    append(problems, copiesAmong(table, withRecords));
    if (!isBillTable(table)) return { table, files, problems };
    append(
      problems,
      billProblems(table, withRecords, (file) => this.inputFiles.exportOf(table, file)),
    );
    if (problems.length > 0) return { table, files, problems };
    const neighbours = await this.neighbours({ ...reading, table }, month);
    return { table, files: [...files, ...neighbours.files], problems: neighbours.problems };
  }

  private async neighbours(
    reading: Reading & { readonly table: BillTable },
    month: Month,
  ): Promise<ReadFiles> {
    const names = [addMonths(month, -1), addMonths(month, 1)]
      .flatMap((other) => this.inputFiles.monthly(reading.table, other))
      .filter((file) => {
        const known = this.facts.get(file);
        return known === undefined || reachesInto(known, month);
      });
    const found: ScannedFile[] = [];
    const refused: InputProblem[] = [];
    for (const batch of batches(names, reading.engine.filesAtOnce)) {
      const { files, problems } = await this.read(reading, batch, true);
      // Problems of a neighbouring bill are reported with its own month; a file that the engine refuses, also with this month.
      append(
        refused,
        problems.filter(({ isRefusal }) => isRefusal === true),
      );
      const valid = withoutProblems(files, problems);
      for (const file of files) {
        const { facts } = file;
        if (facts !== undefined && reachesInto(facts, month) && valid.includes(file)) found.push(file);
        else await file.copy.release();
      }
    }
    return { files: found, problems: refused };
  }

  /** Reads files once, checks their columns and, where they are bills, finds their facts. */
  private async read(
    { engine, reader, table }: Reading,
    names: readonly string[],
    isNeighbour: boolean,
  ): Promise<ReadFiles> {
    const files: ScannedFile[] = [];
    const problems: InputProblem[] = [];
    for (const file of names) {
      try {
        const read = withKnownNames(await engine.read(reader, table, file), nameInTable(table));
        const scanned = { ...read, isNeighbour };
        files.push(scanned);
        append(problems, this.columnProblems(table, scanned));
      } catch (error) {
        if (!(error instanceof CsvFormatError)) throw error;
        const isRefusal = error instanceof EngineRefusal ? { isRefusal: true } : {};
        problems.push({
          table,
          file,
          ...defined({ row: error.row }),
          expected: error.expected,
          ...isRefusal,
        });
      }
    }
    if (!isBillTable(table)) return { files, problems };
    append(problems, await this.findFacts({ engine, reader, table }, withoutProblems(files, problems)));
    return { files: files.map((file) => withFacts(file, this.facts.get(file.file))), problems };
  }

  /** Finds the facts of bills; an unreadable bill does not stop the others. */
  private async findFacts(
    { engine, reader, table }: Reading & { readonly table: BillTable },
    files: readonly ScannedFile[],
  ): Promise<readonly InputProblem[]> {
    try {
      const facts = await billFacts(engine, reader.session, { table, files, settings: this.settings });
      for (const [file, found] of facts) this.facts.set(file, found);
      return [];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const valid = withoutProblems(files, error.problems);
      const others =
        valid.length < files.length ? await this.findFacts({ engine, reader, table }, valid) : [];
      return [...error.problems, ...others];
    }
  }

  private columnProblems(table: UsageTable, { file, header, types }: ReadFile): InputProblem[] {
    const present = header ?? [...(types?.keys() ?? [])];
    const misplaced = wrongFolder(table, file, present);
    if (misplaced !== undefined) return [misplaced];
    const format = isBillTable(table) ? BILL_FORMATS[table] : undefined;
    const columns = format === undefined ? USAGE_COLUMNS : format.required(this.settings);
    const oneOf = format?.regionColumns ?? [];
    const hasOne = oneOf.length === 0 || oneOf.some((column) => present.includes(column));
    const required = hasOne ? columns : [...columns, oneOf.join(' or ')];
    return [
      ...headerProblems({ table, file }, required, present),
      ...idsAsNumbers({ table, file }, columns, types ?? new Map(), this.settings.pad_account_ids),
    ];
  }
}

/** Files that were read, and what is wrong with some of them. */
interface ReadFiles {
  readonly files: readonly ScannedFile[];
  readonly problems: readonly InputProblem[];
}

/** What reads files, and which table they belong to. */
interface Reading {
  readonly engine: UsageEngine;
  readonly reader: TableReader;
  readonly table: UsageTable;
}

function withoutProblems(
  files: readonly ScannedFile[],
  problems: readonly InputProblem[],
): readonly ScannedFile[] {
  const invalid = new Set(problems.map(({ file }) => file));
  return files.filter(({ file }) => !invalid.has(file));
}

function batches(names: readonly string[], size: number): string[][] {
  const all: string[][] = [];
  for (let from = 0; from < names.length; from += size) all.push(names.slice(from, from + size));
  return all;
}

function withFacts(file: ScannedFile, facts: BillFacts | undefined): ScannedFile {
  return facts === undefined ? file : { ...file, facts };
}
