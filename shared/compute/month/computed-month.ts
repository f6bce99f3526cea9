import type { AccountId } from '../../base/account-id';
import { copyFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { InputError, replacedFile } from '../../base/input-problem';
import type { Warning } from '../../base/warning';
import { sha256Of } from '../../estate/file-content';
import type { AwsTotals } from '../../exports/aws-totals';
import type { FileTotals } from '../../exports/read-data-file';
import { haveSameRows } from '../../exports/compare-data-files';
import type { Category } from '../../method/categories';
import type { Ledger } from '../../method/ledger';
import type { Scope3Report } from '../../method/scope-3-report';
import type { DuckSession } from '../../sql/duck-session';
import type { LocalCopy } from '../../stores/object-store';
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
  /** Categories that the month counts: those of its manifest. */
  readonly categories: readonly Category[];
  /** Where the month has Scope 3 and its rows are not broken down: the file with its parts, and facts about its inputs. */
  readonly companion?: WrittenFile;
  readonly scope3?: Scope3Report;
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
  /** Returns a local copy; undefined where the file is lost. */
  readonly localCopy: () => Promise<LocalCopy | undefined>;
}

/**
 * Writes the rows with the refresh timestamp they are published with and keeps the published file where it has those rows;
 * else writes them as refreshed now. So an input that changes without moving a number, such as rows in another order, or a
 * release that encodes files in another way, rewrites no history.
 *
 * @param writeRows writes the rows with a refresh timestamp and returns the path of the file
 */
export async function writeRefreshed(
  session: DuckSession,
  asOf: Date,
  published: PublishedFile | undefined,
  writeRows: (asOf: Date) => Promise<string>,
): Promise<WrittenFile> {
  const write = async (refreshed: Date): Promise<WrittenFile> => {
    const path = await writeRows(refreshed);
    return { path, sha256: await sha256Of(path), asOf: refreshed };
  };
  if (published === undefined) return write(asOf);
  const asPublished = await write(published.asOf);
  if (asPublished.sha256 === published.sha256) return asPublished;
  return (await keptFile(session, published, asPublished)) ?? write(asOf);
}

/** The published file, where it has the same rows; undefined where it has others or is lost. */
async function keptFile(
  session: DuckSession,
  { sha256, asOf, localCopy }: PublishedFile,
  { path }: WrittenFile,
): Promise<WrittenFile | undefined> {
  const copy = await localCopy();
  if (copy === undefined) return undefined;
  try {
    const kept = join(session.scratch, `published${extname(path)}`);
    await copyFile(copy.path, kept);
    return (await haveSameRows(session, { before: kept, after: path }))
      ? { path: kept, sha256, asOf }
      : undefined;
  } finally {
    await copy.release();
  }
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
