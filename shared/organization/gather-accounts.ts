import type { ObjectStore } from '../stores/object-store';
import type { OrganizationSnapshot } from './account';
import { keepSnapshot } from './keep-snapshot';

/** What gathering accounts needs. */
export interface GatherRequest {
  readonly exports: ObjectStore;
  /** The run's as-of instant; the snapshot is that of its month. */
  readonly asOf: Date;
  /** Folder for temporary files. */
  readonly scratch: string;
  /** Reads the organization as it is now. */
  readonly readOrganization: (asOf: string) => Promise<OrganizationSnapshot>;
}

/** Keeps the snapshot of the as-of month, once; what an earlier run of the month kept stays. */
export async function gatherAccounts(request: GatherRequest): Promise<OrganizationSnapshot> {
  const { exports, asOf, scratch } = request;
  return keepSnapshot(exports, asOf, scratch, () => request.readOrganization(asOf.toISOString()));
}
