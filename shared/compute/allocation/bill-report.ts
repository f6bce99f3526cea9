import type { Warning } from '../../base/warning';
import type { DuckSession } from '../../sql/duck-session';
import { columnNames } from '../../sql/text-columns';
import { type BillCoverage, billCoverage, coverageWarnings } from '../../usage/bills/bill-coverage';
import { BILL_FORMATS } from '../../usage/bills/bill-formats';
import { columnWarnings } from '../../usage/bills/bill-problems';
import { zoneNotes } from '../../usage/bills/bill-regions';
import type { BillSums } from '../../usage/bills/bill-sums';
import type { BillUsage } from '../../usage/bills/bill-usage';
import { leftOutLines } from '../../usage/bills/left-out-lines';
import type { PairTable } from '../../usage/service-pairs';

/** The part of a month's report that is about its bills. */
export interface BillReport {
  readonly coverage: BillCoverage;
  readonly warnings: readonly Warning[];
}

/** Returns how a month's bills were read, and which of their lines moved no emissions. */
export async function billReport(
  session: DuckSession,
  { lines, services, regions }: BillUsage,
  sums: BillSums,
  pairs: PairTable,
): Promise<BillReport> {
  const { table, files, settings } = lines.bills;
  const own = files.filter(({ isNeighbour }) => !isNeighbour);
  const columns = own.map((file) => ({ file: file.file, columns: [...columnNames(file)] }));
  const coverage = await billCoverage(session, sums, services, pairs);
  return {
    coverage,
    warnings: [
      ...(await leftOutLines(session, sums, table)),
      ...(await zoneNotes(session, sums, regions)),
      ...columnWarnings(table, columns),
      ...coverageWarnings(coverage, BILL_FORMATS[table].words(settings).cost),
    ],
  };
}
