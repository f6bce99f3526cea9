import { CarbonError } from '../base/carbon-error';
import type { Month } from '../base/month';
import type { ExportMonth } from '../exports/layout';
import type { OrganizationSnapshot } from '../organization/account';
import { type ComputedWork, computedWork } from './allocation/computed-work';
import { type AwsWork, awsWork } from './aws-totals/aws-work';
import type { WorkContext } from './month/month-work';

/** The accounts of a month's organization: the stored snapshots, or one that was read already. */
export interface OrganizationSource {
  /** @throws CarbonError, or the failure of reading the organization, when the month's accounts are unknown */
  required(month: Month): Promise<OrganizationSnapshot>;
  /** Returns undefined when the month's accounts are unknown. */
  optional(month: Month): Promise<OrganizationSnapshot | undefined>;
}

/** Returns an organization that was read already and covers every month; undefined where it is unknown. */
export function knownOrganization(snapshot: OrganizationSnapshot | undefined): OrganizationSource {
  return {
    required: () =>
      snapshot === undefined
        ? Promise.reject(new CarbonError('state', 'the accounts of the organization are unknown'))
        : Promise.resolve(snapshot),
    optional: () => Promise.resolve(snapshot),
  };
}

/**
 * Reads the inputs of a month as far as its fingerprint needs them. Every use of a month begins here. The settings decide whether the totals
 * are computed or AWS's own, which need no organization.
 *
 * @throws InputError with all problems of the inputs read so far
 * @throws MethodError when a month to be computed has an unknown model version
 */
export async function workOf(
  at: ExportMonth,
  context: WorkContext,
  organization: OrganizationSource,
): Promise<ComputedWork | AwsWork> {
  return context.settings.totals === 'aws'
    ? awsWork(at, context, await organization.optional(at.month))
    : computedWork(at, context, await organization.required(at.month));
}
