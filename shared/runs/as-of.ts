import { CarbonError } from '../base/carbon-error';
import { dayOf } from '../base/instant';

/** Days begin up to this much earlier than in UTC, ms. */
const TIME_ZONES_MS = 24 * 3_600_000;

/**
 * Returns the as-of instant of a run, which may not be in the future: a snapshot of the organization would be kept for a
 * month that is not over.
 *
 * @param now when the run started
 * @throws CarbonError when the instant is more than a day after `now`
 */
export function checkedAsOf(asOf: Date, now: Date): Date {
  if (asOf.getTime() <= now.getTime() + TIME_ZONES_MS) return asOf;
  throw new CarbonError('usage', `as-of ${dayOf(asOf)}: expected a day up to ${dayOf(now)}`);
}
