import { z } from 'zod';
import { CarbonError } from '../base/carbon-error';
import { errorMessage } from '../base/error-info';
import type { Month } from '../base/month';
import type { ObjectStore } from '../stores/object-store';
import { ACCOUNT_STATES, type OrganizationSnapshot } from './account';

const snapshotRecord = z.object({
  asOf: z.string(),
  payerAccountId: z.string(),
  accounts: z.array(
    z.object({
      accountId: z.string(),
      accountName: z.string(),
      state: z.enum(ACCOUNT_STATES),
      ouPath: z.string(),
      tags: z.record(z.string(), z.string()),
      joined: z.string(),
      left: z.boolean(),
      payerAccountId: z.string().exactOptional(),
    }),
  ),
});

/** The record of a snapshot, which later runs read. */
export function snapshotKey(month: Month): string {
  return `organization/usage_period=${month}/snapshot.json`;
}

/** Months that have a snapshot, oldest first. */
export async function snapshotMonths(store: ObjectStore): Promise<Month[]> {
  const objects = await store.list('organization/usage_period=');
  return objects.flatMap(
    ({ key }) => /^organization\/usage_period=([\d-]+)\/snapshot\.json$/.exec(key)?.[1] ?? [],
  );
}

/**
 * Reads the snapshot of a month, or undefined when there is none.
 *
 * @throws SnapshotError when it is damaged
 */
export async function readSnapshot(
  store: ObjectStore,
  month: Month,
): Promise<OrganizationSnapshot | undefined> {
  const content = await store.get(snapshotKey(month));
  if (content === undefined) return undefined;
  try {
    return snapshotRecord.parse(JSON.parse(content.body.toString('utf8')));
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof z.ZodError)) throw error;
    const [reason = ''] = errorMessage(error).split('\n');
    throw new SnapshotError(
      `${store.describe(snapshotKey(month))} is no snapshot of an organization (${reason}): put back the one that was there`,
      { cause: error },
    );
  }
}

/** A snapshot is damaged: months cannot know whose they are. */
export class SnapshotError extends CarbonError {
  constructor(message: string, options?: ErrorOptions) {
    super('state', message, options);
  }
}

/**
 * The snapshot that tells about a month: the newest that is not after the month's end, else the first there is.
 * Once a month is closed this answer never changes, because snapshots are immutable and none is dated back.
 */
export function snapshotMonthFor(month: Month, months: readonly Month[]): Month | undefined {
  return months.findLast((candidate) => candidate <= month) ?? months[0];
}
