import type { OrganizationsClient } from '@aws-sdk/client-organizations';
import { CarbonError } from '../base/carbon-error';
import { errorMessage, errorName } from '../base/error-info';
import type { OrganizationSnapshot } from './account';
import { mergeOrganizations } from './merge-organizations';
import { type OrganizationReading, readOrganization } from './organizations-api';

/** An organization to read. */
export interface OrganizationSource {
  readonly client: OrganizationsClient;
  /** Its name in messages. */
  readonly name: string;
}

/**
 * Reads several organizations as one, one after the other: Organizations throttles early. If one of them cannot be read,
 * the others do not count, because a snapshot stays for its month.
 *
 * @param first the organization whose management account is the payer of accounts that no organization lists
 * @throws CarbonError that names the first organization that could not be read
 * @throws InputError when an account is a member of two
 */
export async function readOrganizations(
  [first, ...others]: readonly [OrganizationSource, ...OrganizationSource[]],
  reading: Omit<OrganizationReading, 'client'>,
): Promise<OrganizationSnapshot> {
  if (others.length === 0) return readOrganization({ ...reading, client: first.client });
  const main = await readNamed(first, reading);
  const snapshots: OrganizationSnapshot[] = [];
  for (const source of others) snapshots.push(await readNamed(source, reading));
  return mergeOrganizations(main, snapshots);
}

async function readNamed(
  { client, name }: OrganizationSource,
  { warn, ...reading }: Omit<OrganizationReading, 'client'>,
): Promise<OrganizationSnapshot> {
  const named = { ...reading, client, warn: (message: string) => warn(`${name}: ${message}`) };
  try {
    return await readOrganization(named);
  } catch (error) {
    // Errors of Organizations do not name the organization. Whether a retry may help is decided by the cause.
    const reason =
      error instanceof CarbonError ? error.message : `${errorName(error)}: ${errorMessage(error)}`;
    throw new CarbonError('state', `${name}: ${reason}`, { cause: error });
  }
}
