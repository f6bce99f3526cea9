import type { FileContent, TableReader } from '../../estate/read-table';
import type { DuckSession, SqlRow } from '../../sql/duck-session';
import type { UsageFile } from '../../sql/text-columns';
import type { LocalCopy } from '../../stores/object-store';
import type { UsageSource } from './usage-source';

/** A file of usage or of bills after one pass over its bytes. */
export interface ReadFile extends UsageFile, FileContent {
  readonly copy: Pick<LocalCopy, 'isCurrent' | 'release'>;
  readonly hasRecords: boolean;
}

/** Files, and which of their columns are read. */
export type FileTexts = Pick<UsageSource, 'table' | 'files' | 'columnsOf'>;

/** Sums over a month's files, in the part of SQL that DuckDB and Trino share. */
export interface UsageSums {
  /** Temporary table of the session that keeps them. */
  readonly table: string;
  /**
   * SQL of the sums over relations of texts, as the source's columns name them. A column `lines` tells how many lines each
   * row stands for.
   */
  readonly overTexts: (texts: readonly string[]) => string;
  /** SQL of what the table keeps, over a relation of such sums; DuckDB alone runs it. @default - the sums as they are */
  readonly kept?: (sums: string) => string;
  /** Tables of the session that `overTexts` refers to. */
  readonly context: readonly string[];
}

/** What is kept of sums where nothing else is said. */
export function asTheyAre(sums: string): string {
  return `SELECT * FROM ${sums} s`;
}

/** Lines to be found for messages, in the part of SQL that DuckDB and Trino share. */
export interface LineSearch {
  /** SQL of what is looked for over a relation of texts; it hands their column `line` through. */
  readonly overText: (text: string) => string;
  /** Tables of the session that `overText` refers to. */
  readonly context: readonly string[];
  /** How many lines are enough. */
  readonly most: number;
}

/** A line that was found. */
export interface FoundLine {
  readonly file: string;
  /** Counted from 1; absent where the engine numbers no lines. */
  readonly row?: number;
  readonly values: SqlRow;
}

/** Where a month's files of usage are read and summed: in this process, or in Athena where they are too large for it. */
export interface UsageEngine {
  /**
   * Reads a file once: its hash, its columns and whether it has records.
   *
   * @throws CsvFormatError when it is damaged; EngineRefusal when this engine alone cannot read it
   * @throws InputError when a copy of it was replaced while it was read
   */
  read(reader: TableReader, table: string, file: string): Promise<ReadFile>;
  /** How many files may be read before the first of them is released: copies take disk. */
  readonly filesAtOnce: number;
  /**
   * Sums the files of a source into a table of the session.
   *
   * @throws InputError when a file cannot be read, or a sum is too large
   */
  sum(session: DuckSession, texts: FileTexts, sums: UsageSums): Promise<void>;
  /** Finds lines of the files of a source. */
  find(session: DuckSession, texts: FileTexts, search: LineSearch): Promise<FoundLine[]>;
}
