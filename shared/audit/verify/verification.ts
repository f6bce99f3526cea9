import type { ModelVersionId } from '../../base/model-version-id';

/** The result of one published month. */
export interface VerifiedMonth {
  readonly month: string;
  readonly modelVersion: ModelVersionId;
  /** Id of the execution that published it. */
  readonly executionId: string;
  readonly rows: number;
  readonly accounts: number;
  /** Published values that were compared with exact ones. */
  readonly values: number;
  /** Usage lines that were summed. */
  readonly usageLines: number;
  /** Largest difference of a value from the exact one, relative. */
  readonly largestDifference: number;
  /** Largest difference of a ledger entry from the exact one, as a part of the emissions. */
  readonly largestLedgerDifference: number;
  /** Why values could not be compared; absent where all of them were. */
  readonly notRecomputed?: string;
  /** Facts that the comparison takes from the run's own reading, as documented. */
  readonly exceptions: readonly string[];
  /** The first thousand differences. */
  readonly differences: readonly string[];
  readonly differenceCount: number;
}

/** An export, the program that verified it, and the result. */
export interface Verification {
  /** Name and version of the program. */
  readonly program: string;
  readonly calculationRevision: number;
  readonly exportName: string;
  readonly months: readonly VerifiedMonth[];
  /** Differences that belong to no published month. */
  readonly problems: readonly string[];
}

/** True when nothing differs and everything was recomputed. */
export function isVerified({ months, problems }: Verification): boolean {
  const isEqual = months.every((month) => month.differenceCount === 0 && month.notRecomputed === undefined);
  return isEqual && problems.length === 0 && months.length > 0;
}
