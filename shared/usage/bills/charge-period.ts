import { addMonths, endOf, type Month, startOf } from '../../base/month';
import type { ColumnAccess } from '../../sql/text-columns';
import { orNull } from './bill-format';

/*
 * When a line was charged, in SQL that DuckDB and Trino share. Times are texts as exports write them: with a blank or
 * a T between day and time, without a zone (UTC, as FOCUS and AWS have it), with Z, or with an offset, which counts.
 */

/** No charge period is longer: a reservation of several years is charged by the month, or once. */
const LONGEST_PERIOD = 366 * 86_400;

/** SQL columns of a charge period: the times as texts, and the same in seconds since 1970 (see {@link seconds}). */
export interface ChargePeriod {
  readonly startText: string;
  readonly endText: string;
  readonly start: string;
  readonly end: string;
}

/**
 * Returns SQL for the part of a line that is in a month, between 0 and 1: the part of its charge period, by time. A line
 * without an end, or whose end is not after its start, is where it starts; one without a start is in the month. NULL where
 * a time does not exist, or where the period is longer than a year.
 */
export function partInMonth({ startText, endText, start, end }: ChargePeriod, month: Month): string {
  const from = String(startOf(month).getTime() / 1000);
  const to = String(endOf(month).getTime() / 1000);
  return `CASE
    WHEN ${startText} IS NULL THEN 1
    WHEN ${start} IS NULL OR (${endText} IS NOT NULL AND ${end} IS NULL) THEN CAST(NULL AS DOUBLE)
    WHEN ${end} - ${start} > ${String(LONGEST_PERIOD)} THEN CAST(NULL AS DOUBLE)
    WHEN ${endText} IS NULL OR ${end} <= ${start} THEN CASE WHEN ${start} >= ${from} AND ${start} < ${to} THEN 1 ELSE 0 END
    WHEN ${end} <= ${from} OR ${start} >= ${to} THEN 0
    ELSE CAST(least(${end}, ${to}) - greatest(${start}, ${from}) AS DOUBLE) / CAST(${end} - ${start} AS DOUBLE)
  END`;
}

/**
 * Returns SQL that is true for a line whose charge period is wholly in a month, by the columns of its file. The times of the
 * file must be valid and without an offset.
 */
export function isInside(
  { columnOf, textOf, typeOf }: ColumnAccess,
  { start, end }: { readonly start: string; readonly end: string },
  month: Month,
): string {
  const instant = (at: Date): string => `'${at.toISOString().slice(0, 19).replace('T', ' ')}'`;
  const isTyped = [start, end].every((column) => isTimestamp(typeOf(column)));
  const [first = '', last = ''] = isTyped
    ? [columnOf(start), `coalesce(${columnOf(end)}, ${columnOf(start)})`]
    : [textOf(start), `coalesce(${orNull(textOf(end))}, ${textOf(start)})`].map(comparable);
  const [from = '', to = ''] = [startOf(month), endOf(month)].map(
    (at) => `${isTyped ? 'TIMESTAMP ' : ''}${instant(at)}`,
  );
  return `coalesce(${first} >= ${from} AND ${first} < ${to} AND ${last} <= ${to}, false)`;
}

/** True for a DuckDB type of times. */
export function isTimestamp(type: string | undefined): boolean {
  return type?.startsWith('TIMESTAMP') === true;
}

/** Returns SQL of a valid time without an offset as a text whose order is that of time. */
export function comparable(time: string): string {
  return `replace(substr(${time}, 1, 19), 'T', ' ')`;
}

/** Returns SQL that is true for a line in a month or in one of its neighbours, whose bills are read with it. */
export function isNear({ startText, start, end }: ChargePeriod, month: Month): string {
  const first = String(startOf(addMonths(month, -1)).getTime() / 1000);
  const next = String(endOf(addMonths(month, 1)).getTime() / 1000);
  return `(${startText} IS NULL OR (${start} < ${next} AND coalesce(${end}, ${start}) >= ${first}))`;
}

/**
 * Returns SQL for the seconds since 1970 of a time; NULL where the time does not exist. It is long: a query that needs it
 * twice makes it a column first.
 */
export function seconds(time: string): string {
  const number = (from: number, most: number): string => {
    const digits = `TRY_CAST(substr(${time}, ${String(from)}, 2) AS BIGINT)`;
    return `CASE WHEN length(${time}) < ${String(from + 1)} THEN 0 WHEN ${digits} BETWEEN 0 AND ${String(most)} THEN ${digits} END`;
  };
  // DuckDB reads words such as `infinity` and `epoch` as dates.
  const isDate = `substr(${time}, 5, 1) = '-' AND substr(${time}, 8, 1) = '-'`;
  const date = `CASE WHEN ${isDate} THEN TRY_CAST(substr(${time}, 1, 10) AS DATE) END`;
  const day = `date_diff('day', DATE '1970-01-01', ${date})`;
  return `(${day} * 86400 + ${number(12, 23)} * 3600 + ${number(15, 59)} * 60 + ${number(18, 60)} - ${offsetSeconds(time)})`;
}

/** Offset from UTC at the end of a time, such as +05:30, -0800 or +02. */
function offsetSeconds(time: string): string {
  const tail = `substr(${time}, 20)`;
  const position = `greatest(strpos(${tail}, '+'), strpos(${tail}, '-'))`;
  const zone = `replace(substr(${tail}, ${position}), ':', '')`;
  const sign = `CASE WHEN strpos(${tail}, '-') > 0 THEN -1 ELSE 1 END`;
  const minutes = `CASE WHEN length(${zone}) >= 5 THEN TRY_CAST(substr(${zone}, 4, 2) AS BIGINT) ELSE 0 END`;
  return `CASE WHEN ${position} > 0 THEN ${sign} * (TRY_CAST(substr(${zone}, 2, 2) AS BIGINT) * 3600 + ${minutes} * 60) ELSE 0 END`;
}
