import { addMonths, endOf, type Month, startOf } from '../../base/month';

/*
 * When a line was charged, in SQL that DuckDB and Trino share. Times are texts as exports write them: with a blank or
 * a T between day and time, without a zone (UTC, as FOCUS and AWS have it), with Z, or with an offset, which counts.
 */

/**
 * The part of a line that lies in a month, between 0 and 1: the part of its charge period, by time. A line without an
 * end, or whose end is not after its start, lies where it starts; one without a start lies in the month. NULL where a
 * time is none.
 */
export function partInMonth(start: string, end: string, month: Month): string {
  const first = dayOf(startOf(month));
  const next = dayOf(endOf(month));
  const isUtc = (time: string): string =>
    `(length(${time}) <= 19 OR substr(${time}, 20) IN ('Z', '.000Z', '.000', '+00', '+00:00', ' UTC'))`;
  const startsInside = `substr(${start}, 1, 10) >= '${first}' AND substr(${start}, 1, 10) < '${next}' AND ${isUtc(start)}`;
  // Nearly every line ends in its month: texts tell without taking the times apart.
  const endsInside = `substr(${end}, 1, 10) >= '${first}' AND (substr(${end}, 1, 10) < '${next}' OR (substr(${end}, 1, 10) = '${next}' AND substr(${end}, 12, 8) IN ('', '00:00:00'))) AND ${isUtc(end)}`;
  const whole = `${start} IS NULL OR (${isTime(start)} AND ${startsInside} AND (${end} IS NULL OR (${isTime(end)} AND ${endsInside})))`;
  return `CASE WHEN ${whole} THEN 1 ELSE ${overlap(seconds(start), end, month)} END`;
}

function overlap(start: string, endText: string, month: Month): string {
  const end = seconds(endText);
  const from = String(startOf(month).getTime() / 1000);
  const to = String(endOf(month).getTime() / 1000);
  return `CASE
    WHEN ${start} IS NULL OR (${endText} IS NOT NULL AND ${end} IS NULL) THEN CAST(NULL AS DOUBLE)
    WHEN ${endText} IS NULL OR ${end} <= ${start} THEN CASE WHEN ${start} >= ${from} AND ${start} < ${to} THEN 1 ELSE 0 END
    WHEN ${end} <= ${from} OR ${start} >= ${to} THEN 0
    ELSE CAST(least(${end}, ${to}) - greatest(${start}, ${from}) AS DOUBLE) / CAST(${end} - ${start} AS DOUBLE)
  END`;
}

/** True for a line that lies in a month or in one of its neighbours, whose bills are read with it. */
export function isNear(start: string, end: string, month: Month): string {
  const first = String(startOf(addMonths(month, -1)).getTime() / 1000);
  const next = String(endOf(addMonths(month, 1)).getTime() / 1000);
  const begins = seconds(start);
  return `(${start} IS NULL OR (${begins} < ${next} AND coalesce(${seconds(end)}, ${begins}) >= ${first}))`;
}

/** True for a text whose day of the month can be one; year and month are compared. */
function isTime(time: string): string {
  return `substr(${time}, 9, 2) BETWEEN '01' AND '31'`;
}

/** Seconds since 1970 of a time; NULL where it is none. */
export function seconds(time: string): string {
  const number = (from: number): string =>
    `CASE WHEN length(${time}) < ${String(from + 1)} THEN 0 ELSE TRY_CAST(substr(${time}, ${String(from)}, 2) AS BIGINT) END`;
  const day = `date_diff('day', DATE '1970-01-01', TRY_CAST(substr(${time}, 1, 10) AS DATE))`;
  return `(${day} * 86400 + ${number(12)} * 3600 + ${number(15)} * 60 + ${number(18)} - ${offsetSeconds(time)})`;
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

function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}
