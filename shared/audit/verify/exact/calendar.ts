import { Fraction } from './rational';

/** The year of a month YYYY-MM or of a year YYYY. */
export function yearOf(period: string): number {
  return Number(period.slice(0, 4));
}

/** The number of days in a month YYYY-MM. */
export function daysInMonth(month: string): number {
  // Day 0 of the next month is the last day of this one.
  return new Date(Date.UTC(yearOf(month), Number(month.slice(5, 7)), 0)).getUTCDate();
}

/** The last day of a month YYYY-MM, as YYYY-MM-DD. */
export function lastDay(month: string): string {
  return `${month}-${String(daysInMonth(month))}`;
}

/** The part of its year that a month YYYY-MM is: days(m) / days(Y). */
export function shareOfYear(month: string): Fraction {
  const year = yearOf(month);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return new Fraction(daysInMonth(month), leap ? 366 : 365);
}

/** How much of an entry for a period counts in a month: 1 in its own month, days(m) / days(Y) in its year, else 0. */
export function shareOfPeriod(period: string, month: string): Fraction {
  if (period === month) return new Fraction(1);
  return period === month.slice(0, 4) ? shareOfYear(month) : new Fraction(0);
}

/** The first day after a month YYYY-MM, as YYYY-MM-DD. */
export function endOfMonth(month: string): string {
  return new Date(Date.UTC(yearOf(month), Number(month.slice(5, 7)), 1)).toISOString().slice(0, 10);
}
