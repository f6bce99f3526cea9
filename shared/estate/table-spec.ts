import type { z } from 'zod';
import { isMonth, type Month, yearOf } from '../base/month';

/** A record of a file: column name to text, blanks and nulls as ''. */
export type RawRecord = Readonly<Record<string, string>>;

/** The columns and rules of a table of an estate. */
export interface TableSpec<Row> {
  readonly name: string;
  /** Columns that are read. A file may have them in any order, and further columns, which are ignored. */
  readonly columns: readonly string[];
  /** Those of the columns that a file may lack; they are then blank. @default - none */
  readonly optional?: readonly string[];
  /** Turns a record into a typed row; its messages follow the word "expected". */
  readonly schema: z.ZodType<Row, RawRecord>;
  /** What the schema makes of each column. */
  readonly types: Readonly<Record<string, z.ZodType<unknown, string>>>;
  /** True for a row that has no problem over several columns; absent: no row has one. */
  keepsRule?(row: Row): boolean;
  /** Columns that no two rows share; absent: rows add up. */
  readonly key?: readonly string[];
  /** The months that an invalid record can change; absent: all of them. */
  readonly concerns?: (record: RawRecord) => (month: Month) => boolean;
}

/** Returns the columns that every file of a table has. */
export function requiredColumns({ columns, optional = [] }: TableSpec<unknown>): string[] {
  return columns.filter((column) => !optional.includes(column));
}

/** The typed row of a table. */
export type RowOf<Spec> = Spec extends TableSpec<infer Row> ? Row : never;

/** Concerns the month that a column names; every month where the value is not a month. */
export function thatMonth(column: string): (record: RawRecord) => (month: Month) => boolean {
  return (record) => {
    const value = record[column] ?? '';
    return (month) => !isMonth(value) || month === value;
  };
}

/** Concerns the month or all months of the year that a column names. */
export function thatPeriod(column: string): (record: RawRecord) => (month: Month) => boolean {
  return (record) => {
    const value = record[column] ?? '';
    if (isMonth(value)) return (month) => month === value;
    return (month) => !/^\d{4}$/.test(value) || month.startsWith(value);
  };
}

/** Concerns the year that a column names and all later ones, which may fall back on it. */
export function fromThatYear(column: string): (record: RawRecord) => (month: Month) => boolean {
  return (record) => {
    const value = record[column] ?? '';
    return (month) => !/^\d{4}(-\d{2})?$/.test(value) || yearOf(month) >= yearOf(value);
  };
}
