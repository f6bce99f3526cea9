import { defined } from '../../base/defined';
import type { DuckSession } from '../../sql/duck-session';
import type { UsageEngine } from '../lines/usage-engine';
import { assertLines, linesWhere } from './assert-lines';
import { BILL_FORMATS } from './bill-formats';
import { type BillLines, isIn } from './bill-lines';
import type { BillSums } from './bill-sums';

/** Lines that count and have no currency, neither in the line nor for their file. */
const BLANK = `${isIn('here')} AND currency IS NULL`;

/**
 * Checks the lines of a month whose bills have several currencies.
 *
 * @throws InputError naming the lines that count without a currency, where their file has no single one
 */
export async function assertCurrencies(
  session: DuckSession,
  engine: UsageEngine,
  lines: BillLines,
  sums: BillSums,
): Promise<void> {
  const { table, settings } = lines.bills;
  const column = BILL_FORMATS[table].words(settings).currency;
  const expected = 'a currency, since the bill has several';
  await assertLines(session, engine, lines, {
    total: linesWhere(sums, BLANK),
    invalidLines: (placed) => `SELECT line FROM (${placed}) l WHERE ${BLANK}`,
    problemOf: ({ file, row }) => ({ table, file, column, value: '', expected, ...defined({ row }) }),
  });
}
