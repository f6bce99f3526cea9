import { CarbonError } from '../base/carbon-error';

/** Days begin up to this much earlier than in UTC, ms. */
const TIME_ZONES_MS = 24 * 3_600_000;

/**
 * Returns the as-of instant of a run, which may not be in the future: the organization's snapshot of a month to come would
 * stay for that month.
 *
 * @param now when the run started
 * @throws CarbonError when the instant is more than a day after `now`
 */
export function checkedAsOf(asOf: Date, now: Date): Date {
  if (asOf.getTime() <= now.getTime() + TIME_ZONES_MS) return asOf;
  const latest = now.toISOString().slice(0, 10);
  throw new CarbonError('usage', `as-of ${asOf.toISOString().slice(0, 10)}: expected a day up to ${latest}`);
}
