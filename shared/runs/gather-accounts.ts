import { tmpdir } from 'node:os';
import { defined } from '../base/defined';
import { monthOfInstant } from '../base/month';
import { makeScratch, removeScratch } from '../base/stopping';
import type { ComparedOrganization } from '../exports/month-states';
import type { OrganizationSnapshot } from '../organization/account';
import { accountsTableKey, listedAccountsTables } from '../organization/accounts-table';
import { keepSnapshot } from '../organization/keep-snapshot';
import { accountsWriter } from '../organization/large-accounts-table';
import { listedAccountsFiles } from '../organization/list-accounts-file';
import {
  differenceInWords,
  type SnapshotDifference,
  snapshotDifference,
} from '../organization/refresh-snapshot';
import { listedSnapshots, type StoredSnapshot } from '../organization/snapshots';
import type { GatheredSnapshot } from '../organization/stored-snapshots';
import type { DuckLimits } from '../sql/duck-instance';
import { type InputStore, listingDigest, type ObjectStore, type StoredObject } from '../stores/object-store';

/** What keeping a snapshot of the accounts in a run needs. */
export interface AccountsRequest {
  readonly inputs: InputStore;
  readonly exports: ObjectStore;
  /** The run's as-of instant. */
  readonly asOf: Date;
  readonly limits: DuckLimits;
  /** Reads the present organization. @default - none is read: AWS's totals can be split without it */
  readonly readOrganization?: (asOf: string) => Promise<OrganizationSnapshot>;
}

/** What reading the organization led to. Earlier snapshots may still cover the months where it failed. */
export interface GatheredAccounts extends GatheredSnapshot {
  readonly notes: readonly string[];
  /** What the next run need not compare again. */
  readonly compared?: ComparedOrganization;
}

/**
 * Keeps a snapshot of the accounts for the as-of month and compares it with the listed accounts. Nothing is read where
 * these files and the snapshots are those of the last comparison.
 */
export async function gatherAccounts(
  request: AccountsRequest,
  before: ComparedOrganization | undefined,
): Promise<GatheredAccounts> {
  const { readOrganization, ...rest } = request;
  if (readOrganization === undefined) return { notes: [] };
  const files = await listedAccountsFiles(request.inputs);
  const present = await organizationListing(request, files);
  if (before !== undefined && before.listing === present) {
    return { notes: notesOf(before.note), compared: before };
  }
  try {
    const { kept, note } = await keptAndCompared({ ...rest, readOrganization });
    const listing = await organizationListing(request, files);
    const compared = listing === undefined ? undefined : { listing, ...defined({ note }) };
    return { kept, notes: notesOf(note), ...defined({ compared }) };
  } catch (failure) {
    return { failure, notes: [] };
  }
}

function notesOf(note: string | undefined): string[] {
  return note === undefined ? [] : [note];
}

/** Returns a digest of the files with accounts and of the snapshots; undefined where one of them was written just now. */
async function organizationListing(
  { exports, asOf }: AccountsRequest,
  files: readonly StoredObject[],
): Promise<string | undefined> {
  if (files.length === 0) return undefined;
  const month = monthOfInstant(asOf);
  const all = await listedAccountsTables(exports);
  const tables = all.filter(({ key }) => key === accountsTableKey(month));
  const snapshots = await listedSnapshots(exports);
  return listingDigest([...files, ...snapshots.values(), ...tables], [month]);
}

/** Returns the snapshot that counts, and how the listed accounts differ from it; no note where they agree. */
async function keptAndCompared(
  request: AccountsRequest & Required<Pick<AccountsRequest, 'readOrganization'>>,
): Promise<{ readonly kept: StoredSnapshot; readonly note?: string }> {
  const { readOrganization, asOf, limits } = request;
  const scratch = await makeScratch(limits.scratchParent ?? tmpdir());
  try {
    let listed: OrganizationSnapshot | undefined;
    const readOnce = async (instant: string): Promise<OrganizationSnapshot> =>
      (listed ??= await readOrganization(instant));
    const writeAccounts = accountsWriter(limits);
    const kept = await keepSnapshot({ ...request, readOrganization: readOnce, scratch, writeAccounts });
    if (kept.isNew) return { kept };
    const difference = snapshotDifference(await readOnce(asOf.toISOString()), kept.snapshot);
    return { kept, ...defined({ note: difference && differenceNote(kept.snapshot, difference) }) };
  } finally {
    await removeScratch(scratch);
  }
}

function differenceNote({ asOf }: OrganizationSnapshot, difference: SnapshotDifference): string {
  const month = monthOfInstant(new Date(asOf));
  return `accounts.json differs from the snapshot of ${month}, which counts: ${differenceInWords(difference)}. To replace the snapshot: carbon-exports accounts refresh --month ${month}`;
}
