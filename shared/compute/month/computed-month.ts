import type { AccountId } from '../../base/account-id';
import { InputError, replacedFile } from '../../base/input-problem';
import type { Warning } from '../../base/warning';
import { sha256Of } from '../../estate/file-content';
import type { AwsTotals } from '../../exports/aws-totals';
import type { FileTotals } from '../../exports/read-data-file';
import type { Ledger } from '../../method/ledger';
import type { BillCoverage } from '../../usage/bills/bill-coverage';
import type { UsageFiles } from '../../usage/usage-files';

/** Accounts that are in the usage and in no snapshot of the organization. */
export interface UnknownAccounts {
  readonly count: number;
  /** The first hundred ids. */
  readonly accountIds: readonly AccountId[];
}

/** A month's computed file, and what its manifest says about it. */
export interface ComputedMonth {
  readonly file: WrittenFile;
  readonly totals: FileTotals;
  readonly ledger: Ledger;
  /** cluster_ids whose Scope 1 is estimated. */
  readonly estimatedClusters: readonly string[];
  readonly usageLines: number;
  /** How the lines of the month's bills were counted; absent where its usage is not from bills. */
  readonly billCoverage?: BillCoverage;
  readonly unknownAccounts: UnknownAccounts;
  /** Where the totals are AWS's: their ledger. */
  readonly awsTotals?: AwsTotals;
  /** As a part of the emissions. @default - that of `ledger` */
  readonly largestResidual?: number;
  readonly warnings: readonly Warning[];
}

/** A data file in the session's scratch folder. */
export interface WrittenFile {
  readonly path: string;
  readonly sha256: string;
  /** Its last_refresh_timestamp. */
  readonly asOf: Date;
}

/** The published file of a month: its hash, and the last_refresh_timestamp of its rows. */
export interface PublishedFile {
  readonly sha256: string;
  readonly asOf: Date;
}

/**
 * Writes the rows with the refresh timestamp of the published file, and keeps the new file if it equals the published one.
 * Otherwise it writes them as refreshed now. So an input that changes no number, such as rows in another order, restates
 * nothing.
 *
 * @param writeRows writes the rows with a refresh timestamp and returns the path of the file
 */
export async function writeRefreshed(
  asOf: Date,
  published: PublishedFile | undefined,
  writeRows: (asOf: Date) => Promise<string>,
): Promise<WrittenFile> {
  const write = async (refreshed: Date): Promise<WrittenFile> => {
    const path = await writeRows(refreshed);
    return { path, sha256: await sha256Of(path), asOf: refreshed };
  };
  const asPublished = published === undefined ? undefined : await write(published.asOf);
  return asPublished?.sha256 === published?.sha256 && asPublished !== undefined ? asPublished : write(asOf);
}

/**
 * Checks that no usage file changed between the scan for the fingerprint and the reading.
 *
 * @throws InputError when a file was replaced since
 */
export async function assertFilesUnchanged({ table, files }: UsageFiles): Promise<void> {
  for (const { file, copy } of files) {
    if (!(await copy.isCurrent())) throw new InputError([replacedFile(table, file)]);
  }
}
