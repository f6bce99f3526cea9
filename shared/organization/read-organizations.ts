import type { OrganizationsClient } from '@aws-sdk/client-organizations';
import { CarbonError } from '../base/carbon-error';
import { errorMessage, errorName } from '../base/error-info';
import type { OrganizationSnapshot } from './account';
import { mergeOrganizations } from './merge-organizations';
import { type OrganizationReading, readOrganization } from './organizations-api';

/** An organization to read. */
export interface OrganizationSource {
  readonly client: OrganizationsClient;
  /** What tells it from the others in messages. */
  readonly name: string;
}

/** One of several organizations could not be read. */
export class OrganizationReadError extends CarbonError {
  constructor(message: string, options?: ErrorOptions) {
    super('state', message, options);
  }
}

/**
 * Reads several organizations as one, one after the other: Organizations throttles early. All of them are read, or none
 * counts, because a snapshot stays for its month.
 *
 * @param first the organization whose management account pays where nothing else is known
 * @throws OrganizationReadError that names the first organization that could not be read
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

/** What Organizations says of an error tells no organization. */
async function readNamed(
  { client, name }: OrganizationSource,
  { warn, ...reading }: Omit<OrganizationReading, 'client'>,
): Promise<OrganizationSnapshot> {
  try {
    return await readOrganization({
      ...reading,
      client,
      warn: (message) => {
        warn(`${name}: ${message}`);
      },
    });
  } catch (error) {
    // Whether it can pass is told by the cause.
    throw new OrganizationReadError(`${name}: ${errorName(error)}: ${errorMessage(error)}`, { cause: error });
  }
}
