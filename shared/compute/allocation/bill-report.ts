import type { DuckSession } from '../../sql/duck-session';
import { columnNames } from '../../sql/text-columns';
import { type BillCoverage, billCoverage, coverageWarnings } from '../../usage/bills/bill-coverage';
import { BILL_FORMATS } from '../../usage/bills/bill-formats';
import { columnWarnings } from '../../usage/bills/bill-problems';
import { isBillTable } from '../../usage/bills/bill-tables';
import { leftOutLines } from '../../usage/bills/left-out-lines';
import type { LoadedMonth } from './month-inputs';

/** What is told of a month's bills. */
export interface BillReport {
  /** Absent where the month's usage is not from bills. */
  readonly coverage?: BillCoverage;
  readonly warnings: readonly string[];
}

/** Tells how a month's bills were taken, and what of them moved nothing. The month's sums must be loaded. */
export async function billReport(
  session: DuckSession,
  { usage, settings }: LoadedMonth,
): Promise<BillReport> {
  const { table, files } = usage;
  if (!isBillTable(table)) return { warnings: [] };
  const own = files.filter(({ isNeighbour }) => !isNeighbour);
  const columns = own.map((file) => ({ file: file.file, columns: [...columnNames(file)] }));
  const coverage = await billCoverage(session);
  return {
    coverage,
    warnings: [
      ...(await leftOutLines(session, table)),
      ...columnWarnings(table, columns),
      ...coverageWarnings(coverage, BILL_FORMATS[table].words(settings).cost),
    ],
  };
}
