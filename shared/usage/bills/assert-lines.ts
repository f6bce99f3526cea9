import { InputError, type InputProblem } from '../../base/input-problem';
import { SHOWN } from '../../base/shown';
import { type DuckSession, numberIn } from '../../sql/duck-session';
import type { FoundLine, UsageEngine } from '../lines/usage-engine';
import type { BillLines } from './bill-lines';
import type { BillSums } from './bill-sums';

/** A check of the lines of a month's bills. */
export interface LineCheck {
  readonly sums: BillSums;
  /** SQL over the sums that is true for invalid lines. */
  readonly isInvalid: string;
  /** SQL of the invalid lines over the lines with the column `line`; it returns this column too. */
  readonly invalidLines: (lines: string) => string;
  readonly problemOf: (line: FoundLine) => InputProblem;
}

/** @throws InputError naming file and row of invalid lines, where there are some */
export async function assertLines(
  session: DuckSession,
  engine: UsageEngine,
  lines: BillLines,
  { sums, isInvalid, invalidLines, problemOf }: LineCheck,
): Promise<void> {
  const [total] = await session.rows(
    `SELECT CAST(coalesce(SUM(lines), 0) AS DOUBLE) AS n FROM ${sums.table} WHERE ${isInvalid}`,
  );
  const count = numberIn(total, 'n');
  if (count === 0) return;
  const { context, placed } = lines;
  const found = await engine.find(session, lines, {
    overText: (text) => invalidLines(placed(text, ['line'])),
    context,
    most: SHOWN.lines,
  });
  throw new InputError(found.map(problemOf), Math.max(0, count - found.length));
}
