import { defined } from '../../base/defined';
import { InputError } from '../../base/input-problem';
import { SHOWN } from '../../base/shown';
import { type DuckSession, numberIn } from '../../sql/duck-session';
import type { UsageEngine } from '../lines/usage-engine';
import { BILL_FORMATS } from './bill-formats';
import { type BillLines, isIn } from './bill-lines';
import type { BillSums } from './bill-sums';

/** Lines that count and have no currency, neither of their own nor of their file. */
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
  const { bills, context, placed } = lines;
  const [total] = await session.rows(
    `SELECT CAST(coalesce(SUM(lines), 0) AS DOUBLE) AS n FROM ${sums.table} WHERE ${BLANK}`,
  );
  const count = numberIn(total, 'n');
  if (count === 0) return;
  const found = await engine.find(session, lines, {
    overText: (text) => `SELECT line FROM (${placed(text, ['line'])}) l WHERE ${BLANK}`,
    context,
    most: SHOWN.lines,
  });
  const { table, settings } = bills;
  const column = BILL_FORMATS[table].words(settings).currency;
  const expected = 'a currency, since the bill has several';
  throw new InputError(
    found.map(({ file, row }) => ({ table, file, column, value: '', expected, ...defined({ row }) })),
    Math.max(0, count - found.length),
  );
}
