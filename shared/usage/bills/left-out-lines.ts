import { type DuckSession, numberIn, textIn } from '../../sql/duck-session';
import { BILL_FORMATS } from './bill-formats';
import { BILL_SUMS } from './bill-sums';
import type { BillTable } from './bill-tables';

/**
 * Lines of a month's own bills that moved no emissions of it, by the reason, for the report. The month's sums must be
 * loaded.
 */
export async function leftOutLines(session: DuckSession, table: BillTable): Promise<string[]> {
  const rows = await session.rows(
    `SELECT reason, CAST(SUM(lines) AS DOUBLE) AS lines
     FROM (
       SELECT lines, CASE place
         WHEN 'left out' THEN left_out || ' are no usage'
         WHEN 'near' THEN 'of a month next to it count there'
         ELSE 'are corrections of a month far off and count nowhere'
       END AS reason
       FROM ${BILL_SUMS}
       WHERE place IN ('left out', 'near', 'far') AND is_neighbour = 'no'
     ) told
     GROUP BY reason
     ORDER BY reason`,
  );
  return rows.map(
    (row) => `${String(numberIn(row, 'lines'))} ${BILL_FORMATS[table].name} lines ${textIn(row, 'reason')}`,
  );
}
