import { CarbonError } from './carbon-error';

/** Returns the UTC day of an instant, `YYYY-MM-DD`. */
export function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}

/** Returns an instant in UTC to the second, as SQL and the CSV files of AWS write it: `2025-01-31 23:59:59`. */
export function dayAndTimeOf(instant: Date): string {
  return instant.toISOString().slice(0, 19).replace('T', ' ');
}

/** Days begin up to this much earlier than in UTC, ms. */
const TIME_ZONES_MS = 24 * 3_600_000;

/**
 * Returns the as-of instant of a run, which may not be in the future. A snapshot of the organization would otherwise be kept
 * for a month that is not over.
 *
 * @param now when the run started
 * @throws CarbonError when the instant is more than a day after `now`
 */
export function checkedAsOf(asOf: Date, now: Date): Date {
  if (asOf.getTime() <= now.getTime() + TIME_ZONES_MS) return asOf;
  throw new CarbonError('usage', `as-of ${dayOf(asOf)}: expected a day up to ${dayOf(now)}`);
}
