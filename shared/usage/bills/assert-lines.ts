import { InputError, type InputProblem } from '../../base/input-problem';
import { SHOWN } from '../../base/shown';
import { type DuckSession, numberIn } from '../../sql/duck-session';
import type { FoundLine, UsageEngine } from '../lines/usage-engine';
import type { BillLines } from './bill-lines';
import type { BillSums } from './bill-sums';

/** A check of the lines of a month's bills. */
export interface LineCheck {
  /** SQL of `n`, the number of invalid lines; NULL where there are no lines. */
  readonly total: string;
  /** SQL of the invalid lines over the lines with the column `line`; it returns this column too. */
  readonly invalidLines: (lines: string) => string;
  readonly problemOf: (line: FoundLine) => InputProblem;
}

/** @throws InputError naming file and row of invalid lines, where there are some */
export async function assertLines(
  session: DuckSession,
  engine: UsageEngine,
  lines: BillLines,
  { total, invalidLines, problemOf }: LineCheck,
): Promise<void> {
  const [row] = await session.rows(`SELECT CAST(coalesce(n, 0) AS DOUBLE) AS n FROM (${total}) t`);
  const count = numberIn(row, 'n');
  if (count === 0) return;
  const { context, placed } = lines;
  const found = await engine.find(session, lines, {
    overText: (text) => invalidLines(placed(text, ['line'])),
    context,
    most: SHOWN.lines,
  });
  throw new InputError(found.map(problemOf), Math.max(0, count - found.length));
}

/** SQL of the number of lines in sums of bills for which a condition is true. */
export function linesWhere({ table }: BillSums, condition: string): string {
  return `SELECT SUM(lines) AS n FROM ${table} WHERE ${condition}`;
}
