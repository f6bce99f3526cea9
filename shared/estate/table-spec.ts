import type { z } from 'zod';
import { isMonth, type Month, yearOf } from '../base/month';

/** A record as it stands in a file: column name to text, blanks and nulls as ''. */
export type RawRecord = Readonly<Record<string, string>>;

/** What a table of inputs.md looks like. */
export interface TableSpec<Row> {
  readonly name: string;
  /** Columns in the order of inputs.md; all have to be there, in any order, and others are ignored. */
  readonly columns: readonly string[];
  /** Turns a record into a typed row; its messages complete the sentence "expected …". */
  readonly schema: z.ZodType<Row, RawRecord>;
  /** Columns that no two rows share; absent: rows add up. */
  readonly key?: readonly string[];
  /** Which months a broken record can touch; absent: all of them. */
  readonly concerns?: (record: RawRecord) => (month: Month) => boolean;
}

/** Concerns the month that a column names; every month where it names none. */
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
