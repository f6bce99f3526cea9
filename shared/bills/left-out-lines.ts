import type { DuckSession } from '../engine/duck-session';
import { literalPath, numberIn, textIn } from '../engine/duck-session';
import type { EstateSettings } from '../inputs/estate-settings';
import { fileRelation } from '../usage/usage-source';
import type { UsageFile } from '../usage/usage-source';
import type { Month } from '../calendar/month';
import { BILL_FORMATS } from './bill-formats';
import type { BillTable } from './bill-tables';
import { isNear, partInMonth } from './charge-period';

/**
 * Lines of a month's own bills that moved no emissions of it, by the reason, for the report. The tables that the
 * format's SQL refers to must be loaded.
 */
export async function leftOutLines(
  session: DuckSession,
  table: BillTable,
  files: readonly UsageFile[],
  month: Month,
  settings: EstateSettings,
): Promise<string[]> {
  const format = BILL_FORMATS[table];
  const counts = new Map<string, number>();
  const times = ['period_start', 'period_end'] as const;
  for (const file of files) {
    const texts = fileRelation(file, format.textColumns(file, settings), '$1', false);
    const rows = await session.rows(
      `SELECT reason, COUNT(*) AS lines
       FROM (
         SELECT CASE
           WHEN left_out IS NOT NULL THEN left_out || ' are no usage'
           WHEN ${isNear(...times, month)} THEN 'of a month next to it count there'
           ELSE 'are corrections of a month far off and count nowhere'
         END AS reason
         FROM (${format.lines(texts, settings, [])}) l
         WHERE left_out IS NOT NULL OR ${partInMonth(...times, month)} = 0
       ) told
       GROUP BY reason`,
      [literalPath(file.path)],
    );
    for (const row of rows) {
      const reason = textIn(row, 'reason');
      counts.set(reason, (counts.get(reason) ?? 0) + numberIn(row, 'lines'));
    }
  }
  return [...counts].sort().map(([reason, lines]) => `${String(lines)} ${format.name} lines ${reason}`);
}
