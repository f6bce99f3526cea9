import { addMonths, asMonth, daysIn, type Month } from '../base/month';
import type { EarlyRetirement, EmbodiedItem } from './month-estate';

const DAY_MS = 86_400_000;

/** Days of the service life of a rack or asset that count in a month. */
export interface CountedDays {
  /** Days in service. */
  readonly inService: number;
  /** Days after an early retirement: those of the month, or all of them in the month of the retirement. */
  readonly afterRetirement: number;
  /** Days of the whole service life. */
  readonly ofLife: number;
}

/** What an item's days depend on. */
export type ServiceLife = Pick<EmbodiedItem, 'inServiceOn' | 'serviceMonths' | 'retiredOn'>;

/**
 * Returns the days of a service life that count in a month. The first day in service counts; the life ends before the same
 * day of the month in which it is over, or before the last day of that month where it has no such day. Over all months they
 * add up to the days of the life (our rule; AWS names years alone).
 */
export function countedDays(life: ServiceLife, month: Month, earlyRetirement: EarlyRetirement): CountedDays {
  const start = dayNumber(life.inServiceOn);
  const end = endOfLife(life);
  const retired = life.retiredOn === undefined ? end : Math.min(end, dayNumber(life.retiredOn));
  const first = dayNumber(`${month}-01`);
  const next = first + daysIn(month);
  const inMonth = (from: number, to: number): number =>
    Math.max(0, Math.min(to, next) - Math.max(from, first));
  const retiresNow = retired >= first && retired < next;
  return {
    inService: inMonth(start, retired),
    afterRetirement: earlyRetirement === 'continue' ? inMonth(retired, end) : retiresNow ? end - retired : 0,
    ofLife: end - start,
  };
}

/** Days of a service life up to the end of a month and after it. */
export interface BookedDays {
  readonly booked: number;
  readonly rest: number;
}

/** Returns the days that are booked up to the end of a month, and those that later months book. */
export function bookedDays(life: ServiceLife, month: Month, earlyRetirement: EarlyRetirement): BookedDays {
  const start = dayNumber(life.inServiceOn);
  const end = endOfLife(life);
  const retired = life.retiredOn === undefined ? end : Math.min(end, dayNumber(life.retiredOn));
  const next = dayNumber(`${month}-01`) + daysIn(month);
  const upTo = (from: number, to: number): number => Math.max(0, Math.min(to, next) - from);
  const after = (from: number, to: number): number => Math.max(0, to - Math.max(from, next));
  if (earlyRetirement === 'continue') return { booked: upTo(start, end), rest: after(start, end) };
  const writtenOff = end - retired;
  return retired < next
    ? { booked: upTo(start, retired) + writtenOff, rest: 0 }
    : { booked: upTo(start, retired), rest: after(start, retired) + writtenOff };
}

function endOfLife({ inServiceOn, serviceMonths }: ServiceLife): number {
  const last = addMonths(asMonth(inServiceOn.slice(0, 7)), serviceMonths);
  const day = Math.min(Number(inServiceOn.slice(8)), daysIn(last));
  return dayNumber(`${last}-${String(day).padStart(2, '0')}`);
}

function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS;
}
