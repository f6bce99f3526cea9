import type { Warning } from '../../base/warning';
import { textLiteral } from '../../sql/dialect';
import { type DuckSession, numberIn, textIn } from '../../sql/duck-session';
import { BILL_FORMATS } from './bill-formats';
import { isIn } from './bill-lines';
import type { BillSums } from './bill-sums';
import type { BillTable } from './bill-tables';

/** Returns the number of lines of a month's own bills that moved no emissions of the month, by the reason. */
export async function leftOutLines(
  session: DuckSession,
  sums: BillSums,
  table: BillTable,
): Promise<Warning[]> {
  const rows = await session.rows(
    `SELECT reason, CAST(SUM(lines) AS DOUBLE) AS lines
     FROM (
       SELECT lines, CASE place
         WHEN 'left out' THEN left_out || ' are not usage'
         WHEN 'near' THEN 'of a month next to it count there'
         ELSE ${textLiteral("are more than one month away from the bill's month and count nowhere")}
       END AS reason
       FROM ${sums.table}
       WHERE ${isIn('left out', 'near', 'far')} AND is_neighbour = 'no'
     ) counted
     GROUP BY reason
     ORDER BY reason`,
  );
  return rows.map((row) => {
    const count = numberIn(row, 'lines');
    const message = `${String(count)} ${BILL_FORMATS[table].name} lines ${textIn(row, 'reason')}`;
    return { severity: 'for-the-record', code: 'lines-left-out', count, message };
  });
}
