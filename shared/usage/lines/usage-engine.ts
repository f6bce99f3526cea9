import type { FileContent } from '../../estate/file-content';
import type { TableReader } from '../../estate/read-table';
import type { DuckSession, SqlRow } from '../../sql/duck-session';
import type { ColumnTypes, Relation } from '../../sql/relation';
import type { SummedLines } from '../../sql/summed-texts';
import type { UsageFile } from '../../sql/text-columns';
import type { LocalCopy } from '../../stores/object-store';
import type { UsageSource } from './usage-source';

/** A file of usage or of bills after one pass over its bytes. */
export interface ReadFile extends UsageFile, FileContent {
  readonly copy: Pick<LocalCopy, 'isCurrent' | 'release'>;
  readonly records: number;
}

/** Files, and which of their columns are read. */
export interface FileTexts extends Pick<UsageSource, 'table' | 'files' | 'columnsOf'> {
  /** Lines that become one row for all lines with the same texts: see summedTexts. @default - each has a row */
  readonly summed?: SummedLines;
}

/** Sums over a month's files, in the part of SQL that DuckDB and Trino share. */
export interface UsageSums<Columns extends ColumnTypes = ColumnTypes> {
  /** Columns of the relation that keeps the sums. */
  readonly columns: Columns;
  /**
   * SQL of the sums over relations of texts, as the source's columns name them. A column `lines` counts the lines of each
   * row.
   */
  readonly overTexts: (texts: readonly string[]) => string;
  /** SQL of the rows that are kept, over a relation of such sums. DuckDB alone runs it. @default - the sums */
  readonly kept?: (sums: string) => string;
  /** Relations that `overTexts` refers to. */
  readonly context: readonly Relation[];
}

/** The default of {@link UsageSums.kept}. */
export function allSums(sums: string): string {
  return `SELECT * FROM ${sums} s`;
}

/** A search for lines that messages name, in the part of SQL that DuckDB and Trino share. */
export interface LineSearch {
  /** SQL of the search over a relation of texts; it returns their column `line` too. */
  readonly overText: (text: string) => string;
  /** Relations that `overText` refers to. */
  readonly context: readonly Relation[];
  /** How many lines are enough. */
  readonly most: number;
}

/** A line that was found. */
export interface FoundLine {
  readonly file: string;
  /** Counted from 1; absent where the engine does not number lines. */
  readonly row?: number;
  readonly values: SqlRow;
}

/** Reads and sums a month's files of usage: in this process, or in Athena where the files are too large for it. */
export interface UsageEngine {
  /**
   * Reads a file once: its hash, its columns and how many records it has.
   *
   * @throws CsvFormatError when it is damaged; EngineRefusal when this engine alone cannot read it
   * @throws InputError when a copy of it was replaced while it was read
   */
  read(reader: TableReader, table: string, file: string): Promise<ReadFile>;
  /** True where lines are summed faster by numbers in place of their texts. @default - false */
  readonly hasTextCodes?: boolean;
  /** True where doubles are summed as integers of 128 bits. @default - false */
  readonly hasWideIntegers?: boolean;
  /** How many files may be read before the first of them is released: copies take disk. */
  readonly filesAtOnce: number;
  /**
   * Returns the sums of a source's files.
   *
   * @throws InputError when a file cannot be read, or a sum is too large
   */
  sum<Columns extends ColumnTypes>(
    session: DuckSession,
    texts: FileTexts,
    sums: UsageSums<Columns>,
  ): Promise<Relation<Columns>>;
  /** Finds lines in the files of a source. */
  find(session: DuckSession, texts: FileTexts, search: LineSearch): Promise<FoundLine[]>;
}
