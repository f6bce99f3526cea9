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

/** A month's computed file and everything that is told about it. */
export interface ComputedMonth {
  readonly file: WrittenFile;
  readonly totals: FileTotals;
  readonly ledger: Ledger;
  /** cluster_ids whose Scope 1 is estimated. */
  readonly estimatedClusters: readonly string[];
  readonly usageLines: number;
  /** How the month's bills were taken; absent where its usage is not from bills. */
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

/** What is published of a month: its file's hash, and the last_refresh_timestamp that its rows have. */
export interface PublishedFile {
  readonly sha256: string;
  readonly asOf: Date;
}

/**
 * Writes the rows with the refresh timestamp they are published with and keeps that file if it is the published one;
 * else writes them as refreshed now. So an input that changes without moving a number, such as rows in another order,
 * rewrites no history.
 *
 * @param writeRows writes the rows with a refresh timestamp and gives the path of the file
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
 * The usage was scanned for its fingerprint and then read again: both must have seen the same content.
 *
 * @throws InputError when a file was replaced since
 */
export async function assertFilesUnchanged({ table, files }: UsageFiles): Promise<void> {
  for (const { file, copy } of files) {
    if (!(await copy.isCurrent())) throw new InputError([replacedFile(table, file)]);
  }
}
