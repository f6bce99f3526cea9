import type { Brand } from './brand';
import { CarbonError } from './carbon-error';
import { dayOf } from './instant';

/** A UTC calendar month, `YYYY-MM`. */
export type Month = Brand<string, 'Month'>;

const MONTH_PATTERN = /^\d{4}-(0[1-9]|1[0-2])$/;

/** Returns true for a text of the form `YYYY-MM` with a month from 01 to 12. */
export function isMonth(text: string): text is Month {
  return MONTH_PATTERN.test(text);
}

/**
 * Returns a text as a month.
 *
 * @throws CarbonError (usage) when it is not a month
 */
export function asMonth(text: string): Month {
  if (isMonth(text)) return text;
  throw new CarbonError('usage', `found ${JSON.stringify(text)}, expected a month such as 2025-01`);
}

/** Returns the calendar year of a month or of a year, e.g. 2025 for `2025-03`. */
export function yearOf(period: string): number {
  return Number(period.slice(0, 4));
}

/** Returns the days of a month or of a year (`YYYY`), leap years included. */
export function daysIn(period: string): number {
  if (isMonth(period)) {
    return new Date(Date.UTC(yearOf(period), Number(period.slice(5)), 0)).getUTCDate();
  }
  const year = Number(period);
  return (Date.UTC(year + 1, 0, 1) - Date.UTC(year, 0, 1)) / 86_400_000;
}

/** Returns the month `count` months after `month`; a negative count goes back. */
export function addMonths(month: Month, count: number): Month {
  const index = yearOf(month) * 12 + Number(month.slice(5)) - 1 + count;
  const [year, number] = [Math.floor(index / 12), (index % 12) + 1];
  return asMonth(`${String(year).padStart(4, '0')}-${String(number).padStart(2, '0')}`);
}

/** Returns all months from `first` to `last`, both included; empty when `first` is after `last`. */
export function monthsBetween(first: Month, last: Month): Month[] {
  const months: Month[] = [];
  for (let month = first; month <= last; month = addMonths(month, 1)) months.push(month);
  return months;
}

/** Returns the first instant of a month in UTC. */
export function startOf(month: Month): Date {
  return new Date(`${month}-01T00:00:00Z`);
}

/** Returns the first instant of the month that follows: the export's usage_period_end. */
export function endOf(month: Month): Date {
  return startOf(addMonths(month, 1));
}

/** Returns the last day of a month, `YYYY-MM-DD`. */
export function lastDayOf(month: Month): string {
  return `${month}-${String(daysIn(month)).padStart(2, '0')}`;
}

/** Returns the month of an instant, in UTC. */
export function monthOfInstant(instant: Date): Month {
  return asMonth(instant.toISOString().slice(0, 7));
}

/** Returns the last month that has ended at `instant`. */
export function lastClosedMonth(instant: Date): Month {
  return addMonths(monthOfInstant(instant), -1);
}

/** Returns true for a real calendar day `YYYY-MM-DD`, which 2025-02-30 is not. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && dayOf(instant) === text;
}
