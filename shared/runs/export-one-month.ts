import { withSession } from '../engine/duck-session';
import { findModelVersion } from '../method/model-version';
import { MethodError } from '../method/method-error';
import { MonthExporter } from './month-exporter';
import type { ListingRequest } from './month-listing';
import type { MonthOutcome } from './month-outcome';
import { assertMonthFits, monthSizeOf } from './month-size';
import type { Capacity, MonthSize } from './month-size';

/** What a function exports a month with. */
export interface OneMonthRequest extends ListingRequest {
  readonly asOf: Date;
  readonly scratch: string;
  readonly capacity: Capacity;
}

/**
 * Exports one month in a process of its own. Unlike a run of many months, it throws what the month failed with, after
 * recording it, because whoever called decides whether to try again.
 *
 * @param onFit told before anything is read what the month is expected to take
 * @throws MonthTooLargeError when that is more than there is
 */
export async function exportOneMonth(
  request: OneMonthRequest,
  at: { readonly month: string; readonly modelVersion: string },
  onFit: (size: MonthSize) => void,
): Promise<MonthOutcome> {
  const version = findModelVersion(at.modelVersion);
  const { capacity, scratch, settings } = request;
  if (version === undefined && settings.totals !== 'aws') {
    throw new MethodError(`no model version ${at.modelVersion}`);
  }
  const limits = {
    memoryLimit: `${String(Math.floor(capacity.memoryBytes / 2 ** 20))}MiB`,
    scratchParent: scratch,
  };
  const failures: unknown[] = [];
  const exporting = { ...request, limits, onError: (error: unknown) => failures.push(error) };
  const outcome = await withSession(limits, async (session) => {
    const exporter = await MonthExporter.open(exporting, session);
    const size = monthSizeOf(exporter.listing.objectsOf(at.month));
    assertMonthFits(at.month, size, capacity);
    onFit(size);
    // AWS's totals have versions of their own.
    return exporter.exportMonth(settings.totals === 'aws' || version === undefined ? at : { ...at, version });
  });
  if (failures.length > 0) throw failures[0];
  return outcome;
}
